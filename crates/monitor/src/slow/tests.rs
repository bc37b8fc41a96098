use super::*;

fn slow(seconds: u64, at: u64) -> Slow {
    Slow {
        operation: "quotes".into(),
        outcome: "miss".into(),
        elapsed: Duration::from_secs(seconds),
        at: Duration::from_secs(at),
        cause: SlowCause { wait: Some(Duration::from_millis(1_500)), ..SlowCause::default() },
    }
}

#[test]
fn the_ring_keeps_the_latest_and_shows_the_slowest_first() {
    // Breaks if a bad hour grows memory, or yesterday's worst hides today's.
    let log = SlowLog::new(3);
    for (seconds, at) in [(90, 1), (3, 2), (9, 3), (5, 4)] {
        log.push(slow(seconds, at));
    }
    let elapsed = |since| -> Vec<u64> {
        log.since(Duration::from_secs(since)).iter().map(|slow| slow.elapsed.as_secs()).collect()
    };
    assert_eq!(elapsed(0), [9, 5, 3]);
    assert_eq!(elapsed(4), [5]);
}

#[test]
fn a_ring_of_none_keeps_none() {
    // Breaks if zero means "without bound".
    let log = SlowLog::new(0);
    log.push(slow(5, 1));
    assert!(log.since(Duration::ZERO).is_empty());
}

#[test]
fn known_causes_are_shown_in_milliseconds_and_unknown_ones_not_at_all() {
    // Breaks if "we do not know" reads as zero.
    let shown = serde_json::to_value(slow(3, 1)).unwrap();
    assert_eq!(shown["elapsed_ms"], 3_000.0);
    assert_eq!(shown["cause"], serde_json::json!({ "wait_ms": 1_500.0 }));
}

#[test]
fn the_parts_add_up() {
    // Breaks if a part is forgotten in the sum.
    let second = Some(Duration::from_secs(1));
    let cause = SlowCause {
        queue: second,
        connect: second,
        wait: second,
        body: second,
        decode: second,
        tier: second,
        store: second,
    };
    assert_eq!(cause.explained(), Duration::from_secs(7));
}
