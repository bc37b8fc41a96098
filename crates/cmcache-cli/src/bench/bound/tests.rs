use std::time::Duration;

use super::*;
use crate::bench::{oracle::Oracle, request::Notation};

const LIMITS: Limits = Limits {
    max_age: 60_000,
    fear_age: 900_000,
    info_age: 86_400_000,
    latency: 80,
    joins_currencies: true,
};

/// Half a minute before the market steps.
fn began() -> cmcache::clock::Timestamp {
    cmcache::clock::Timestamp::parse("2026-10-05T09:00:30Z").unwrap()
}

fn asked(at_ms: u64, ask: Ask, currencies: u32) -> Request {
    Request {
        at: Duration::from_millis(at_ms),
        ask,
        version: 3,
        notation: Notation::Id,
        currencies,
        is_implicit: false,
        text: None,
    }
}

fn bound(limits: Limits, requests: &[Request]) -> Bound {
    let unranked = Ranks::none(5_000);
    let mut bounding = Bounding::new(limits, 5_000, &unranked);
    requests.iter().for_each(|request| bounding.ask(request, &[]));
    bounding.bound()
}

/// All coins of some blocks at once.
fn blocks(n: u16) -> Vec<u16> {
    (0..250 * n).collect()
}

#[test]
fn windows_that_touch_need_one_call_and_windows_apart_one_each() {
    // One window too many, and the bound is above what is possible: a lie in every table.
    let at = |second: u64| asked(1_000 * second, Ask::Quotes(blocks(1)), 1);
    // A call at 61 s would be late for the first; one at 60 s, which waits a second, serves both.
    assert_eq!(bound(LIMITS, &[at(0), at(61)]).quotes, 1);
    assert_eq!(bound(LIMITS, &[at(0), asked(61_001, Ask::Quotes(blocks(1)), 1)]).quotes, 2);
    assert_eq!(bound(LIMITS, &[at(0), at(30), at(61), at(90), at(153)]).quotes, 3);
}

#[test]
fn no_bound_is_above_what_one_clever_call_costs() {
    // Five thousand coins in three currencies at one instant: one call of 22 credits does it.
    let all = bound(LIMITS, &[asked(0, Ask::Quotes(blocks(20)), 0b111)]);
    assert_eq!(all.quotes, 22);
    // One block in three currencies: 3 credits, whether in one call or in three.
    assert!(bound(LIMITS, &[asked(0, Ask::Quotes(blocks(1)), 0b111)]).quotes <= 3);
    // Half a block: nothing is cheaper than 1.
    assert_eq!(bound(LIMITS, &[asked(0, Ask::Quotes(vec![1, 2, 3]), 1)]).quotes, 1);
}

#[test]
fn a_plan_with_one_currency_a_call_pays_for_each() {
    // Basic cannot join them: 20 blocks, three times.
    let limits = Limits { joins_currencies: false, ..LIMITS };
    assert_eq!(bound(limits, &[asked(0, Ask::Quotes(blocks(20)), 0b111)]).quotes, 60);
}

#[test]
fn random_schedules_never_undercut_the_bound() {
    // The proof, tried: whatever serves all requests costs at least as much.
    let mut rng = fastrand::Rng::with_seed(3);
    for _ in 0..40 {
        let requests: Vec<Request> = (0..60)
            .map(|n| {
                let first = rng.u16(0..20) * 250;
                let places = (first..first + rng.u16(1..=250)).collect();
                asked(n * rng.u64(3_000..4_000), Ask::Quotes(places), 1 << rng.u32(0..3))
            })
            .collect();
        let mut requests = requests;
        requests.sort_by_key(|request| request.at);
        let paid = schedule(&requests, &mut rng);
        let bound = bound(LIMITS, &requests).quotes;
        assert!(bound <= paid, "bound {bound}, paid {paid}");
    }
}

/// Looks ahead like a clairvoyant: at the last instant of the oldest unserved request it fetches
/// what all requests with a window over that instant want, in one call or by currency.
fn schedule(requests: &[Request], rng: &mut fastrand::Rng) -> u64 {
    let mut paid = 0;
    let mut open: Vec<&Request> = requests.iter().collect();
    while let Some(first) = open.first() {
        let now = millis(first.at) + WAIT;
        let is_served = |request: &&Request| {
            let at = millis(request.at);
            at.saturating_sub(LIMITS.max_age) <= now && now <= at + WAIT
        };
        let (served, rest): (Vec<_>, Vec<_>) = open.iter().copied().partition(is_served);
        open = rest;
        let n_of = |mask: u32| {
            let some = served.iter().filter(|request| request.currencies & mask != 0);
            let mut places: Vec<u16> = some.flat_map(|request| request.quoted()).collect();
            places.sort_unstable();
            places.dedup();
            (places.len() as u64).div_ceil(250)
        };
        let masks = served.iter().fold(0, |mask, request| mask | request.currencies);
        let joint = n_of(masks) + u64::from(masks.count_ones()) - 1;
        let split: u64 = bits(masks).map(|bit| n_of(1 << bit)).sum();
        paid += if rng.bool() { joint } else { split };
    }
    paid
}

#[test]
fn metadata_and_totals_are_bounded_by_their_own_calls() {
    // They are other operations: their credits come on top.
    let infos = (0..600).map(|place| asked(0, Ask::Info(vec![place]), 1));
    let totals = [0, 30, 62, 124].map(|second| asked(1_000 * second, Ask::Global, 1));
    let mut requests: Vec<Request> = infos.collect();
    requests.extend(totals);
    requests.push(asked(130_000, Ask::Fear, 1));
    let bound = bound(LIMITS, &requests);
    assert_eq!((bound.quotes, bound.infos, bound.global, bound.fear), (0, 3, 3, 1));
    assert_eq!(bound.credits(), 7);
}

#[test]
fn of_a_page_only_coins_that_never_left_it_count() {
    // Who may have been on another page need not have been fetched.
    let oracle = Oracle::new(1).unwrap();
    let coins = oracle.coins(began()).unwrap();
    let ranks = Ranks::of_market(&oracle, &coins, began(), 120_000).unwrap();
    let within_a_minute = ranks.always_in(1, 250, 0, 10_000);
    let over_all = ranks.always_in(1, 250, 0, 120_000);
    assert_eq!(within_a_minute.len(), 250);
    assert!(over_all.len() <= 250 && over_all.len() > 200, "{}", over_all.len());
}

#[test]
fn the_dead_that_a_symbol_brings_along_have_windows_too() {
    // They are part of the answer, whatever brings it.
    let unranked = Ranks::none(5_000);
    let mut bounding = Bounding::new(LIMITS, 5_500, &unranked);
    let dead: Vec<u16> = (5_000..5_250).collect();
    bounding.ask(&asked(0, Ask::Quotes(blocks(1)), 1), &dead);
    bounding.ask(&asked(0, Ask::Info(blocks(1)), 1), &dead);
    let bound = bounding.bound();
    assert_eq!((bound.quotes, bound.infos), (2, 2));
}
