//! Histories of quotes, exchanges and the whole market.

use serde_json::Value;

use crate::core::Core;
use crate::testing::{self, Got, SHARED, check_refused, get, get_from};
use crate::time;

const PATH: &str = "/cryptocurrency/quotes/historical";

fn history(version: u8, query: &str) -> Got {
    get(&format!("/v{version}{PATH}?{query}"))
}

/// What was answered when it was `when`.
fn back_then(when: &str, target: &str) -> Got {
    let core = Core::new(&testing::generous(1));
    core.clock.set(time::parse_iso(when).unwrap());
    get_from(&core, target, Some("k"))
}

#[test]
fn one_identifier_stands_alone_and_several_are_keyed() {
    // Would break: the keying of histories, which differs in each version.
    for version in [1, 2] {
        assert_eq!(history(version, "id=1,1&count=1").data()["id"], 1);
        assert_eq!(history(version, "id=1027,1&count=1").keys(&["data"]), ["1027", "1"]);
    }
    assert_eq!(history(3, "id=1&count=1").keys(&["data"]), ["1"]);
    assert_eq!(history(1, "symbol=btc&count=1").data()["id"], 1);
    assert_eq!(history(1, "symbol=btc,eth&count=1").keys(&["data"]), ["BTC", "ETH"]);
    for version in [2, 3] {
        let got = history(version, "symbol=btc&count=1");
        assert_eq!(
            (got.keys(&["data"]), &got.data()["BTC"][0]["id"]),
            (vec!["BTC".into()], &1.into())
        );
    }
    let keys = ["quotes", "id", "name", "symbol", "is_active", "is_fiat"];
    assert_eq!(history(3, "id=1&count=1").keys(&["data", "1"]), keys);
}

#[test]
fn a_snapshot_says_what_latest_said() {
    // Would break: the agreement of history with the present, to the last digit.
    let when = "2026-09-20T12:35:10Z";
    let target = "/v3/cryptocurrency/quotes/latest?id=1,825,5994&convert=EUR,BTC";
    let then = back_then(when, target);
    let window = "time_start=2026-09-20T12:35:00Z&time_end=1789907700&convert=EUR,BTC";
    let got = history(3, &format!("id=1,825,5994&{window}"));
    for coin in then.data().as_array().unwrap() {
        let point = &got.data()[coin["id"].to_string()]["quotes"][0];
        assert_eq!(point["timestamp"], "2026-09-20T12:35:00.000Z");
        for quote in coin["quote"].as_array().unwrap() {
            let past = &point["quote"][quote["symbol"].as_str().unwrap()];
            for name in
                ["price", "volume_24h", "market_cap", "percent_change_1h", "percent_change_30d"]
            {
                assert_eq!(past[name].to_string(), quote[name].to_string(), "{name}");
            }
        }
    }
}

#[test]
fn points_are_paid_for_by_the_hundred_over_all_ids() {
    // Would break: the bill of histories.
    let got = history(2, "id=1,1027,825&count=120&interval=1h&convert=USD,EUR");
    assert_eq!(got.data()["825"]["quotes"].as_array().unwrap().len(), 120);
    assert_eq!(got.credits(), 5);
    let young = history(2, "id=32196&time_start=2015-01-01&time_end=2015-02-01&interval=daily");
    assert_eq!((young.data()["quotes"].to_string(), young.credits()), ("[]".into(), 1));
    let target = |query: &str| format!("/v2{PATH}?{query}");
    let most = "Your plan is limited to 3 convert options";
    check_refused(&target("id=1&convert=USD,EUR,BTC,ETH"), most);
    check_refused(&target("id=99999999"), "Invalid value for \"id\": \"99999999\"");
    let bad = "\"time_start\" must be a valid ISO 8601 date";
    check_refused(&target("id=1&time_start=yesterday"), bad);
    check_refused(&target("id=1&count=10001"), "\"count\" must be less than or equal to 10000");
    check_refused(&target("slug=bitcoin"), "\"slug\" is not allowed");
    let words = history(2, "id=1&interval=8m").message().to_owned();
    assert!(words.starts_with("\"interval\" must be one of [5m, yearly, monthly, "), "{words}");
}

#[test]
fn each_plan_looks_back_so_far() {
    // Would break: the depth of Basic, by the day.
    let basic = |query: &str| get_from(&SHARED, &format!("/v2{PATH}?id=1&{query}"), Some("b"));
    let told = |query: &str| {
        let got = basic(query);
        (got.http, got.message().to_owned())
    };
    let months = |n| (400, format!("Your plan is limited to {n} months of historical data"));
    assert_eq!(told("interval=1h&time_start=2026-09-04"), months(1));
    assert_eq!(basic("interval=1h&time_start=2026-09-05&count=1").http, 200);
    assert_eq!(told("interval=24h&time_start=2025-10-04"), months(12));
    assert_eq!(basic("interval=24h&time_start=2025-10-05&count=1").http, 200);
    assert_eq!(history(2, "id=1&interval=5m&time_start=2017-01-01&count=1").http, 200);
    let convert = "/v2/tools/price-conversion?amount=1&id=1&time=2026-10-01";
    assert_eq!(get_from(&SHARED, convert, Some("b")).message(), months(0).1);
}

#[test]
fn aux_decides_what_points_hold() {
    // Would break: callers who want prices only.
    let got = history(2, "id=2781&count=1&interval=45m&aux=price,search_interval");
    assert_eq!(got.keys(&["data"]), ["quotes", "id", "name", "symbol"]);
    let point = &got.data()["quotes"][0];
    assert_eq!(point["quote"]["USD"], serde_json::json!({"price": 1}));
    assert_eq!(point["search_interval"], "2026-10-05T09:10:00.000Z");
    let full = history(2, "id=2781&count=1");
    assert_eq!(full.data()["is_fiat"], 1);
}

#[test]
fn conversions_at_a_time_use_the_price_of_that_time() {
    // Would break: conversions of the past.
    let got = get("/v2/tools/price-conversion?amount=1&id=1&time=2026-09-20T12:37Z&convert=EUR");
    let then = back_then("2026-09-20T12:35Z", "/v1/cryptocurrency/quotes/latest?id=1&convert=EUR");
    let price = |got: &Value| got["quote"]["EUR"]["price"].to_string();
    assert_eq!(price(got.data()), price(&then.data()["1"]));
    assert_eq!(got.data()["last_updated"], "2026-09-20T12:35:00.000Z");
}

#[test]
fn exchanges_and_the_whole_market_remember_what_they_said() {
    // Would break: the other two histories.
    let when = "2026-09-20T12:35:10Z";
    let at = "time_start=2026-09-20T12:35Z&time_end=2026-09-20T12:35Z&convert=EUR";
    let past = get(&format!("/v1/exchange/quotes/historical?id=270&{at}"));
    let then = back_then(when, "/v1/exchange/quotes/latest?slug=binance&convert=EUR");
    let point = &past.data()["quotes"][0];
    let quote = &then.data()["binance"];
    assert_eq!(point["quote"]["EUR"]["volume_24h"], quote["quote"]["EUR"]["volume_24h"]);
    assert_eq!(point["num_market_pairs"], quote["num_market_pairs"]);
    let two = get(&format!("/v1/exchange/quotes/historical?slug=kraken,binance&{at}"));
    assert_eq!(two.keys(&["data"]), ["kraken", "binance"]);

    let past = get(&format!("/v1/global-metrics/quotes/historical?interval=5m&{at}"));
    let then = back_then(when, "/v1/global-metrics/quotes/latest?convert=EUR");
    let point = &past.data()["quotes"][0];
    assert_eq!(point["btc_dominance"], then.data()["btc_dominance"]);
    assert_eq!(point["active_exchanges"], then.data()["active_exchanges"]);
    for name in ["total_market_cap", "total_volume_24h_reported", "altcoin_volume_24h"] {
        assert_eq!(point["quote"]["EUR"][name], then.data()["quote"]["EUR"][name], "{name}");
    }
    let days = get("/v1/global-metrics/quotes/historical?convert=USD,EUR");
    assert_eq!((days.data()["quotes"].as_array().unwrap().len(), days.credits()), (10, 1));
}
