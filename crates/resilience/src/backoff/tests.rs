use super::*;
use proptest::prelude::*;

fn plain(first_ms: u64, max_ms: u64) -> Backoff {
    Backoff::new(BackoffConfig {
        first: Duration::from_millis(first_ms),
        max: Duration::from_millis(max_ms),
        jitter: Jitter::None,
    })
}

#[test]
fn it_doubles_until_the_maximum() {
    // Breaks if the exponent is off by one or the cap is not applied.
    let mut rng = fastrand::Rng::with_seed(1);
    let delays: Vec<u128> =
        (0..6).map(|n| plain(500, 4_000).delay(n, None, &mut rng).as_millis()).collect();
    assert_eq!(delays, [500, 1_000, 2_000, 4_000, 4_000, 4_000]);
}

#[test]
fn it_survives_absurd_attempts_and_hints() {
    // Breaks if the arithmetic overflows.
    let mut rng = fastrand::Rng::with_seed(1);
    assert_eq!(plain(500, 4_000).delay(u32::MAX, None, &mut rng), Duration::from_secs(4));
    assert_eq!(plain(0, 4_000).delay(u32::MAX, None, &mut rng), Duration::ZERO);
    let spread = Backoff::default().delay(0, Some(Duration::MAX), &mut rng);
    assert_eq!(spread, Duration::MAX);
}

#[test]
fn a_hint_beyond_the_maximum_is_honoured() {
    // Breaks if the hint is cut to `max`: we would knock before the server lets us in.
    let mut rng = fastrand::Rng::with_seed(1);
    let hint = Duration::from_secs(60);
    assert_eq!(plain(500, 4_000).delay(0, Some(hint), &mut rng), hint);
}

fn jitters() -> impl Strategy<Value = Jitter> {
    prop_oneof![Just(Jitter::None), Just(Jitter::Full), Just(Jitter::Equal)]
}

proptest! {
    #[test]
    fn a_delay_stays_within_its_bounds(
        first in 0u64..100_000, max in 0u64..1_000_000, attempt in 0u32..80,
        hint in proptest::option::of(0u64..1_000_000), seed: u64, jitter in jitters(),
    ) {
        // Breaks if any jitter leaves [floor, ceiling] or undercuts the server's hint.
        let ms = Duration::from_millis;
        let config = BackoffConfig { first: ms(first), max: ms(max), jitter };
        let backoff = Backoff::new(config);
        let ceiling = backoff.ceiling(attempt);
        prop_assert!(ceiling <= config.max);
        let hint = hint.map(ms);
        let delay = backoff.delay(attempt, hint, &mut fastrand::Rng::with_seed(seed));
        let floor = match jitter {
            Jitter::None => ceiling,
            Jitter::Equal => ceiling / 2,
            Jitter::Full => Duration::ZERO,
        };
        prop_assert!(delay >= floor.max(hint.unwrap_or_default()));
        let top = hint.map_or(Duration::ZERO, |hint| hint + config.first);
        prop_assert!(delay <= ceiling.max(top));
    }
}
