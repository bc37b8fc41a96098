use std::collections::HashSet;

use serde_json::Value;

use super::{OF_TETHER, amount, refused};
use crate::market::moment::STEP;
use crate::testing::{SHARED, get};

#[test]
fn the_last_finished_candle_closes_at_the_price_of_then() {
    // Would break: charts against prices.
    let target = format!("/v1/k-line/candles?{OF_TETHER}&limit=5&interval=");
    let now = SHARED.clock.now_ms();
    let at = SHARED.market.coin_by_id("825").unwrap();
    let words = ["1s", "30s", "1min", "3min", "1h", "12h", "1d", "1w", "1m"];
    for word in words {
        let got = get(&format!("{target}{word}"));
        let candles = got.data().as_array().unwrap();
        assert_eq!(candles.len(), 5, "{word}");
        let field = |candle: &Value, at: usize| candle[at].as_f64().unwrap();
        for pair in candles.windows(2) {
            let end = pair[1][5].as_i64().unwrap() * 1_000;
            let price = SHARED.market.coin_price_at(at, end.div_euclid(STEP));
            assert_eq!(field(&pair[0], 3), price, "{word}: close");
            assert_eq!(field(&pair[1], 0), price, "{word}: the next one opens there");
            assert!(field(&pair[0], 1) >= field(&pair[0], 2), "{word}: high and low");
        }
        let price = get(&format!("/v1/dex/token/price?{OF_TETHER}"));
        assert_eq!(field(&candles[4], 3), amount(&price.data()["p"]), "{word}: running");
        assert!(field(&candles[4], 5) * 1_000.0 <= now as f64);
        assert_eq!(candles[0][6].is_null(), word.ends_with('s'));
    }
    refused(&get(&format!("{target}7h")));
    refused(&get(&format!("/v1/k-line/points?{OF_TETHER}&interval=1h&unit=eur")));
}

#[test]
fn windows_of_candles_join_without_a_gap() {
    // Would break: whoever loads a chart piece by piece.
    let ask = |query: &str| {
        let got = get(&format!("/v1/k-line/points?{OF_TETHER}&interval=5min&{query}"));
        let points = got.data().as_array().unwrap().clone();
        points.into_iter().map(|point| point[2].as_i64().unwrap()).collect::<Vec<i64>>()
    };
    let newest = ask("limit=10");
    let before = ask(&format!("limit=10&to={}", newest[0] - 1));
    assert_eq!(before.last(), Some(&(newest[0] - 300)));
    let between = ask(&format!("from={}&to={}", before[3], newest[4]));
    assert_eq!([between[0], *between.last().unwrap()], [before[3], newest[4]]);
    assert_eq!(between.len(), 12);
}

#[test]
fn the_unit_divides_and_the_market_cap_multiplies() {
    // Would break: prices in ether, and charts of market caps.
    let close = |query: &str| {
        let got = get(&format!("/v1/k-line/points?{OF_TETHER}&interval=1h&limit=1&{query}"));
        got.data()[0][0].as_f64().unwrap()
    };
    let ether = get("/v3/cryptocurrency/quotes/latest?id=1027");
    let ether = ether.data()[0]["quote"][0]["price"].as_f64().unwrap();
    assert!((close("unit=native") * ether / close("unit=usd") - 1.0).abs() < 1e-6);
    assert!(close("pm=m") > 1e9 * close("pm=p"));
}

#[test]
fn pages_of_swaps_neither_overlap_nor_leave_a_gap() {
    // Would break: followers of a tape.
    let now = SHARED.clock.now_ms() / 1_000;
    let target = format!("/v1/dex/tokens/transactions?{OF_TETHER}&startTime={}&", now - 1_800);
    let whole = tape(&target, "swaps", 100);
    assert!(whole.len() > 200, "{}", whole.len());
    assert_eq!(tape(&target, "swaps", 17), whole);
    assert!(whole.is_sorted_by(|a, b| a > b), "newest first");
    let mut turned = tape(&format!("{target}sortType=asc&"), "swaps", 23);
    turned.reverse();
    assert_eq!(turned, whole);
    let buys = tape(&format!("{target}type=1&"), "swaps", 50);
    let sales = tape(&format!("{target}type=2&"), "swaps", 50);
    assert!(!buys.is_empty() && buys.len() + sales.len() == whole.len());
    assert!(tape(&format!("{target}minVolume=100&"), "swaps", 9).len() < whole.len());
    let deposits = format!("/v1/dex/liquidity-change/list?{OF_TETHER}&");
    assert_eq!(tape(&deposits, "lcs", 7), tape(&deposits, "lcs", 100));
}

/// Ids of all pages, which are distinct.
#[track_caller]
fn tape(target: &str, name: &str, limit: usize) -> Vec<i64> {
    let mut ids: Vec<i64> = Vec::new();
    let mut cursor = String::new();
    loop {
        let got = get(&format!("{target}limit={limit}{cursor}"));
        let rows = got.data()[name].as_array().unwrap();
        ids.extend(rows.iter().map(|row| row["id"].as_str().unwrap().parse::<i64>().unwrap()));
        let Some(last) = got.data()["lastId"].as_str() else {
            assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
            return ids;
        };
        cursor = format!("&lastId={last}");
    }
}

#[test]
fn a_token_has_no_candles_from_before_it_was_there() {
    // Would break: whoever pages back until nothing comes.
    let got = get(&format!("/v1/k-line/points?{OF_TETHER}&interval=1w&limit=1000"));
    let points = got.data().as_array().unwrap();
    let first = points[0][2].as_i64().unwrap() * 1_000;
    let token = SHARED.market.dex.token(0, super::TETHER).unwrap();
    let created = SHARED.market.dex.tokens[token].created_ms;
    assert!(first <= created && created - first < 7 * crate::time::DAY);
    let before =
        get(&format!("/v1/k-line/points?{OF_TETHER}&interval=1w&to={}", first / 1_000 - 1));
    assert_eq!((before.data().as_array().unwrap().len(), before.credits()), (0, 1));
}
