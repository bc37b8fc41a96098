//! A dead tier is a miss and a count, never an error and never a wait without end.

use std::collections::HashMap;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

use super::*;
use crate::{limits, metrics::LOOKUPS_TOTAL};

async fn check(faults: Faults) {
    let bench = bench(&[Plan { faults, ..NEAR }, Plan { faults, ..FAR }, FAR]);
    let key = Key::new("k");
    bench.stack.fill(&[(key.clone(), entry(1, start(), 60, 60))]).await;
    for _ in 0..20 {
        let found = bench.look(&key).await.unwrap();
        assert_eq!((found.tier, found.freshness), (2, Freshness::Fresh));
    }
    assert!(bench.parts[1].n_calls() <= u64::from(limits::TIER_FAILURES_TO_OPEN));
    bench.remove(&key, 2).await;
    assert_eq!(bench.look(&key).await, None);
}

#[tokio::test(start_paused = true)]
async fn failing_tiers_are_misses() {
    // The first thing to break in a cache is the cache.
    check(Faults::DEAD).await;
}

#[tokio::test(start_paused = true)]
async fn hanging_tiers_are_misses() {
    // A tier that never answers is worse than one that is gone.
    check(Faults::HUNG).await;
}

#[tokio::test(start_paused = true)]
async fn a_hanging_tier_costs_a_look_no_more_than_its_deadline() {
    // Else the latency of the sick tier is that of all answers.
    let bench = bench(&[NEAR, Plan { faults: Faults::HUNG, ..FAR }]);
    let start = tokio::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(bench.look(&Key::new("k")).await, None);
    }
    let most = Duration::from_millis(22) * limits::TIER_FAILURES_TO_OPEN;
    assert!(start.elapsed() <= most, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn with_every_tier_dead_a_look_still_answers() {
    // What is below the stack can still be asked, and paid.
    let dead = Plan { faults: Faults::DEAD, ..FAR };
    let bench = bench(&[dead, dead, dead]);
    let keys: Vec<Key> = (0..10).map(|n| Key::new(&format!("k{n}"))).collect();
    assert_eq!(bench.stack.look(&keys, start()).await, vec![None; 10]);
}

#[tokio::test]
async fn a_tier_that_is_well_again_is_filled_by_what_is_below() {
    // It comes back empty, and must not stay so.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.plant(1, &key, entry(1, start(), 60, 60)).await;
    assert_eq!(bench.look(&key).await.unwrap().tier, 1);
    assert_eq!(bench.look(&key).await.unwrap().tier, 0);
}

#[tokio::test]
async fn a_failure_is_not_counted_as_a_miss() {
    // A dashboard that shows a dead tier as a cold one sends people the wrong way.
    let recorder = DebuggingRecorder::new();
    let bench = metrics::with_local_recorder(&recorder, || {
        bench(&[NEAR, Plan { faults: Faults::DEAD, ..FAR }])
    });
    let keys = [Key::new("a"), Key::new("b"), Key::new("c")];
    bench.plant(0, &keys[0], entry(1, start(), 60, 60)).await;
    bench.stack.look(&keys, start()).await;
    let counts = lookups(&recorder.snapshotter());
    for (tier, outcome, expected) in [
        ("tier-0", "fresh", 1),
        ("tier-0", "miss", 2),
        ("tier-0", "failed", 0),
        ("tier-1", "failed", 2),
        ("tier-1", "miss", 0),
    ] {
        assert_eq!(counts[&(tier.to_owned(), outcome.to_owned())], expected, "{tier} {outcome}");
    }
}

#[tokio::test]
async fn every_measurement_has_a_name_in_the_list() {
    // What is not listed is in no reference, and nobody looks for it.
    let recorder = DebuggingRecorder::new();
    let bench = metrics::with_local_recorder(&recorder, || bench(&[NEAR, FAR]));
    bench.look(&Key::new("k")).await;
    let emitted = recorder.snapshotter().snapshot().into_vec();
    assert!(emitted.len() > 30);
    for (key, ..) in emitted {
        let name = key.key().name();
        assert!(crate::metrics::METRICS.iter().any(|(listed, _)| *listed == name), "{name}");
    }
}

/// Keys asked, by tier and outcome.
fn lookups(snapshotter: &Snapshotter) -> HashMap<(String, String), u64> {
    let mut counts = HashMap::new();
    for (key, .., value) in snapshotter.snapshot().into_vec() {
        let label = |name| key.key().labels().find(|label| label.key() == name);
        if let (LOOKUPS_TOTAL, DebugValue::Counter(count)) = (key.key().name(), value) {
            let [tier, outcome] = ["tier", "outcome"].map(|name| label(name).unwrap().value());
            counts.insert((tier.to_owned(), outcome.to_owned()), count);
        }
    }
    counts
}
