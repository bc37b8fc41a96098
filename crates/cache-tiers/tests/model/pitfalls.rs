//! The twelve pitfalls in which caches before this one have been seen, each a case with a name.
//!
//! Those of the tiers stand here. Those of the engine and of the stores stand beside what they are
//! about, and [`ELSEWHERE`] says where; a case that was renamed is missed.

use std::{path::Path, sync::Arc, time::Duration};

use cache_tiers::{
    Clock as _, Entry, Far, Faults, Faulty, Freshness, Key, MemoryTier, Meta, Stack, StackBuilder,
    Tier as _, TierExt as _, TierPolicy, Timestamp, TtlPolicy, Version, limits,
};
use clock::ManualClock;

/// Pitfall, file, test.
const ELSEWHERE: [(&str, &str, &str); 22] = [
    ("1", "cache-tiers/src/stack/tests/age.rs", "nothing_outlives_its_load_by_any_path"),
    (
        "2",
        "cache-tiers/src/stack/tests/fence.rs",
        "a_write_that_lands_after_the_remove_is_taken_back",
    ),
    (
        "2",
        "engine/src/tests/flights.rs",
        "who_asked_before_an_invalidation_gets_the_value_but_nobody_keeps_it",
    ),
    ("3", "engine/src/tests/failures.rs", "an_unreadable_row_is_not_taken_for_an_absent_coin"),
    (
        "3",
        "engine/src/tests/failures.rs",
        "that_something_is_not_there_is_believed_for_its_own_time",
    ),
    ("4", "cache-tiers/src/freshness/tests.rs", "future"),
    ("5", "engine/src/tests/coalesce.rs", "five_hundred_askers_of_one_cold_coin_cost_one_call"),
    ("6, cancelled", "engine/src/tests/flights.rs", "fifty_waiters_survive_their_leader"),
    ("6, parked", "engine/src/tests/flights.rs", "a_parked_leader_does_not_hold_up_the_others"),
    (
        "6, panicked",
        "engine/src/tests/flights.rs",
        "a_panic_is_an_answer_and_the_next_asker_is_served",
    ),
    ("7", "engine/src/tests/flights.rs", "impatient_askers_leave_a_full_cache_behind"),
    ("7", "engine/src/tests/failures.rs", "a_deadline_shorter_than_the_load_serves_what_is_held"),
    ("8", "engine/src/tests/flights.rs", "nothing_departs_if_everybody_left_while_boarding"),
    ("8", "engine/src/tests/flights.rs", "what_departed_is_harvested_though_everybody_left"),
    ("9, flights", "engine/src/tests/failures.rs", "a_full_table_refuses_and_recovers"),
    (
        "9, queue",
        "cache-tiers/src/stack/tests/behind.rs",
        "what_waits_is_bounded_and_the_oldest_goes_first",
    ),
    (
        "9, removals",
        "cache-tiers/src/stack/owed/tests.rs",
        "too_many_become_one_mark_of_what_they_have_in_common",
    ),
    ("9, marks", "cache-tiers/src/stack/tests/marks.rs", "marks_are_bounded_and_never_forget"),
    ("10", "cache-tiers/src/conformance.rs", "corrupt_bytes"),
    (
        "11",
        "cache-tiers/src/guarded/tests.rs",
        "an_open_breaker_lets_one_probe_through_after_a_while",
    ),
    ("12", "cache-tiers/src/stack/tests/age.rs", "a_copy_in_the_last_second_gets_the_last_second"),
    ("12", "cache-tiers/src/stack/tests/age.rs", "a_slow_answer_is_not_younger_for_it"),
];

type Part = Arc<Faulty<MemoryTier>>;

/// A near tier over a far one, as a process finds them when it starts.
struct Pair {
    stack: Stack,
    clock: ManualClock,
    near: Part,
    far: Part,
}

fn part(name: &str, faults: Faults) -> Part {
    Arc::new(Faulty::new(MemoryTier::new(name, 1 << 20), faults, 1))
}

fn process(far: &Part, clock: &ManualClock) -> Pair {
    let near = part("near", Faults::default());
    let stack = StackBuilder::new(Arc::new(clock.clone()))
        .tier(Arc::<Faulty<MemoryTier>>::clone(&near), TierPolicy::default())
        .tier(Arc::new(Far(Arc::clone(far))), TierPolicy::default())
        .build();
    Pair { stack, clock: clock.clone(), near, far: Arc::clone(far) }
}

fn pair(faults: Faults) -> Pair {
    process(&part("far", faults), &ManualClock::at(Timestamp::from_millis(1_791_201_600_000)))
}

fn entry(version: u16, fetched_at: Timestamp, ttl: Duration, grace: Duration) -> Entry {
    let fresh_until = fetched_at.after(ttl);
    let meta = Meta {
        version: Version::at(fetched_at, version),
        fetched_at,
        fresh_until,
        usable_until: fresh_until.after(grace),
        ..Meta::default()
    };
    Entry { body: version.to_string().into(), meta }
}

const SECOND: Duration = Duration::from_secs(1);

fn coin() -> Key {
    Key::new("coin")
}

impl Pair {
    async fn freshness(&self) -> Option<Freshness> {
        let found = self.stack.look(&[coin()], self.clock.now()).await.remove(0);
        found.map(|found| found.freshness)
    }
}

#[tokio::test]
async fn pitfall_1_a_back_fill_extends_no_life() {
    // Breaks: a price of one minute is served for two.
    let pair = pair(Faults::default());
    pair.far.put(&coin(), entry(1, pair.clock.now(), 60 * SECOND, SECOND)).await.unwrap();
    pair.clock.advance(59 * SECOND);
    assert_eq!(pair.freshness().await, Some(Freshness::Fresh));
    assert!(pair.near.peek(&coin()).is_some());
    pair.clock.advance(SECOND);
    assert_eq!(pair.freshness().await, Some(Freshness::Stale));
    pair.clock.advance(SECOND);
    assert_eq!(pair.freshness().await, None);
}

#[tokio::test]
async fn pitfall_2_a_back_fill_that_races_an_invalidation_loses() {
    // Breaks: the look has read the old price below, and writes it above after the removal.
    let pair = pair(Faults::default());
    let old = entry(1, pair.clock.now(), 60 * SECOND, SECOND);
    let fence = Version::at(pair.clock.now(), 2);
    for n_polls in 0..6 {
        pair.far.inner().remove_many(&[coin()]).await.unwrap();
        pair.far.put(&coin(), old.clone()).await.unwrap();
        let keys = [coin()];
        let mut look = Box::pin(pair.stack.look(&keys, pair.clock.now()));
        for _ in 0..n_polls {
            if futures_util::poll!(&mut look).is_ready() {
                break;
            }
        }
        pair.stack.remove(&[coin()], fence).await;
        drop(look);
        assert_eq!(pair.near.peek(&coin()), None);
        assert_eq!(pair.freshness().await, None);
    }
}

#[tokio::test]
async fn pitfall_3_an_error_of_a_tier_is_no_value_and_no_absence() {
    // Breaks: a store that fails makes a coin vanish for as long as its absence is believed.
    let pair = pair(Faults::DEAD);
    let asked = pair.stack.look(&[coin()], pair.clock.now()).await;
    assert_eq!(asked, [None]);
    assert_eq!(pair.near.peek(&coin()), None, "nothing is kept of a failure");
    pair.far.inner().put(&coin(), entry(1, pair.clock.now(), SECOND, SECOND)).await.unwrap();
    let next =
        process(&Arc::new(Faulty::new(MemoryTier::new("far", 1), Faults::DEAD, 1)), &pair.clock);
    assert_eq!(next.freshness().await, None);
}

#[tokio::test]
async fn pitfall_4_a_writer_whose_clock_is_ahead_makes_nothing_fresh_for_longer() {
    // Breaks: an instance an hour ahead has everybody serve its price for an hour too long.
    let pair = pair(Faults::default());
    let ahead = pair.clock.now().after(3_600 * SECOND);
    pair.far.put(&coin(), entry(1, ahead, 60 * SECOND, 600 * SECOND)).await.unwrap();
    assert_eq!(pair.freshness().await, Some(Freshness::Stale));
    pair.clock.advance(3_600 * SECOND - limits::SKEW_MAX);
    assert_eq!(pair.freshness().await, Some(Freshness::Fresh), "its time has come");
}

#[test]
fn pitfall_5_what_was_loaded_together_does_not_end_together() {
    // Breaks: a shared tier forgets a thousand coins in one second, and all are paid at once.
    let policy = TtlPolicy { ttl: 60 * SECOND, grace: SECOND, jitter_permille: 200 };
    let mut ends: Vec<Timestamp> =
        (0..1_000).map(|seed| policy.lives(Timestamp::EPOCH, 1_000, seed).0).collect();
    ends.sort_unstable();
    assert!(ends[0] >= Timestamp::EPOCH.after(48 * SECOND), "and none is much too early");
    assert!(ends[999] <= Timestamp::EPOCH.after(60 * SECOND), "nor too late");
    let most =
        (0..1_000).map(|n| ends.partition_point(|end| *end < ends[n].after(SECOND)) - n).max();
    assert!(most.unwrap() < 150, "{most:?} in one second");
}

#[tokio::test]
async fn pitfall_6_and_7_who_leaves_takes_nothing_with_him() {
    // Breaks: an asker that hangs up in the middle leaves a half-written tier or a lock behind.
    let pair = pair(Faults::default());
    let items = [(coin(), entry(1, pair.clock.now(), 60 * SECOND, SECOND))];
    for n_polls in 0..6 {
        let mut fill = Box::pin(pair.stack.fill(&items));
        for _ in 0..n_polls {
            if futures_util::poll!(&mut fill).is_ready() {
                break;
            }
        }
    }
    assert_eq!(pair.freshness().await, Some(Freshness::Fresh));
}

#[tokio::test(start_paused = true)]
async fn pitfall_8_what_is_owed_is_paid_though_no_request_lives_to_pay_it() {
    // Breaks: the timer of a retry dies with the request that began it.
    let pair = pair(Faults { refused: 800, ..Faults::default() });
    let behind = pair.stack.write_behind().unwrap();
    let keys: Vec<Key> = (0..20).map(|n| Key::new(&format!("coin:{n}"))).collect();
    pair.stack.remove(&keys, Version::at(pair.clock.now(), 1)).await;
    let is_told = || keys.iter().all(|key| pair.far.inner().peek(key).is_some());
    tokio::select! {
        () = behind.run() => unreachable!("nobody closed it"),
        () = async {
            while !is_told() {
                tokio::time::sleep(SECOND).await;
                pair.clock.advance(SECOND);
            }
        } => {}
    }
}

#[tokio::test]
async fn pitfall_9_nothing_grows_without_end() {
    // Breaks: a flood of keys, of removals or of marks takes the memory of the process.
    let pair = pair(Faults::DEAD);
    let _behind = pair.stack.write_behind().unwrap();
    for n in 0..3_000_u16 {
        let key = Key::new(&format!("coin:{n}"));
        let fence = Version::at(pair.clock.now(), n);
        pair.stack.fill(&[(key.clone(), entry(n, pair.clock.now(), SECOND, SECOND))]).await;
        pair.stack.remove(&[key], fence).await;
        let scope = cache_tiers::Scope::Prefix(format!("{n}:"));
        pair.stack.mark(cache_tiers::Mark { scope, fence });
    }
    assert!(pair.near.inner().n_bytes() <= 1 << 20);
    assert_eq!(pair.stack.marks().len(), limits::MARKS_MAX);
}

#[test]
fn pitfall_10_a_frame_of_another_release_is_a_miss_and_never_a_panic() {
    // Breaks: a deploy makes every entry of the other release an error, on both sides.
    let frame = entry(1, Timestamp::EPOCH, SECOND, SECOND).encode();
    assert!(Entry::decode(frame.clone()).is_ok());
    for place in 0..frame.len() {
        for bit in 0..8 {
            let mut other = frame.to_vec();
            other[place] ^= 1 << bit;
            assert!(Entry::decode(other.into()).is_err(), "bit {bit} of byte {place}");
        }
        assert!(Entry::decode(frame.slice(..place)).is_err());
    }
}

#[tokio::test]
async fn pitfall_11_after_a_gap_nothing_is_flushed_and_nothing_old_stays() {
    // Breaks: notes were missed while the line was down; either all is paid again, or the copies
    // of what others have changed live on.
    let pair = pair(Faults::default());
    let now = pair.clock.now();
    let keys = ["same", "changed", "removed"].map(Key::new);
    let items = keys.clone().map(|key| (key, entry(1, now, 60 * SECOND, SECOND)));
    pair.stack.fill(&items).await;
    let other = process(&pair.far, &pair.clock);
    other.stack.fill(&[(keys[1].clone(), entry(2, now, 60 * SECOND, SECOND))]).await;
    other.stack.remove(&keys[2..], Version::at(now, 2)).await;
    pair.stack.refresh(&keys, now).await;
    let held = keys.map(|key| pair.stack.peek(&key, now).map(|found| found.entry.body));
    assert_eq!(held, [Some("1".into()), Some("2".into()), None]);
}

#[tokio::test]
async fn pitfall_12_lives_are_absolute_and_of_milliseconds() {
    // Breaks: a life under a second is rounded to nothing or to for ever; a long one is a date.
    for millis in [1, 250, 999, 1_500, 31 * 86_400_000] {
        let pair = pair(Faults::default());
        let life = Duration::from_millis(millis);
        pair.stack.fill(&[(coin(), entry(1, pair.clock.now(), life, Duration::ZERO))]).await;
        pair.clock.advance(life - Duration::from_millis(1));
        let restarted = process(&pair.far, &pair.clock);
        assert_eq!(restarted.freshness().await, Some(Freshness::Fresh), "{millis} ms");
        pair.clock.advance(Duration::from_millis(1));
        assert_eq!(restarted.freshness().await, None, "{millis} ms");
    }
}

#[test]
fn the_cases_that_stand_elsewhere_exist() {
    // Breaks: a case is renamed or removed, and its pitfall is open again.
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (pitfall, file, test) in ELSEWHERE {
        let text = std::fs::read_to_string(crates.join(file)).unwrap();
        let is_there = text.lines().any(|line| line.contains("fn ") && line.contains(test));
        assert!(is_there, "pitfall {pitfall}: {test} in {file}");
    }
}
