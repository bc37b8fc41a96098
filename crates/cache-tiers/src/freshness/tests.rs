use super::*;

fn check(times: [i64; 3], now: i64, expected: Freshness) {
    let [fetched_at, fresh_until, usable_until] = times.map(Timestamp::from_millis);
    let meta = Meta { fetched_at, fresh_until, usable_until, ..Meta::default() };
    assert_eq!(of(&meta, Timestamp::from_millis(now)), expected, "{times:?} at {now}");
}

#[test]
fn an_end_is_the_first_instant_after() {
    // One millisecond more than promised is a promise broken.
    for (now, expected) in [
        (0, Freshness::Fresh),
        (9, Freshness::Fresh),
        (10, Freshness::Stale),
        (19, Freshness::Stale),
        (20, Freshness::Expired),
    ] {
        check([0, 10, 20], now, expected);
    }
}

#[test]
fn what_is_no_longer_usable_is_not_fresh() {
    // A frame with crossed times must not live by the longer one.
    check([0, 100, 20], 50, Freshness::Expired);
}

#[test]
fn an_entry_from_the_future_is_stale_at_best() {
    // Its times were set by a clock that runs ahead: by it the entry would live too long.
    check([2_000, 60_000, 90_000], 0, Freshness::Fresh);
    check([2_001, 60_000, 90_000], 0, Freshness::Stale);
    check([2_001, 60_000, 90_000], 1, Freshness::Fresh);
}

#[test]
fn a_clock_that_goes_back_far_makes_entries_stale_and_not_young() {
    // Else a jump of an hour would serve an hour too long.
    check([3_600_000, 3_660_000, 7_200_000], 1_000, Freshness::Stale);
}
