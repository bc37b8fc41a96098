use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_791_201_671_207);

fn budget(minute_calls: Option<u64>, day: Option<u64>, month: Option<u64>) -> Budget {
    let (day, month) = (day.map(Credits::new), month.map(Credits::new));
    Budget { minute_calls, day, month, anchor: BillingAnchor::FIRST }
}

fn usage(minute_calls: u64, day: u64, month: u64, reserved: u64) -> Usage {
    let [day, month, reserved] = [day, month, reserved].map(Credits::new);
    Usage { minute_calls, day, month, reserved, n_open: 0 }
}

fn refused(budget: &Budget, usage: &Usage, price: u64) -> (Window, Reason, Option<String>) {
    match budget.decide(usage, Credits::new(price), NOW) {
        Decision::Granted => panic!("{price} was granted"),
        Decision::Refused(refusal) => {
            (refusal.window, refusal.reason, refusal.retry_at.map(|at| at.to_string()))
        }
    }
}

#[test]
fn the_last_credit_may_be_spent_and_no_more() {
    // One off in either direction is a lost or a stolen credit.
    let budget = budget(None, Some(10), None);
    assert_eq!(budget.decide(&usage(0, 5, 5, 3), Credits::new(2), NOW), Decision::Granted);
    let (window, reason, retry_at) = refused(&budget, &usage(0, 5, 5, 3), 3);
    assert_eq!((window, reason), (Window::Day, Reason::Held));
    assert_eq!(retry_at.as_deref(), Some("2026-10-06T00:00:00.000Z"));
}

#[test]
fn of_several_full_windows_the_last_to_open_is_told() {
    // Coming back earlier would only be refused again.
    let budget = budget(Some(1), Some(10), Some(20));
    let all = refused(&budget, &usage(1, 10, 20, 0), 1);
    let expected = Some("2026-11-01T00:00:00.000Z".to_owned());
    assert_eq!(all, (Window::Month, Reason::Exhausted, expected));
    let minute = refused(&budget, &usage(1, 0, 0, 0), 1);
    assert_eq!(minute.2.as_deref(), Some("2026-10-05T12:02:00.000Z"));
}

#[test]
fn a_price_above_the_limit_never_comes_back() {
    // A retry time would promise what cannot be.
    let answer = refused(&budget(None, Some(10), Some(10)), &usage(0, 0, 0, 0), 11);
    assert_eq!((answer.1, answer.2), (Reason::TooBig, None));
}

#[test]
fn a_free_call_fits_an_overdrawn_budget_but_not_a_full_minute() {
    // The key's own state is asked for free when nothing else is left.
    let budget = budget(Some(2), Some(10), None);
    assert_eq!(budget.decide(&usage(1, 12, 12, 0), Credits::ZERO, NOW), Decision::Granted);
    assert_eq!(refused(&budget, &usage(2, 0, 0, 0), 0).0, Window::Minute);
}

#[test]
fn what_is_available_is_the_least_of_all_windows() {
    // Shown to people and used for planning.
    let usage = usage(0, 5, 15, 2);
    assert_eq!(budget(None, Some(10), Some(18)).available(&usage), Some(Credits::new(1)));
    assert_eq!(budget(None, None, None).available(&usage), None);
}

proptest! {
    #[test]
    fn what_is_granted_fits_every_window(
        limits in (any::<Option<u64>>(), any::<Option<u64>>(), any::<Option<u64>>()),
        used in (any::<u64>(), any::<u64>(), any::<u64>(), any::<u64>()),
        price in any::<u64>(),
    ) {
        // The decision is the only guard of the money; amounts near the end must not wrap.
        let budget = budget(limits.0, limits.1, limits.2);
        let usage = usage(used.0, used.1, used.2, used.3);
        let granted = budget.decide(&usage, Credits::new(price), NOW) == Decision::Granted;
        let held = u128::from(used_reserved(&usage)) + u128::from(price);
        let sum = |used: u64| u128::from(used) + held;
        let fits = |limit: Option<u64>, used: u64| {
            price == 0 || limit.is_none_or(|limit| sum(used) <= u128::from(limit))
        };
        let fits_minute = limits.0.is_none_or(|limit| used.0 < limit);
        let fits_all = fits_minute && fits(limits.1, used.1) && fits(limits.2, used.2);
        // Sums beyond 64 bits are refused under any limit but the greatest.
        let greatest = [limits.1, limits.2].contains(&Some(u64::MAX));
        prop_assert!(!granted || fits_all || greatest);
        prop_assert!(granted || !fits_all);
    }
}

fn used_reserved(usage: &Usage) -> u64 {
    usage.reserved.get()
}
