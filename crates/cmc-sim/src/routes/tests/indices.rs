//! Moods, seasons, indices and chains.

use crate::testing::{Got, check_refused, get};

#[test]
fn fear_and_greed_comes_newest_first_with_seconds_as_text() {
    // Would break: readers of the one history that falls.
    let got = get("/v3/fear-and-greed/historical");
    let rows = got.data().as_array().unwrap();
    assert_eq!((rows.len(), got.credits()), (50, 1));
    assert_eq!(rows[0]["timestamp"], "1791158400");
    assert_eq!(rows[1]["timestamp"], "1791072000");
    assert_eq!(rows[0]["value"], get("/v3/fear-and-greed/latest").data()["value"]);
    assert_eq!(get("/v3/fear-and-greed/historical?start=2&limit=1").data()[0], rows[1]);
    check_refused(
        "/v3/fear-and-greed/historical?limit=501",
        "\"limit\" must be less than or equal to 500",
    );
}

#[test]
fn the_season_of_today_is_the_last_of_its_days() {
    // Would break: the agreement of the two, and the order of days.
    let latest = get("/v1/altcoin-season-index/latest");
    let month = get("/v1/altcoin-season-index/historical?timeframe=30d");
    let points = month.data()["points"].as_array().unwrap();
    assert_eq!((points.len(), &month.data()["timeframe"]), (30, &"30d".into()));
    assert_eq!(points[29]["altcoin_index"], latest.data()["altcoin_index"]);
    assert_eq!(points[29]["timestamp"], "2026-10-05T00:00:00.000Z");
    let value = |name: &str| latest.data()[name].as_u64().unwrap();
    assert!(
        value("yearly_low") <= value("altcoin_index")
            && value("altcoin_index") <= value("yearly_high")
    );
    assert!(latest.text.starts_with("{\"data\":"));
}

fn index(query: &str) -> Got {
    get(&format!("/v3/index/cmc20-historical?{query}"))
}

#[test]
fn indices_have_a_window_of_their_own() {
    // Would break: the strict times and the small count.
    let times = |query: &str| index(query).column("update_time");
    let start = "time_start=2026-10-01T00:00:00.000Z";
    assert_eq!(times(&format!("{start}&interval=daily")).len(), 5);
    let all = times(&format!("{start}&interval=daily&count=10"));
    assert_eq!(all[0], "\"2026-10-01T00:00:00.000Z\"");
    assert_eq!(all.last().unwrap(), "\"2026-10-05T00:00:00.000Z\"");
    assert_eq!(times("count=2"), ["\"2026-10-05T09:05:00.000Z\"", "\"2026-10-05T09:10:00.000Z\""]);
    let path = "/v3/index/cmc100-historical";
    let bad = "\"time_start\" must be a valid ISO 8601 date";
    check_refused(&format!("{path}?time_start=2026-10-01"), bad);
    check_refused(&format!("{path}?time_start=1791158400"), bad);
    check_refused(&format!("{path}?count=11"), "\"count\" must be less than or equal to 10");
    check_refused(&format!("{path}?interval=1h"), "\"interval\" must be one of [5m, 15m, daily]");
}

#[test]
fn the_latest_index_is_the_last_of_its_points() {
    // Would break: the agreement of the two, and the weights.
    for (name, size) in [("cmc100", 100), ("cmc20", 20)] {
        let latest = get(&format!("/v3/index/{name}-latest"));
        let past = get(&format!("/v3/index/{name}-historical?count=1"));
        assert_eq!(past.data()[0]["value"], latest.data()["value"]);
        assert_eq!(past.data()[0]["constituents"], latest.data()["constituents"]);
        let members = latest.data()["constituents"].as_array().unwrap();
        let weight: f64 = members.iter().map(|it| it["weight"].as_f64().unwrap()).sum();
        assert!(members.len() == size && (99.99..100.01).contains(&weight), "{weight}");
        assert_eq!(members[0].get("priceUsd").is_some(), size == 20);
        assert!(members.iter().all(|it| it["symbol"] != "USDT"));
    }
}

#[test]
fn chains_tell_large_numbers_as_texts() {
    // Would break: readers of hash rates, and coins that are no chain.
    let got = get("/v1/blockchain/statistics/latest?symbol=eth,BTC");
    assert_eq!(got.keys(&["data"]), ["ETH", "BTC"]);
    let bitcoin = &got.data()["BTC"];
    assert!(bitcoin["hashrate_24h"].is_string() && bitcoin["total_transactions"].is_string());
    assert_eq!(get("/v1/blockchain/statistics/latest?slug=litecoin").keys(&["data"]), ["2"]);
    let slug = "/v1/blockchain/statistics/latest?slug=bitcoin,solana";
    check_refused(slug, "Invalid value for \"slug\": \"solana\"");
    let none = "\"value\" must contain at least one of [id, symbol, slug]";
    check_refused("/v1/blockchain/statistics/latest", none);
}
