use super::*;
use proptest::prelude::*;

fn budget(share: f64, floor: u32) -> RetryBudget {
    RetryBudget::new(RetryBudgetConfig { window: Duration::from_secs(10), share, floor })
}

fn take_all(budget: &mut RetryBudget, now: Duration) -> usize {
    (0..1_000).take_while(|_| budget.try_retry(now)).count()
}

#[test]
fn a_quiet_client_may_still_retry() {
    // Breaks if the floor is not applied: the first failure of the day would be final.
    assert_eq!(take_all(&mut budget(0.2, 3), Duration::ZERO), 3);
}

#[test]
fn a_busy_client_retries_a_share_of_its_calls() {
    // Breaks if the floor is added to the share, or the share rounds down by an error of floats.
    let mut budget = budget(0.1, 3);
    for _ in 0..100 {
        budget.record_call(Duration::ZERO);
    }
    assert_eq!(take_all(&mut budget, Duration::ZERO), 10);
}

#[test]
fn what_was_spent_comes_back_after_the_window() {
    // Breaks if attempts are never forgotten.
    let mut budget = budget(0.2, 2);
    assert_eq!(take_all(&mut budget, Duration::from_secs(5)), 2);
    assert_eq!(budget.left(Duration::from_secs(13)), 0);
    assert_eq!(budget.left(Duration::from_secs(15)), 2);
}

#[test]
fn a_senseless_share_counts_as_zero() {
    // Breaks if a negative share or NaN becomes a huge allowance.
    for share in [-1.0, f64::NAN] {
        assert_eq!(take_all(&mut budget(share, 0), Duration::ZERO), 0);
    }
}

proptest! {
    #[test]
    fn retries_never_exceed_the_share_or_the_floor(
        steps in proptest::collection::vec((0u64..500, any::<bool>()), 1..300),
        share in 0.0f64..1.0, floor in 0u32..5,
    ) {
        // Breaks if a burst of failures can multiply the load.
        let mut budget = budget(share, floor);
        let (mut now, mut calls, mut retries) = (Duration::ZERO, 0u32, 0u32);
        for (ms, retry) in steps {
            now = (now + Duration::from_millis(ms)).min(Duration::from_millis(8_999));
            if retry {
                retries += u32::from(budget.try_retry(now));
            } else {
                budget.record_call(now);
                calls += 1;
            }
        }
        prop_assert!(f64::from(retries) <= (f64::from(calls) * share + 1e-6).max(f64::from(floor)));
    }
}
