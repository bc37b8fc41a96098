//! What was removed stays removed: tombstones below, memory above, and who missed it is not
//! believed until it has been told.

use super::*;
use crate::{Flags, TierExt as _, limits};

fn tombstone(version: u16, now: Timestamp) -> Entry {
    let mut stone = entry(version, now, limits::TOMBSTONE_LIFE.as_secs(), 0);
    stone.meta.flags = Flags::TOMBSTONE;
    stone.body = bytes::Bytes::new();
    stone
}

#[tokio::test]
async fn local_tiers_forget_and_others_keep_a_tombstone() {
    // A slow writer elsewhere would bring the key back below.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.stack.fill(&[(key.clone(), entry(1, start(), 60, 60))]).await;
    bench.remove(&key, 2).await;
    assert_eq!(bench.held(0, &key), None);
    assert_eq!(bench.held(1, &key), Some(tombstone(2, start())));
    bench.plant(1, &key, entry(1, start(), 60, 60)).await;
    assert_eq!(bench.look(&key).await, None);
    bench.plant(1, &key, entry(3, start(), 60, 60)).await;
    assert_eq!(bench.look(&key).await.unwrap().entry.body, "3");
}

#[tokio::test]
async fn a_tombstone_is_no_answer_and_ends_no_descent() {
    // It would be served as an empty price, or hide the new one below.
    let bench = bench(&[NEAR, FAR, FAR]);
    let [gone, newer] = [Key::new("gone"), Key::new("newer")];
    for key in [&gone, &newer] {
        bench.plant(0, key, entry(1, start(), 10, 600)).await;
        bench.plant(1, key, tombstone(2, start())).await;
    }
    bench.plant(2, &gone, entry(1, start(), 300, 600)).await;
    bench.advance(30);
    bench.plant(2, &newer, entry(3, bench.clock.now(), 60, 60)).await;
    assert_eq!(bench.look(&gone).await, None);
    assert_eq!(bench.held(0, &gone), None, "the copy above is forgotten, the stone stays below");
    assert_eq!(bench.look(&newer).await.unwrap().entry.body, "3");
    assert_eq!(bench.held(1, &newer).unwrap().body, "3");
}

#[tokio::test]
async fn a_newer_entry_that_has_expired_does_not_let_an_older_one_through() {
    // Time would turn back for whoever has seen the newer.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.plant(0, &key, entry(2, start(), 10, 10)).await;
    bench.plant(1, &key, entry(1, start(), 300, 300)).await;
    bench.advance(30);
    assert_eq!(bench.look(&key).await, None);
}

#[tokio::test]
async fn a_tier_that_missed_a_removal_is_not_believed_until_it_was_told() {
    // It comes back with everything that it held when it died.
    let bench = bench(&[NEAR, FAR]);
    let [gone, other] = [Key::new("gone"), Key::new("other")];
    for key in [&gone, &other] {
        bench.stack.fill(&[(key.clone(), entry(1, start(), 600, 60))]).await;
    }
    // The removal was written down, and the asker left before any tier was told.
    assert!(bench.stack.0.levels[1].owe(std::slice::from_ref(&gone), fence(2)).is_none());
    bench.uproot(0, &gone).await;
    let told = bench.stack.explain(&gone).await;
    assert!(matches!(told[1], Ok(None)), "{told:?}");
    assert_eq!(bench.look(&gone).await, None);
    assert!(bench.held(1, &gone).unwrap().meta.is_tombstone(), "told before it was asked");
    assert!(!bench.stack.0.levels[1].is_owing());
    assert!(bench.look(&other).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_dead_tier_is_told_when_it_lives_again_though_nobody_asks() {
    // Other instances read it.
    let bench = bench(&[NEAR, Plan { faults: Faults { refused: 700, ..NO_FAULTS }, ..FAR }]);
    let behind = bench.stack.write_behind().unwrap();
    let keys: Vec<Key> = (0..30).map(|n| Key::new(&format!("k{n}"))).collect();
    for key in &keys {
        bench.plant(1, key, entry(1, start(), 6_000, 60)).await;
        bench.remove(key, 2).await;
    }
    assert!(bench.stack.0.levels[1].is_owing());
    tokio::select! {
        () = behind.run() => unreachable!("nobody closed it"),
        () = async {
            while bench.stack.0.levels[1].is_owing() {
                tokio::time::sleep(Duration::from_secs(1)).await;
                bench.advance(1);
            }
        } => {}
    }
    assert!(keys.iter().all(|key| bench.held(1, key).unwrap().meta.is_tombstone()));
}

#[tokio::test]
async fn a_removal_that_was_dropped_half_way_is_in_force() {
    // The asker hangs up; the price stays dead.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.stack.fill(&[(key.clone(), entry(1, start(), 60, 60))]).await;
    {
        let mut removal = Box::pin(bench.remove(&key, 2));
        assert!(futures_util::poll!(&mut removal).is_pending());
    }
    assert_eq!(bench.look(&key).await, None);
    assert_eq!(bench.held(1, &key), Some(tombstone(2, start())));
}

#[tokio::test]
async fn what_others_removed_or_refreshed_is_forgotten_if_it_is_older() {
    // A note may come late, after the newer value.
    let bench = bench(&[NEAR, FAR]);
    let keys = [1, 2, 3].map(|n| Key::new(&format!("k{n}")));
    for (version, key) in (1..).zip(&keys) {
        bench.plant(0, key, entry(version, start(), 60, 60)).await;
    }
    bench.stack.forget(&keys, fence(2)).await;
    let held = [0, 1, 2].map(|n| bench.held(0, &keys[n]).is_some());
    assert_eq!(held, [false, true, true]);
    assert_eq!(bench.parts[1].n_calls(), 0);
}

#[tokio::test]
async fn a_refresh_asks_the_others_whatever_is_held_here() {
    // What is fresh here may have been replaced or removed there.
    let bench = bench(&[NEAR, FAR]);
    let [new, gone, same] = ["new", "gone", "same"].map(Key::new);
    for key in [&new, &gone, &same] {
        bench.stack.fill(&[(key.clone(), entry(1, start(), 60, 60))]).await;
    }
    bench.plant(1, &new, entry(2, start(), 60, 60)).await;
    bench.plant(1, &gone, tombstone(2, start())).await;
    assert_eq!(bench.look(&new).await.unwrap().entry.body, "1");
    let keys = [new.clone(), gone.clone(), same];
    let seen = bench.stack.refresh(&keys, start()).await;
    let newest: Vec<_> = seen.iter().map(|seen| seen.newest).collect();
    assert_eq!(newest, [2, 2, 1].map(|n| Version::at(start(), n)), "of what is gone, too");
    let bodies = seen.iter().map(|seen| seen.found.as_ref().map(|found| found.entry.body.clone()));
    assert_eq!(bodies.collect::<Vec<_>>(), [Some("2".into()), None, Some("1".into())]);
    assert_eq!(bench.held(0, &new).unwrap().body, "2");
    assert_eq!(bench.stack.peek(&gone, start()), None);
}

#[tokio::test]
async fn a_fill_for_others_waits_for_what_they_share() {
    // Who is told of it before it is there finds the old one.
    let bench = bench(&[NEAR, FAR]);
    let behind = bench.stack.write_behind().unwrap();
    let key = Key::new("k");
    assert!(bench.stack.fill_through(&[(key.clone(), entry(1, start(), 60, 60))]).await);
    assert!(bench.parts[1].get(&key).await.unwrap().is_some());
    drop(behind);
    let dead = super::bench(&[NEAR, Plan { faults: Faults::DEAD, ..FAR }]);
    assert!(!dead.stack.fill_through(&[(key.clone(), entry(1, start(), 60, 60))]).await);
    assert!(dead.stack.is_shared() && !super::bench(&[NEAR]).stack.is_shared());
}
