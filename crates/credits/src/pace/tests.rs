use std::time::Duration;

use super::*;

const START: Timestamp = Timestamp::from_millis(1_790_812_800_000);

fn pace(used: u64) -> Pace {
    let reset = START.after(Duration::from_secs(1_000));
    Pace { start: START, reset, limit: Credits::new(1_000), used: Credits::new(used) }
}

fn check(used: u64, seconds: u64, permille: u32) {
    let stretch = pace(used).stretch(START.after(Duration::from_secs(seconds)));
    assert_eq!(stretch.permille(), permille, "{used} used after {seconds} s");
}

#[test]
fn spending_slower_than_allowed_stretches_nothing() {
    // Lives must not change while the budget is well.
    check(0, 500, 1_000);
    check(400, 500, 1_000);
    check(500, 500, 1_000);
}

#[test]
fn spending_faster_stretches_by_how_much_too_fast() {
    // Three quarters gone at half time: the rest must last at a third of the speed.
    check(750, 500, 3_000);
    check(900, 500, 9_000);
}

#[test]
fn an_empty_or_overdrawn_budget_stretches_most() {
    // Never a division by zero.
    check(1_000, 500, Stretch::MAX.permille());
    check(2_000, 999, Stretch::MAX.permille());
}

#[test]
fn the_first_call_of_a_window_is_no_trend() {
    // One credit in the first millisecond is not a thousand a second.
    check(1, 0, 1_000);
    check(2_000, 1_000, 1_000);
}

#[test]
fn the_tightest_window_counts() {
    // A day within its limit may still be too much for the month.
    let noon = START.after(Duration::from_secs(43_200));
    let [day, month, used] = [1_000, 100, 50].map(Credits::new);
    let budget = Budget { day: Some(day), month: Some(month), ..Budget::UNLIMITED };
    let usage = Usage { day: used, month: used, ..Usage::default() };
    assert!(stretch(&budget, &usage, noon) > Stretch::NONE);
    assert_eq!(stretch(&Budget::UNLIMITED, &usage, noon), Stretch::NONE);
    assert_eq!(Stretch(1_500).apply(Duration::from_secs(2)), Duration::from_secs(3));
}
