//! Lists of coins in other orders than the rank of now, and small tables.

use serde_json::Value;

use crate::core::Core;
use crate::testing::{self, Got, SHARED, check_refused, get, get_from};
use crate::time;

const PAST: &str = "/v1/cryptocurrency/listings/historical";

fn numbers(got: &Got, name: &str) -> Vec<f64> {
    let rows = got.data().as_array().unwrap();
    rows.iter().map(|row| row["quote"]["USD"][name].as_f64().unwrap()).collect()
}

#[test]
fn a_past_day_is_the_market_at_its_end() {
    // Would break: the agreement of daily lists with quotes.
    let got = get(&format!("{PAST}?date=2026-09-20T17:00Z&limit=3&convert=EUR"));
    let core = Core::new(&testing::generous(1));
    core.clock.set(time::parse_iso("2026-09-20T23:59:30Z").unwrap());
    let then = get_from(&core, "/v2/cryptocurrency/quotes/latest?id=1&convert=EUR", Some("k"));
    assert_eq!(got.column("cmc_rank"), ["1", "2", "3"]);
    let (quote, expected) = (&got.data()[0]["quote"]["EUR"], &then.data()["1"]["quote"]["EUR"]);
    for name in ["price", "market_cap", "volume_24h", "percent_change_7d", "last_updated"] {
        assert_eq!(quote[name], expected[name], "{name}");
    }
    assert!(quote.get("tvl").is_none() && quote.get("percent_change_30d").is_none());
    assert!(got.json["status"].get("total_count").is_none());
}

#[test]
fn the_past_lists_only_who_had_joined() {
    // Would break: time travellers in old lists.
    let got = get(&format!("{PAST}?date=2016-01-01&limit=5000&aux=date_added,cmc_rank"));
    let rows = got.data().as_array().unwrap();
    assert!(rows.iter().all(|row| row["date_added"].as_str().unwrap() < "2016-01-02"));
    assert_eq!(rows.last().unwrap()["cmc_rank"], rows.len());
    assert!(rows[0].get("tags").is_none());
    let dear = get(&format!("{PAST}?date=2026-09-20&sort=price&limit=50"));
    assert!(numbers(&dear, "price").is_sorted_by(|a, b| a >= b));
    for empty in ["2026-10-05", "2027-01-01", "2013-04-27"] {
        let got = get(&format!("{PAST}?date={empty}"));
        assert_eq!((got.data().to_string(), got.credits()), ("[]".into(), 1), "{empty}");
    }
    check_refused(PAST, "\"date\" is required");
    let basic = get_from(&SHARED, &format!("{PAST}?date=2025-10-04"), Some("b"));
    assert_eq!(basic.message(), "Your plan is limited to 12 months of historical data");
}

#[test]
fn trends_change_in_their_own_time() {
    // Would break: caches that rely on ten minutes and on a day.
    let core = Core::new(&testing::generous(1));
    let order = |when: &str, name: &str| {
        core.clock.set(time::parse_iso(when).unwrap());
        let target = format!("/v1/cryptocurrency/trending/{name}?limit=20");
        get_from(&core, &target, Some("k")).column("id")
    };
    let (early, late) = ("2026-10-05T09:10:00Z", "2026-10-05T09:19:59Z");
    assert_eq!(order(early, "latest"), order(late, "latest"));
    assert_ne!(order(early, "latest"), order("2026-10-05T09:20:00Z", "latest"));
    assert_eq!(order("2026-10-05T00:00Z", "most-visited"), order(late, "most-visited"));
    assert_ne!(order("2026-10-06T00:00Z", "most-visited"), order(late, "most-visited"));
}

#[test]
fn movers_and_newcomers_are_sorted_by_what_they_say() {
    // Would break: the two lists people look at first.
    let path = "/v1/cryptocurrency/trending/gainers-losers";
    let up = get(&format!("{path}?time_period=7d&limit=300"));
    assert!(numbers(&up, "percent_change_7d").is_sorted_by(|a, b| a >= b));
    assert_eq!(up.credits(), 2);
    let down = get(&format!("{path}?sort_dir=asc&limit=50"));
    assert!(numbers(&down, "percent_change_24h").is_sorted());
    assert_eq!(get(&format!("{path}?start=1001")).data().to_string(), "[]");
    let new = get("/v1/cryptocurrency/listings/new?limit=50");
    let added = new.column("date_added");
    assert!(added.is_sorted_by(|a, b| a >= b), "{added:?}");
    assert_eq!((&new.data()[0]["is_active"], &new.data()[0]["is_fiat"]), (&1.into(), &0.into()));
    assert!(up.data()[0].get("is_active").is_none());
}

#[test]
fn categories_hold_the_coins_of_their_tag() {
    // Would break: the bare object, its null sums and the odd price.
    let all = get("/v1/cryptocurrency/categories");
    assert_eq!(all.credits(), 2);
    let of_bitcoin = get("/v1/cryptocurrency/categories?slug=bitcoin");
    let names = of_bitcoin.column("name");
    assert!(names.contains(&"\"Mineable\"".to_owned()) && names.len() < all.column("name").len());
    let id = of_bitcoin.data()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 24);
    let one = get(&format!("/v1/cryptocurrency/category?id={id}&convert=EUR&limit=2"));
    assert_eq!(one.keys(&["data"])[..4], ["id", "name", "title", "description"]);
    assert_eq!(one.data()["num_tokens"], of_bitcoin.data()[0]["num_tokens"]);
    assert_eq!(one.data()["coins"][0]["id"], 1);
    assert_eq!(one.keys(&["data"]).last().unwrap(), "coins");
    assert!(one.data()["coins"][0]["quote"]["EUR"]["price"].is_number());
    check_refused("/v1/cryptocurrency/category?id=0a", "Invalid value for \"id\": \"0a\"");
    check_refused("/v1/cryptocurrency/category", "\"id\" is required");
}

#[test]
fn airdrops_are_listed_by_status_and_found_by_id() {
    // Would break: the prize that is a text.
    for status in ["ONGOING", "UPCOMING", "ENDED"] {
        let got = get(&format!("/v1/cryptocurrency/airdrops?status={status}&limit=3"));
        let rows = got.data().as_array().unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|row| row["status"] == status), "{status}");
        assert!(rows[0]["total_prize"].is_string() && rows[0]["winner_count"].is_number());
        let id = rows[0]["id"].as_str().unwrap();
        assert_eq!(get(&format!("/v1/cryptocurrency/airdrop?id={id}")).data(), &rows[0]);
    }
    check_refused("/v1/cryptocurrency/airdrop?id=zz", "Invalid value for \"id\": \"zz\"");
}

#[test]
fn multipliers_and_scores_are_told_of_those_who_have_them() {
    // Would break: two deprecated operations.
    let theirs = get("/v2/dex/multiplier?limit=1").data()["items"][0].clone();
    let address = theirs["token_address"].as_str().unwrap();
    let got = get(&format!("/v1/cryptocurrency/multiplier?token_address={address}"));
    let mine = &got.data()["items"][0];
    for name in ["multiplier", "effective_at", "token_address", "platform_id"] {
        assert_eq!(mine[name], theirs[name], "{name}");
    }
    assert_eq!((&got.data()["total_size"], &got.data()["has_more"]), (&1.into(), &false.into()));
    let none = get("/v1/cryptocurrency/multiplier?crypto_id=1");
    assert_eq!(none.data()["items"].to_string(), "[]");
    let unknown = "/v1/cryptocurrency/multiplier?crypto_id=99999999";
    check_refused(unknown, "Invalid value for \"crypto_id\": \"99999999\"");
    let path = "/v1/partners/flipside-crypto/fcas";
    let listed = get(&format!("{path}/listings/latest?limit=200&aux=point_change_24h"));
    assert_eq!((listed.data().as_array().unwrap().len(), listed.credits()), (100, 1));
    assert!(listed.data()[0].get("percent_change_24h").is_none());
    let quoted = get(&format!("{path}/quotes/latest?symbol=btc&aux=point_change_24h"));
    let bitcoin = listed.data().as_array().unwrap().iter().find(|row| row["id"] == 1);
    assert_eq!(Some(&quoted.data()["BTC"]), bitcoin);
    let none: &Value = &get(&format!("{path}/quotes/latest?slug=no-such")).json;
    assert_eq!(none["status"]["error_message"], "Invalid value for \"slug\": \"no-such\"");
}
