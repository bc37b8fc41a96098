use super::*;
use crate::{CoinId, Method, Query, Ranking};

fn tariff() -> Tariff {
    Tariff::of(&Catalogue::embedded())
}

/// What so many items in so many currencies cost at most.
fn check(path: &str, n_items: u64, n_converts: u64, credits: u64) {
    let catalogue = Catalogue::embedded();
    let operation = catalogue.find(Method::Get, path).expect(path);
    let price = tariff().price_parts(operation, n_items, n_converts);
    assert_eq!(price.get(), credits, "{path} {n_items} × {n_converts}");
}

fn ids(n: u32) -> Vec<CoinId> {
    (1..=n).map(CoinId::new).collect()
}

#[test]
fn the_documented_examples_come_out() {
    // The budget is kept with these numbers.
    check("/v3/cryptocurrency/quotes/latest", 250, 1, 1);
    check("/v3/cryptocurrency/quotes/latest", 251, 1, 2);
    check("/v3/cryptocurrency/quotes/latest", 250, 3, 3);
    check("/v2/cryptocurrency/quotes/latest", 101, 1, 2);
    check("/v3/cryptocurrency/listings/latest", 5_000, 1, 20);
    check("/v3/cryptocurrency/listings/latest", 5_000, 2, 21);
    check("/v1/cryptocurrency/listings/latest", 5_000, 1, 25);
    check("/v2/cryptocurrency/ohlcv/historical", 365, 1, 4);
    check("/v3/cryptocurrency/quotes/historical", 360, 2, 5);
    check("/v2/tools/price-conversion", 1, 4, 4);
}

#[test]
fn the_rest_of_the_rules_come_out() {
    // Free must be free, and an empty answer costs as much as a full block.
    check("/v1/cryptocurrency/map", 9_000, 1, 0);
    check("/v1/key/info", 0, 1, 0);
    check("/v1/fiat/map", 5_000, 1, 1);
    check("/v2/cryptocurrency/info", 250, 9, 1);
    check("/v3/cryptocurrency/quotes/latest", 0, 1, 1);
    check("/v1/global-metrics/quotes/latest", 0, 2, 2);
    check("/v1/cryptocurrency/categories", 5_000, 1, 26);
    check("/v5/cmc-ai/coins/latest", 100, 1, 100);
    check("/v1/tools/postman", 1, 1, 1);
    check("/v1/dex/search", 50, 1, 1);
}

#[test]
fn calls_are_priced_by_what_they_carry() {
    // These are what the engine reserves.
    let tariff = tariff();
    let quotes = Call::quotes(&ids(250), &ids(2)).unwrap();
    assert_eq!(tariff.price(&quotes).get(), 2);
    let page = Call::listings(&Ranking::by_rank(), 1, 1_000, &[CoinId::USD]).unwrap();
    assert_eq!(tariff.price(&page).get(), 4);
    assert_eq!(tariff.price(&Call::info(&ids(250)).unwrap()).get(), 1);
    assert_eq!(tariff.price(&Call::map()), Credits::ZERO);
    assert_eq!(tariff.price(&Call::key_info()), Credits::ZERO);
    let catalogue = Catalogue::embedded();
    let body = bytes::Bytes::new();
    let unknown = Query::parse(&catalogue, "GET", "/v9/x", "limit=500", body).unwrap();
    assert_eq!(tariff.price(&Call::whole(&unknown).unwrap()).get(), 1);
}

#[test]
fn a_learned_rule_replaces_the_dated_one() {
    // Prices change between releases; the replies say so.
    let tariff = tariff();
    assert_eq!(tariff.effective(), "2026-10");
    assert!(tariff.learn("/v1/cryptocurrency/map", PriceRule::Flat { credits: 3, convert: false }));
    assert_eq!(tariff.price(&Call::map()).get(), 3);
    for n in 1..LEARNED_RULES_MAX {
        assert!(tariff.learn(&format!("/{n}"), PriceRule::Free));
    }
    assert!(!tariff.learn("/one-too-many", PriceRule::Free));
    assert!(tariff.learn("/v1/cryptocurrency/map", PriceRule::Free));
    assert_eq!(tariff.price(&Call::map()), Credits::ZERO);
}

#[test]
fn the_prices_of_an_own_catalogue_hold_for_the_calls_of_the_engine_too() {
    // These are made from the built-in operations, whatever file is in force.
    let file = include_str!("../../data/endpoints-2026-10.json");
    let own = file.replace("\"per\":250", "\"per\":125");
    let tariff = Tariff::of(&Catalogue::from_json(&own).unwrap());
    let quotes = Call::quotes(&ids(250), &ids(1)).unwrap();
    assert_eq!(tariff.price(&quotes).get(), 2);
    assert_eq!(tariff.price(&Call::map()), Credits::ZERO);
}

#[test]
fn what_a_charge_pays_for_is_counted_in_places() {
    // Half-empty blocks are money: a hundred coins cost as much as two hundred and fifty.
    let tariff = tariff();
    let slots = |n_coins, n_currencies, charged| {
        let call = Call::quotes(&ids(n_coins), &ids(n_currencies)).unwrap();
        let slots = tariff.slots(&call, Credits::new(charged)).unwrap();
        (slots.paid, slots.filled, slots.per_credit, slots.surcharge.get())
    };
    assert_eq!(slots(100, 1, 1), (250, 100, 250, 0));
    assert_eq!(slots(250, 3, 3), (250, 250, 250, 2));
    // Charged less than foreseen: no place is filled that was not paid for.
    assert_eq!(slots(250, 3, 0), (0, 0, 250, 0));
    assert_eq!(tariff.slots(&Call::map(), Credits::ZERO), None);
}

#[test]
fn a_query_is_worth_what_it_would_cost_at_the_api() {
    // What is saved is counted from it.
    let catalogue = Catalogue::embedded();
    let worth = |path: &str, query: &str| {
        let query = Query::parse(&catalogue, "GET", path, query, bytes::Bytes::new()).unwrap();
        tariff().price_of(&query).get()
    };
    assert_eq!(worth("/v3/cryptocurrency/quotes/latest", "id=1&convert=USD,EUR"), 2);
    assert_eq!(worth("/v1/cryptocurrency/listings/latest", "limit=5000"), 25);
    assert_eq!(worth("/v1/cryptocurrency/map", ""), 0);
}
