use std::time::Duration;

use super::*;

fn total(key: &str, credits: u64, calls: u64) -> Total {
    let assumed = Credits::new(credits / 10);
    let (key, credits) = (key.to_owned(), Credits::new(credits));
    Total { key, credits, calls, assumed, elapsed: Duration::from_millis(calls * 100) }
}

fn served(operation: &str, requests: u64, hits: u64, elapsed_ms: u64) -> Served {
    Served { operation: operation.to_owned(), requests, hits, elapsed_ms }
}

#[test]
fn the_score_weighs_hits_cheapness_and_speed() {
    // The three parts and their floors are a contract with those who plot it.
    for (hits, each, ms, score) in [
        (100.0, 0.0, 0.0, 100.0),
        (0.0, 5.0, 5_000.0, 0.0),
        (0.0, 500.0, 50_000.0, 0.0),
        (80.0, 0.25, 250.0, 40.0 + 28.5 + 19.0),
    ] {
        assert!((efficiency_score(hits, each, ms) - score).abs() < 1e-9, "{hits} {each} {ms}");
    }
}

#[test]
fn lines_join_what_was_paid_with_what_was_served() {
    // An operation may have been paid and never asked for, or asked for and never paid.
    let totals = [total("quotes", 20, 10), total("map", 10, 1)];
    let served = [served("quotes", 100, 90, 1_000), served("global", 50, 50, 0)];
    let report = Report::new(&totals, &served);
    let names: Vec<_> = report.lines.iter().map(|line| line.operation.as_str()).collect();
    assert_eq!(names, ["global", "quotes", "map"]);
    let quotes = &report.lines[1];
    assert_eq!((quotes.hit_rate, quotes.credits_per_request), (Some(90.0), Some(0.2)));
    assert_eq!((quotes.response_ms, quotes.assumed), (Some(10.0), Credits::new(2)));
    assert_eq!(report.lines[2].efficiency, None);
    assert_eq!((report.sum.credits, report.sum.requests), (Credits::new(30), 150));
}

#[test]
fn the_first_day_has_no_rates() {
    // Nothing may be divided by zero requests.
    let report = Report::new(&[], &[]);
    assert!(report.lines.is_empty());
    assert_eq!((report.sum.hit_rate, report.sum.efficiency), (None, None));
}
