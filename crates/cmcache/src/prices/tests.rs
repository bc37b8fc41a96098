use cmc_api::{Catalogue, CoinId, scripted};

use super::*;

const QUOTES: &str = "/v3/cryptocurrency/quotes/latest";

fn prices(dir: &std::path::Path) -> Prices {
    let tariff = Tariff::of(&Catalogue::embedded());
    Prices::open(tariff, "api.test", Keeping::of(dir, FILE))
}

fn call(n: u32) -> Call {
    let ids: Vec<CoinId> = (1..=n).map(CoinId::new).collect();
    Call::quotes(&ids, &[CoinId::USD]).unwrap()
}

/// So many coins, for so many credits.
fn reply(n: u32, charged: u64) -> Reply {
    let coins: Vec<String> = (1..=n).map(|id| format!("{{\"id\":{id}}}")).collect();
    scripted::reply(&format!("[{}]", coins.join(",")), charged)
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-11-03T10:00:00Z")
}

#[test]
fn a_higher_price_is_told_once_and_right_for_the_next_call() {
    // The next reservation must hold what the next call costs.
    let dir = tempfile::tempdir().unwrap();
    let prices = prices(dir.path());
    assert_eq!(prices.judge(&call(250), &reply(250, 1), now()), None);
    let told = prices.judge(&call(250), &reply(250, 3), now()).unwrap();
    let What::PriceDrift { operation, price, charged, rule_after, .. } = told else { panic!() };
    assert_eq!((&*operation, price, charged), (QUOTES, 1, 3));
    assert_eq!(rule_after, "1 per 100 items, 1 per further currency");
    assert_eq!(prices.tariff.price(&call(250)).get(), 3);
    assert_eq!(prices.judge(&call(250), &reply(250, 3), now()), None, "it is no news any more");
    assert_eq!(prices.judge(&call(120), &reply(120, 2), now()), None);
}

#[test]
fn what_was_learned_outlives_the_process_until_a_later_catalogue_knows_better() {
    // A restart must not pay for the same lesson, nor keep a lesson for ever.
    let dir = tempfile::tempdir().unwrap();
    prices(dir.path()).judge(&call(250), &reply(250, 3), now()).unwrap();
    assert_eq!(prices(dir.path()).tariff.price(&call(250)).get(), 3);
    let other = Tariff::of(&Catalogue::embedded());
    Prices::open(other.clone(), "another.test", Keeping::of(dir.path(), FILE));
    assert_eq!(other.price(&call(250)).get(), 1, "another upstream has its own prices");
    let old = tempfile::tempdir().unwrap();
    let before = at("2026-09-30T23:59:59Z");
    prices(old.path()).judge(&call(250), &reply(250, 3), before).unwrap();
    assert_eq!(prices(old.path()).tariff.price(&call(250)).get(), 1);
    std::fs::write(old.path().join(FILE), "{torn").unwrap();
    assert_eq!(prices(old.path()).n_learned(), 0, "a torn file is no obstacle");
}

#[test]
fn a_lower_price_is_believed_when_it_stays() {
    // One odd reply must not loosen the budget.
    let dir = tempfile::tempdir().unwrap();
    let prices = prices(dir.path());
    prices.judge(&call(250), &reply(250, 3), now()).unwrap();
    assert_eq!(prices.judge(&call(250), &reply(250, 1), now()), None);
    assert_eq!(prices.judge(&call(250), &reply(250, 1), now()), None);
    assert_eq!(prices.tariff.price(&call(250)).get(), 3);
    assert!(prices.judge(&call(250), &reply(250, 1), now()).is_some());
    assert_eq!(prices.tariff.price(&call(250)).get(), 1);
    for _ in 0..9 {
        assert_eq!(prices.judge(&call(250), &reply(250, 0), now()), None, "a gift is no price");
    }
}
