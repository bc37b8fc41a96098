//! One question, many spellings, one canonical text.

use super::*;

fn same(path: &str, spellings: &[&str]) {
    let first = good(path, spellings[0]);
    for spelling in &spellings[1..] {
        assert_eq!(good(path, spelling).canonical(), first.canonical(), "{path}?{spelling}");
    }
}

fn different(path: &str, one: &str, other: &str) {
    assert_ne!(good(path, one).canonical(), good(path, other).canonical(), "{one} {other}");
}

#[test]
fn explicit_defaults_order_case_and_repeats_do_not_matter() {
    // The official SDK sends every default; sparse callers send none.
    same(
        V2_QUOTES,
        &[
            "symbol=BTC,ETH",
            "symbol=btc%2Ceth&",
            "convert=usd&skip_invalid=True&symbol=BTC,eth,BTC",
            "symbol=DOGE&symbol=BTC,ETH&convert=",
            "aux=num_market_pairs,cmc_rank,date_added,tags,platform,max_supply,\
             circulating_supply,total_supply,is_fiat,is_active&symbol=BTC,ETH",
        ],
    );
    same(
        V1_LISTINGS,
        &["", "start=1&limit=100&sort=market_cap&tag=all&cryptocurrency_type=all", "limit=100.0"],
    );
    same(MAP, &["", "start=1&sort=id&listing_status=active"]);
}

#[test]
fn what_shows_in_the_answer_shows_in_the_canonical_text() {
    // Two questions under one key would answer each other.
    different(V2_QUOTES, "symbol=BTC,ETH", "symbol=ETH,BTC");
    different(V2_QUOTES, "id=1", "id=1&convert=EUR");
    different(V2_QUOTES, "id=1&convert=USD", "id=1&convert_id=2781");
    different(V2_QUOTES, "id=1", "id=1&skip_invalid=false");
    different("/v9/unknown", "a=1&b=2", "a=1%26b=2");
}

#[test]
fn lists_of_keyed_answers_have_no_order() {
    // Such answers are kept whole, and their keys have no order.
    let path = "/v2/cryptocurrency/ohlcv/historical";
    same(path, &["id=1,1027", "id=1027,1,1027&convert=USD"]);
    let path = "/v2/cryptocurrency/price-performance-stats/latest";
    same(path, &["id=1&time_period=7d,24h", "time_period=24h,7d&id=1"]);
}

#[test]
fn the_sdk_sends_both_ways_to_name_currencies_where_both_have_a_default() {
    // Refusing this would break every liquidations call of the official SDK.
    let path = "/v5/derivatives/liquidations/quotes/latest";
    same(path, &["", "convert=USD&convert_id=2781", "convert=USD"]);
    let raw = "crypto_id=&crypto_slug=&skip_invalid=False&sort=total_liquidations_24h&\
        sort_dir=desc&start=1&limit=100&convert=USD&convert_id=2781";
    same("/v5/derivatives/liquidations/cryptocurrency/list/latest", &["", raw]);
}

#[test]
fn the_sdks_way_of_writing_history_is_taken() {
    // `count=10.0` beside a window comes from the official SDK.
    let path = "/v2/cryptocurrency/quotes/historical";
    let query = good(path, "id=1&count=10.0&interval=5m&time_start=2026-09-01T00%3A00%3A00Z");
    assert_eq!(query.get("count"), Some("10"));
    assert_eq!(query.get("time_start"), Some("2026-09-01T00:00:00Z"));
    same(path, &["id=1", "id=1&count=10.0&interval=5m&skip_invalid=True", "id=1&count=1e1"]);
}

#[test]
fn numbers_have_one_spelling() {
    // The ranking of a listing is part of a key.
    let ranking = |raw: &str| match good(V3_LISTINGS, raw).ask() {
        Ask::Listings(ask) => ask.ranking,
        other => panic!("{other:?}"),
    };
    assert_eq!(ranking("price_min=1.50&price_max=20.0"), ranking("price_max=20&price_min=1.5"));
    assert_ne!(ranking("price_min=1.5"), ranking("price_max=1.5"));
    assert_eq!(good(V1_LISTINGS, "start=007").get("start"), Some("7"));
}

#[test]
fn an_empty_parameter_counts_as_absent() {
    // Generated clients send the parameters they have no value for.
    same(V2_QUOTES, &["id=1", "id=1&slug=&symbol&foo=&=x&&", "id=1&limit=5&limit="]);
}

#[test]
fn what_upstream_judges_is_passed_on_even_where_it_breaks_the_rules_we_know() {
    // Its rules are not published: a refusal of ours would deny an answer that it might give.
    let query = good("/v5/exchange/derivatives/list", "sort=nobody_knows&limit=many&start=2.0");
    assert_eq!(query.to_upstream(), "sort=nobody_knows&limit=many&start=2");
    let path = "/v5/cryptocurrency/derivatives/market-pairs/list/latest";
    assert_eq!(good(path, "").to_upstream(), "");
    same(path, &["crypto_id=1,1027,1", "crypto_id=1,1027&limit=100&convert=usd"]);
    assert_eq!(good("/v1/dex/holders/count", "platform=ethereum").operation.version, 1);
    let many = good("/v5/derivatives/liquidations/quotes/latest", "convert=USD,EUR");
    assert_eq!(many.check_converts(Plan::Basic), Ok(()));
}

#[test]
fn both_ways_to_name_the_other_side_of_a_pair_conflict() {
    // ADR 0004, point 3.
    let raw = "id=1&matched_id=825&matched_symbol=USDT";
    let error = parse("/v2/cryptocurrency/market-pairs/latest", raw).unwrap_err();
    let peers =
        "\"value\" contains a conflict between exclusive peers [matched_id, matched_symbol]";
    assert_eq!(error.message, peers);
}
