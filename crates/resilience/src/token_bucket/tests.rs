use super::*;
use proptest::prelude::*;

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn the_minute_resets_on_the_full_minute() {
    // Breaks if the window starts with the first request instead of the calendar.
    let mut window = MinuteWindow::new(2);
    assert_eq!(window.try_take(at(59), 2), Ok(()));
    assert_eq!(window.try_take(at(59), 1), Err(Wait { until: at(60) }));
    assert_eq!(window.try_take(at(60), 2), Ok(()));
    assert_eq!(window.left(at(119)), 0);
    assert_eq!(window.left(at(120)), 2);
}

#[test]
fn more_than_the_limit_is_never_granted() {
    // Breaks if a caller would wait for a minute that never comes.
    assert_eq!(MinuteWindow::new(2).try_take(at(0), 3), Err(Wait::NEVER));
    assert_eq!(MinuteWindow::new(0).try_take(at(0), 1), Err(Wait::NEVER));
    let mut bucket = TokenBucket::new(BucketConfig { limit: 9, window: at(60), burst: 3 });
    assert_eq!(bucket.try_take(at(0), 4), Err(Wait::NEVER));
    assert_eq!(TokenBucket::new(BucketConfig::per_minute(0)).try_take(at(0), 1), Err(Wait::NEVER));
}

#[test]
fn the_servers_count_overrules_ours_upwards_only() {
    // Breaks if a late reading gives back what we have sent since.
    let mut window = MinuteWindow::new(30);
    assert_eq!(window.try_take(at(0), 20), Ok(()));
    window.observe(at(1), 5);
    assert_eq!(window.left(at(1)), 10);
    window.observe(at(1), 25);
    assert_eq!(window.left(at(1)), 5);
    window.exhaust(at(2));
    assert_eq!(window.try_take(at(2), 1).unwrap_err().from(at(2)), at(58));
    assert_eq!(window.left(at(60)), 30);
    window.set_limit(10);
    assert_eq!((window.limit(), window.left(at(60))), (10, 10));
}

#[test]
fn a_clock_that_steps_back_gives_nothing_back() {
    // Breaks if an earlier minute resets the count.
    let mut window = MinuteWindow::new(1);
    assert_eq!(window.try_take(at(120), 1), Ok(()));
    assert_eq!(window.try_take(at(30), 1), Err(Wait { until: at(180) }));
}

#[test]
fn the_smooth_bucket_spreads_what_follows_a_burst() {
    // Breaks if the steady interval is not window / (limit - burst + 1).
    let mut bucket = TokenBucket::new(BucketConfig { limit: 8, window: at(60), burst: 3 });
    assert_eq!(bucket.try_take(at(0), 3), Ok(()));
    assert_eq!(bucket.try_take(at(0), 1), Err(Wait { until: at(10) }));
    assert_eq!(bucket.try_take(at(10), 1), Ok(()));
    assert_eq!(bucket.try_take(at(15), 1), Err(Wait { until: at(20) }));
}

#[test]
fn a_pause_grants_one_at_its_end() {
    // Breaks if the pause is ignored, or lasts an interval too long.
    let mut bucket = TokenBucket::new(BucketConfig { limit: 8, window: at(60), burst: 3 });
    bucket.pause_until(at(100));
    assert_eq!(bucket.try_take(at(99), 1), Err(Wait { until: at(100) }));
    assert_eq!(bucket.try_take(at(100), 1), Ok(()));
}

proptest! {
    #[test]
    fn no_window_holds_more_than_the_limit(
        limit in 1u32..40, burst in 0u32..60, window_ms in 1u64..5_000,
        steps in proptest::collection::vec((0u64..200, 1u32..5), 1..400),
    ) {
        // Breaks if burst and steady rate together exceed the limit in some window.
        let window = Duration::from_millis(window_ms);
        let mut bucket = TokenBucket::new(BucketConfig { limit, window, burst });
        let mut now = Duration::ZERO;
        let mut taken: Vec<(Duration, u32)> = Vec::new();
        for (ms, n) in steps {
            now += Duration::from_millis(ms);
            if bucket.try_take(now, n).is_ok() {
                taken.push((now, n));
            }
        }
        for (start, _) in &taken {
            let inside = taken.iter().filter(|(at, _)| at >= start && *at < *start + window);
            prop_assert!(inside.map(|(_, n)| n).sum::<u32>() <= limit);
        }
    }

    #[test]
    fn the_instant_to_wait_for_is_the_first_that_grants(
        limit in 1u32..40, burst in 1u32..10,
        steps in proptest::collection::vec((0u64..3_000, 1u32..5), 1..100),
    ) {
        // Breaks if callers wake too early and spin, or too late and idle.
        let mut bucket = TokenBucket::new(BucketConfig { limit, window: at(10), burst });
        let mut now = Duration::ZERO;
        for (ms, n) in steps {
            now += Duration::from_millis(ms);
            let Err(wait) = bucket.try_take(now, n) else { continue };
            if wait == Wait::NEVER { continue }
            prop_assert!(wait.until > now);
            let nearly = wait.until - Duration::from_nanos(1);
            prop_assert!(bucket.clone().try_take(nearly, n).is_err());
            prop_assert!(bucket.clone().try_take(wait.until, n).is_ok());
        }
    }

    #[test]
    fn no_calendar_minute_holds_more_than_the_limit(
        limit in 0u32..40, steps in proptest::collection::vec((0u64..9_000, 1u32..9), 1..300),
    ) {
        // Breaks if the count is reset other than by a new minute.
        let mut window = MinuteWindow::new(limit);
        let mut now = Duration::ZERO;
        let mut per_minute = std::collections::BTreeMap::<u64, u32>::new();
        for (ms, n) in steps {
            now += Duration::from_millis(ms);
            if window.try_take(now, n).is_ok() {
                *per_minute.entry(now.as_secs() / 60).or_default() += n;
            }
        }
        prop_assert!(per_minute.values().all(|taken| *taken <= limit));
    }
}
