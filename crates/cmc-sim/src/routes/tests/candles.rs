//! Candles, and statistics made of them.

use serde_json::Value;

use crate::core::Core;
use crate::testing::{self, Got, check_refused, get, get_from};
use crate::time;

fn candles(query: &str) -> Got {
    get(&format!("/v2/cryptocurrency/ohlcv/historical?id=1&{query}"))
}

/// The days or hours on which the candles open.
fn opens(query: &str) -> Vec<String> {
    let got = candles(query);
    let quotes = got.data()["quotes"].as_array().unwrap();
    quotes.iter().map(|it| it["time_open"].as_str().unwrap()[..13].to_owned()).collect()
}

#[test]
fn windows_exclude_their_start_and_count_the_running_day() {
    // Would break: off by one day, the classic mistake with candles.
    let days = |days: &[&str]| days.iter().map(|day| format!("{day}T00")).collect::<Vec<_>>();
    assert_eq!(
        opens("time_start=2026-09-01T18:00Z&time_end=2026-09-03"),
        days(&["2026-09-02", "2026-09-03"])
    );
    assert_eq!(opens("count=2"), days(&["2026-10-04"]));
    assert_eq!(opens("count=2&time_end=2026-09-03"), days(&["2026-09-02", "2026-09-03"]));
    assert_eq!(opens("time_start=2026-10-03"), days(&["2026-10-04"]));
    assert_eq!(opens("count=3&interval=weekly"), days(&["2026-09-21", "2026-09-28"]));
    let hours = opens("time_period=hourly&interval=hourly&count=3");
    assert_eq!(hours, ["2026-10-05T07", "2026-10-05T08"]);
    assert_eq!(opens("").len(), 9);
}

#[test]
fn candles_are_made_of_what_quotes_said() {
    // Would break: the agreement of candles with quotes.
    let core = Core::new(&testing::generous(1));
    let price = |when: &str| {
        core.clock.set(time::parse_iso(when).unwrap());
        let got = get_from(&core, "/v2/cryptocurrency/quotes/latest?id=1&convert=EUR", Some("k"));
        got.data()["1"]["quote"]["EUR"].clone()
    };
    let got = candles("time_start=2026-09-01&time_end=2026-09-02&convert=EUR");
    let candle = &got.data()["quotes"][0];
    let quote = &candle["quote"]["EUR"];
    let close = price("2026-09-02T23:59:30Z");
    assert_eq!(quote["open"], price("2026-09-02T00:00:30Z")["price"]);
    assert_eq!(quote["close"], close["price"]);
    assert_eq!(
        (&quote["volume"], &quote["market_cap"]),
        (&close["volume_24h"], &close["market_cap"])
    );
    assert_eq!(quote["high"], price(candle["time_high"].as_str().unwrap())["price"]);
    assert_eq!(candle["time_close"], "2026-09-02T23:59:59.999Z");
    let value = |name: &str| quote[name].as_f64().unwrap();
    assert!(value("low") <= value("open").min(value("close")));
    assert!(value("high") >= value("open").max(value("close")));
}

#[test]
fn ten_years_of_days_are_answered_at_once() {
    // Would break: ranges, and their price.
    let got = candles("time_start=2016-10-01&time_end=2026-10-01");
    assert_eq!(got.data()["quotes"].as_array().unwrap().len(), 3_652);
    assert_eq!(got.credits(), 37);
}

#[test]
fn hours_before_2020_have_no_volume() {
    // Would break: the null that readers of old hours meet.
    let volume = |day: &str| {
        let got = candles(&format!("time_period=hourly&interval=hourly&count=1&time_end={day}"));
        got.data()["quotes"][0]["quote"]["USD"]["volume"].clone()
    };
    assert_eq!(volume("2020-09-21"), Value::Null);
    assert!(volume("2020-09-23").is_number());
}

#[test]
fn the_running_day_closes_at_the_latest_price() {
    // Would break: ohlcv/latest against quotes.
    let got = get("/v2/cryptocurrency/ohlcv/latest?id=1027,1&convert=USD,EUR");
    assert_eq!(got.keys(&["data"]), ["1027", "1"]);
    let quotes = get("/v2/cryptocurrency/quotes/latest?id=1&convert=USD,EUR");
    let (mine, theirs) = (&got.data()["1"], &quotes.data()["1"]);
    for currency in ["USD", "EUR"] {
        assert_eq!(mine["quote"][currency]["close"], theirs["quote"][currency]["price"]);
        assert_eq!(mine["quote"][currency]["volume"], theirs["quote"][currency]["volume_24h"]);
    }
    assert_eq!(
        (&mine["time_close"], mine["time_open"].as_str()),
        (&Value::Null, Some("2026-10-05T00:00:00.000Z"))
    );
    assert_eq!(got.credits(), 2);
    let v2 = get("/v2/cryptocurrency/ohlcv/latest?symbol=btc");
    assert!(v2.data()["BTC"].as_array().unwrap().len() > 1);
    assert_eq!(get("/v1/cryptocurrency/ohlcv/latest?symbol=btc").data()["BTC"]["id"], 1);
    let fiat = "/v2/cryptocurrency/ohlcv/latest?id=2781";
    check_refused(fiat, "Invalid value for \"id\": \"2781\"");
}

#[test]
fn longer_periods_contain_shorter_ones() {
    // Would break: an all-time high below the high of the week.
    let path = "/v2/cryptocurrency/price-performance-stats/latest";
    let all = "all_time,365d,90d,30d,7d,24h";
    let got = get(&format!("{path}?slug=bitcoin&time_period={all},7d"));
    assert_eq!(got.keys(&["data", "1", "periods"]), all.split(',').collect::<Vec<_>>());
    let periods = &got.data()["1"]["periods"];
    let value = |period: &str, name: &str| periods[period]["quote"]["USD"][name].as_f64().unwrap();
    for pair in all.split(',').collect::<Vec<_>>().windows(2) {
        assert!(value(pair[0], "high") >= value(pair[1], "high"), "{pair:?}");
        assert!(value(pair[0], "low") <= value(pair[1], "low"), "{pair:?}");
        assert_eq!(value(pair[0], "close"), value(pair[1], "close"));
    }
    let quote = get("/v2/cryptocurrency/quotes/latest?id=1").data()["1"]["quote"]["USD"].clone();
    assert_eq!(periods["24h"]["quote"]["USD"]["percent_change"], quote["percent_change_24h"]);
    assert_eq!(periods["7d"]["open_timestamp"], "2026-09-28T09:14:00.000Z");
    let yesterday = get(&format!("{path}?id=1&time_period=yesterday"));
    let close = &yesterday.data()["1"]["periods"]["yesterday"]["close_timestamp"];
    assert_eq!(close, "2026-10-04T23:59:00.000Z");
    let words = "all_time, yesterday, 24h, 7d, 30d, 90d, 365d";
    let refused = format!("\"time_period\" must be one of [{words}]");
    check_refused(&format!("{path}?id=1&time_period=8d"), &refused);
}

#[test]
fn coins_without_a_price_have_nulls() {
    // Would break: readers who meet a dead coin.
    let dead = get("/v1/cryptocurrency/map?listing_status=inactive&limit=1");
    let id = dead.column("id")[0].clone();
    let got = get(&format!("/v2/cryptocurrency/ohlcv/latest?id={id}"));
    let coin = &got.data()[&id];
    assert_eq!((&coin["quote"]["USD"]["open"], &coin["time_high"]), (&Value::Null, &Value::Null));
    let got = get(&format!("/v1/cryptocurrency/price-performance-stats/latest?id={id}"));
    let stats = &got.data()[&id]["periods"]["all_time"];
    assert_eq!(
        (&stats["open_timestamp"], &stats["quote"]["USD"]["high"]),
        (&Value::Null, &Value::Null)
    );
}
