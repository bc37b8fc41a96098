use std::time::Duration;

use super::*;
use crate::bench::request::{Ask, Notation};

const LIMITS: Limits = Limits {
    max_age: 60_000,
    fear_age: 900_000,
    info_age: 86_400_000,
    latency: 80,
    joins_currencies: true,
};

fn quotes(at_ms: u64, places: &[u16], currencies: u32) -> Request {
    Request {
        at: Duration::from_millis(at_ms),
        ask: Ask::Quotes(places.to_vec()),
        version: 2,
        notation: Notation::Id,
        currencies,
        is_implicit: false,
        text: None,
    }
}

fn paid(model: &mut dyn Model, requests: &[Request]) -> (u64, u64) {
    requests.iter().for_each(|request| ask(model, request, &[]));
    let tally = model.tally();
    (tally.credits, tally.calls)
}

fn ask(model: &mut dyn Model, request: &Request, namesakes: &[u16]) {
    let target = format!("{:?} {}", request.ask, request.currencies);
    model.ask(millis(request.at), &Asking { request, target: &target, namesakes, price: 1 });
}

fn rule(name: &str, requests: &[Request]) -> (u64, u64) {
    let rule = rules().into_iter().find(|rule| rule.name == name).unwrap();
    paid(&mut Ruled::new(rule, LIMITS, 6_000, 6_010), requests)
}

#[test]
fn the_usual_ways_pay_by_request_by_url_and_by_symbol() {
    // The comparison of the headline stands on these three.
    let requests = [
        quotes(0, &[1], 1),
        quotes(40, &[1], 1),
        quotes(30_000, &[1, 2], 1),
        quotes(61_000, &[2], 1),
    ];
    assert_eq!(paid(&mut NoCache::default(), &requests), (4, 4));
    assert_eq!(paid(&mut UrlCache::new(LIMITS), &requests), (3, 3));
    // Two askers of one cold symbol pay twice; the portfolio finds the first coin.
    assert_eq!(paid(&mut PerSymbol::new(LIMITS), &requests), (3, 3));
}

#[test]
fn a_rule_by_coin_gathers_and_fetches_once() {
    // The plainest rule: one flight per coin, 10 ms of company.
    let requests =
        [quotes(0, &[1], 1), quotes(5, &[2], 1), quotes(9, &[1], 1), quotes(50, &[1, 2], 1)];
    assert_eq!(rule("by coin", &requests), (1, 1));
    let again = [quotes(0, &[1], 1), quotes(60_009, &[1], 1), quotes(60_011, &[1], 1)];
    assert_eq!(rule("by coin", &again), (2, 2), "60 s after it was fetched it is too old");
}

#[test]
fn filling_brings_what_would_be_asked_next() {
    // Otherwise the better rules would not be better.
    let requests = [quotes(0, &[300], 1), quotes(1_000, &[4], 1), quotes(2_000, &[400], 1)];
    assert_eq!(rule("by coin", &requests), (3, 3));
    assert_eq!(rule("by coin, filled by rank too", &requests), (2, 2), "400 ranks below 250");
    assert_eq!(rule("sweep of 500, rest filled", &requests), (2, 1));
}

#[test]
fn currencies_cost_one_credit_each_beyond_the_first() {
    // A sweep in three currencies is 20 + 2; Basic buys it three times.
    let requests = [quotes(0, &[1], 0b111), quotes(1_000, &[4_999], 0b100)];
    assert_eq!(rule("sweep of 5,000", &requests), (22, 1));
    let basic = Limits { joins_currencies: false, ..LIMITS };
    let sweep = rules().into_iter().find(|rule| rule.sweep == 5_000).unwrap();
    assert_eq!(paid(&mut Ruled::new(sweep, basic, 6_000, 6_010), &requests), (60, 3));
}

#[test]
fn who_names_a_symbol_needs_its_dead_too_and_no_sweep_brings_them() {
    // A rule that left them out would answer less than it is asked, and be cheaper for it.
    let sweep = rules().into_iter().find(|rule| rule.sweep == 5_000).unwrap();
    let mut model = Ruled::new(sweep, LIMITS, 6_000, 6_010);
    ask(&mut model, &quotes(0, &[1], 1), &[6_001]);
    ask(&mut model, &quotes(1_000, &[2], 1), &[6_002]);
    ask(&mut model, &quotes(62_000, &[1], 1), &[6_001]);
    ask(&mut model, &quotes(63_000, &[2], 1), &[6_002]);
    // The free places of the call for the first bring the second, in each minute.
    assert_eq!(model.tally(), Tally { credits: 20 + 1 + 20 + 1, calls: 4 });
}
