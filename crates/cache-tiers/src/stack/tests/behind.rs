//! Writes to remote tiers wait for nobody, are bounded, and are all made before the end.

use super::*;
use crate::limits::{WRITE_BEHIND_BATCH_MAX, WRITE_BEHIND_BYTES_MAX};

fn items(n: std::ops::Range<u16>) -> Vec<(Key, Entry)> {
    n.map(|n| (Key::new(&format!("k{n}")), entry(n, start(), 60, 60))).collect()
}

#[tokio::test]
async fn without_somebody_to_run_it_nothing_waits() {
    // A library user who never heard of it must not lose writes.
    let bench = bench(&[NEAR, FAR]);
    bench.stack.fill(&items(0..1)).await;
    assert!(bench.held(1, &Key::new("k0")).is_some());
}

#[tokio::test]
async fn a_fill_does_not_wait_for_a_far_tier_and_the_end_waits_for_all() {
    // The latency of a far tier belongs to nobody's answer; a stop must not lose what was paid.
    let bench = bench(&[NEAR, FAR]);
    let behind = bench.stack.write_behind().unwrap();
    assert!(bench.stack.write_behind().is_none(), "there is one");
    for n in 0..20 {
        bench.stack.fill(&items(n..n + 1)).await;
    }
    assert!(bench.held(0, &Key::new("k7")).is_some());
    assert_eq!(bench.parts[1].n_calls(), 0);
    bench.stack.close();
    behind.run().await;
    assert!((0..20).all(|n| bench.held(1, &Key::new(&format!("k{n}"))).is_some()));
    assert_eq!(bench.parts[1].n_calls(), 1, "what waits together goes together");
}

#[tokio::test]
async fn it_goes_on_when_new_writes_come() {
    // A wake-up that is lost would leave everything waiting.
    let bench = bench(&[NEAR, FAR]);
    let behind = bench.stack.write_behind().unwrap();
    tokio::join!(behind.run(), async {
        for n in 0..50 {
            bench.stack.fill(&items(n..n + 1)).await;
            for _ in 0..n % 7 {
                tokio::task::yield_now().await;
            }
        }
        bench.stack.close();
    });
    assert!((0..50).all(|n| bench.held(1, &Key::new(&format!("k{n}"))).is_some()));
}

#[tokio::test]
async fn a_removed_key_is_not_written_behind() {
    // The write waits, the remove does not: the order would be turned round.
    let bench = bench(&[NEAR, FAR]);
    let behind = bench.stack.write_behind().unwrap();
    bench.stack.fill(&items(0..3)).await;
    bench.remove(&Key::new("k1"), 9).await;
    bench.stack.close();
    behind.run().await;
    let held = [0, 1, 2].map(|n| bench.held(1, &Key::new(&format!("k{n}"))).unwrap());
    assert_eq!(held.map(|held| held.meta.is_tombstone()), [false, true, false]);
}

#[tokio::test]
async fn what_waits_is_bounded_and_the_oldest_goes_first() {
    // A far tier that crawls must not take the memory of the process.
    let bench = bench(&[FAR]);
    let behind = bench.stack.write_behind().unwrap();
    let body = bytes::Bytes::from(vec![0; 1 << 20]);
    for n in 0..100 {
        let entry = Entry { body: body.clone(), ..entry(n, start(), 60, 60) };
        bench.stack.fill(&[(Key::new(&format!("k{n}")), entry)]).await;
        assert!(bench.stack.0.queue.n_bytes() <= WRITE_BEHIND_BYTES_MAX);
    }
    bench.stack.close();
    behind.run().await;
    assert!(bench.held(0, &Key::new("k0")).is_none());
    assert!(bench.held(0, &Key::new("k99")).is_some());
}

#[tokio::test]
async fn one_write_takes_no_more_than_a_batch() {
    // A far tier has a deadline per call, and a backlog must fit into it.
    let bench = bench(&[FAR]);
    let behind = bench.stack.write_behind().unwrap();
    let half = u16::try_from(WRITE_BEHIND_BATCH_MAX / 2).unwrap();
    for n in 0..4 {
        bench.stack.fill(&items(n * half..(n + 1) * half)).await;
    }
    bench.stack.close();
    behind.run().await;
    assert_eq!(bench.parts[0].n_calls(), 2);
}

#[tokio::test]
async fn of_one_key_the_newest_waits() {
    // A far tier that crawls would be given every price of the last minute.
    let bench = bench(&[FAR]);
    let behind = bench.stack.write_behind().unwrap();
    let key = Key::new("k");
    for version in [1, 3, 2] {
        bench.stack.fill(&[(key.clone(), entry(version, start(), 60, 60))]).await;
    }
    assert_eq!(bench.stack.0.queue.n_bytes(), entry(3, start(), 60, 60).weight(&key));
    bench.stack.close();
    behind.run().await;
    assert_eq!(bench.held(0, &key).unwrap().body, "3");
    assert_eq!(bench.parts[0].n_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_tier_holds_up_no_other() {
    // One dead store would make the others stale.
    let bench = bench(&[Plan { faults: Faults::HUNG, ..FAR }, FAR]);
    let behind = bench.stack.write_behind().unwrap();
    bench.stack.fill(&items(0..1)).await;
    let begun = tokio::time::Instant::now();
    tokio::select! {
        () = behind.run() => unreachable!("nobody closed it"),
        () = async {
            while bench.held(1, &Key::new("k0")).is_none() {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn dropped_it_leaves_a_stack_that_writes_itself() {
    // A task that dies must not swallow writes in silence.
    let bench = bench(&[FAR]);
    drop(bench.stack.write_behind().unwrap());
    bench.stack.fill(&items(0..1)).await;
    assert!(bench.held(0, &Key::new("k0")).is_some());
}
