use proptest::prelude::*;

use super::*;

fn policy(ttl_s: u64, jitter_permille: u16) -> TtlPolicy {
    TtlPolicy { ttl: Duration::from_secs(ttl_s), grace: Duration::from_secs(600), jitter_permille }
}

#[test]
fn an_immutable_entry_lives_for_ever_without_overflow() {
    // History is bought once.
    let (fresh_until, usable_until) =
        TtlPolicy::IMMUTABLE.lives(Timestamp::from_millis(5), 3_000, 1);
    assert_eq!((fresh_until, usable_until), (Timestamp::MAX, Timestamp::MAX));
}

#[test]
fn jitter_spreads_what_was_fetched_together() {
    // Else what was warmed together is fetched again together.
    let lives: std::collections::BTreeSet<_> =
        (0..100).map(|seed| policy(60, 100).lives(Timestamp::EPOCH, 1_000, seed).0).collect();
    assert!(lives.len() > 50, "{} different ends", lives.len());
}

proptest! {
    #[test]
    fn jitter_only_shortens_and_leaves_half(
        ttl_s in 1..100_000_u64, jitter in any::<u16>(), seed in any::<u64>(),
        start in 0..2_000_000_000_000_i64, stretch in 0..10_000_u32,
    ) {
        // Beyond the TTL the jitter would break the promise of the class.
        let start = Timestamp::from_millis(start);
        let (fresh, usable) = policy(ttl_s, jitter).lives(start, stretch, seed);
        let (longest, _) = policy(ttl_s, 0).lives(start, stretch, seed);
        prop_assert_eq!(longest, start.after(Duration::from_millis(ttl_s * u64::from(stretch))));
        prop_assert!(fresh <= longest);
        prop_assert!(fresh.since(start) * 2 + Duration::from_millis(2) >= longest.since(start));
        prop_assert_eq!(usable, fresh.after(Duration::from_secs(600)));
    }
}
