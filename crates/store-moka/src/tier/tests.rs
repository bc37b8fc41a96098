use std::{sync::Arc, time::Duration};

use cache_tiers::{Faults, Faulty, Guarded, Meta, SystemClock, Timestamp, Version};

use super::*;

cache_tiers::tier_conformance!(MokaTier::new(MokaConfig::default()));

mod guarded_and_faulty {
    use super::*;

    /// As the gateway asks it, with a deadline and a breaker, and as the tests of others do, with
    /// faults, of which it has none.
    fn wrapped() -> Guarded<Faulty<MokaTier>> {
        let faulty = Faulty::new(MokaTier::new(MokaConfig::default()), Faults::default(), 1);
        Guarded::new(faulty, Duration::from_secs(5), Arc::new(SystemClock))
    }

    cache_tiers::tier_conformance!(wrapped());
}

fn entry(version: u64, n_bytes: usize) -> Entry {
    let version = Version::from_bits(version);
    let meta = Meta { version, usable_until: Timestamp::MAX, ..Meta::default() };
    Entry { body: vec![0; n_bytes].into(), meta }
}

fn tier(max_bytes: u64) -> MokaTier {
    MokaTier::new(MokaConfig { max_bytes, ..MokaConfig::default() })
}

#[test]
fn the_bound_holds_under_a_flood_of_distinct_keys() {
    // The one tier that can take the machine's memory. The slack is the batch that is not yet
    // weighed, and does not grow with the flood.
    let max_bytes = 1 << 20;
    let tier = tier(max_bytes);
    for n in 0..50_000_u64 {
        tier.put(&Key::new(&format!("k{n}")), &entry(n, 900));
        if n % 1_000 == 0 {
            assert!(tier.n_entries() * 996 <= max_bytes * 2, "{tier:?}");
        }
    }
    let held = (0..50_000_u64).filter(|n| tier.peek(&Key::new(&format!("k{n}"))).is_some()).count();
    assert!(held as u64 * 996 <= max_bytes * 2, "{held} held");
    tier.settle();
    assert!(tier.n_bytes() <= max_bytes && tier.n_bytes() > max_bytes / 2, "{tier:?}");
}

#[test]
fn an_entry_weighs_its_key_its_body_and_its_overhead() {
    // Bodies alone would let a million small entries through.
    let tier = tier(1 << 20);
    tier.put(&Key::new("12345"), &entry(1, 100));
    tier.settle();
    assert_eq!(tier.n_bytes(), 5 + 100 + 96);
}

#[test]
fn of_writers_on_many_threads_the_newest_stays() {
    // Reading the version and putting must be one step.
    let tier = tier(1 << 20);
    let keys = ["a", "b", "c"].map(Key::new);
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            let (tier, keys) = (&tier, &keys);
            scope.spawn(move || {
                for n in 0..500 {
                    let version = (n * 7 + thread) % 2_000 + 1;
                    keys.iter().for_each(|key| tier.put(key, &entry(version, 1)));
                    let newer = keys.iter().all(|key| {
                        tier.peek(key)
                            .is_some_and(|held| held.meta.version >= Version::from_bits(version))
                    });
                    assert!(newer, "an older entry replaced a newer");
                }
            });
        }
    });
}

#[test]
fn an_entry_without_a_life_is_forgotten_and_breaks_nothing() {
    // Times come from other instances, and may be crossed.
    let tier = tier(1 << 20);
    let meta = Meta { fetched_at: Timestamp::MAX, ..Meta::default() };
    tier.put(&Key::new("k"), &Entry { body: "x".into(), meta });
    tier.settle();
    assert_eq!(tier.peek(&Key::new("k")), None);
}

#[test]
fn a_bound_of_zero_holds_nothing() {
    // The way to switch the tier off.
    let tier = tier(0);
    tier.put(&Key::new("k"), &entry(1, 1));
    tier.settle();
    assert_eq!(tier.peek(&Key::new("k")), None);
}
