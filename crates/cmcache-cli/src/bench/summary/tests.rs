use super::*;
use crate::bench::{bound::Bound, scene::NO_CACHE};

fn outcome(seed: u64, credits: u64) -> Outcome {
    let played = Played {
        credits,
        ages_ms: (1..=100).collect(),
        n_entities: 1_000,
        n_fetched: 10,
        n_wrong: seed,
        by_minute: vec![(5, 4), (9, 11), (12, 13)],
        ..Played::default()
    };
    let tally = |credits| Tally { credits, calls: credits };
    let models = vec![
        (NO_CACHE.to_owned(), tally(1_000)),
        (URL_CACHE.to_owned(), tally(500)),
        ("by coin".to_owned(), tally(80)),
        ("sweep of 5,000".to_owned(), tally(40)),
    ];
    Outcome { seed, played, bound: Bound { quotes: 20, ..Bound::default() }, models }
}

#[test]
fn medians_are_told_of_what_varies_and_sums_of_what_must_not_happen() {
    // One wrong quote in five seeds is one too many.
    let outcomes = [outcome(1, 30), outcome(0, 90), outcome(0, 44)];
    let summary = Summary::of(10.0, &outcomes);
    assert_eq!((summary.cmcache.credits, summary.cmcache.wrong), (44, 1));
    assert!((summary.over_bound - 2.2).abs() < 1e-9);
    assert_eq!(summary.cmcache.calls_in_busiest_minute, 7);
    assert!((summary.cmcache.calls_per_minute - 4.5).abs() < 1e-9);
    assert!((summary.cmcache.hit_rate - 0.99).abs() < 1e-9);
    let ages = summary.cmcache.age_ms;
    assert_eq!((ages.p50, ages.p95, ages.p99, ages.max), (50.0, 95.0, 99.0, 100.0));
}

#[test]
fn the_cheapest_rule_is_what_we_are_measured_by() {
    // Neither "no cache" nor a URL cache is a rule of coins.
    let best = Summary::of(10.0, &[outcome(1, 44)]).best_rule.unwrap();
    assert_eq!((best.name.as_str(), best.credits), ("sweep of 5,000", 40));
    assert!((best.ours_over_it - 1.1).abs() < 1e-9);
}
