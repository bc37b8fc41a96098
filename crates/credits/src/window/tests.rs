use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn check(window: Window, anchor: BillingAnchor, now: &str, start: &str, reset: &str) {
    assert_eq!(window.bounds(at(now), anchor), (at(start), at(reset)), "{window} at {now}");
}

#[test]
fn minutes_and_days_are_those_of_the_calendar() {
    // Upstream counts calls per calendar minute and credits per calendar day.
    let now = "2026-10-05T09:14:31.207Z";
    let first = BillingAnchor::FIRST;
    check(Window::Minute, first, now, "2026-10-05T09:14:00Z", "2026-10-05T09:15:00Z");
    check(Window::Day, first, now, "2026-10-05T00:00:00Z", "2026-10-06T00:00:00Z");
    check(Window::Month, first, now, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
}

#[test]
fn a_window_holds_its_start_and_not_its_reset() {
    // At the reset itself the new budget is there.
    let anchor = BillingAnchor::at(at("2026-01-15T06:00:00Z"));
    let (start, reset) = ("2026-10-15T06:00:00Z", "2026-11-15T06:00:00Z");
    check(Window::Month, anchor, start, start, reset);
    check(Window::Month, anchor, "2026-10-15T05:59:59.999Z", "2026-09-15T06:00:00Z", start);
}

#[test]
fn an_anchor_on_the_31st_is_the_last_day_of_a_short_month_and_comes_back() {
    // Anchoring at the clamped day would drift to the 28th for ever.
    let anchor = BillingAnchor::at(at("2026-01-31T10:00:00Z"));
    let (january, february) = ("2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z");
    check(Window::Month, anchor, "2026-02-10T00:00:00Z", january, february);
    check(Window::Month, anchor, "2026-03-10T00:00:00Z", february, "2026-03-31T10:00:00Z");
    let leap = "2028-02-29T10:00:00Z";
    check(Window::Month, anchor, leap, leap, "2028-03-31T10:00:00Z");
}

#[test]
fn a_year_ends_in_the_middle_of_nothing() {
    // Month 12 + 1 is January of the next year.
    let anchor = BillingAnchor::at(at("2026-01-20T00:00:00Z"));
    let (start, reset) = ("2026-12-20T00:00:00Z", "2027-01-20T00:00:00Z");
    check(Window::Month, anchor, "2026-12-31T23:59:59Z", start, reset);
    check(Window::Month, anchor, "2027-01-01T00:00:00Z", start, reset);
}

proptest! {
    #[test]
    fn windows_cover_time_without_gap_or_overlap(
        now in 0_i64..253_402_300_799_999,
        anchor in 0_i64..2_000_000_000_000,
    ) {
        // A gap would be unlimited spending, an overlap a budget spent twice.
        let now = Timestamp::from_millis(now);
        let anchor = BillingAnchor::at(Timestamp::from_millis(anchor));
        for window in Window::ALL {
            let (start, reset) = window.bounds(now, anchor);
            prop_assert!(start <= now && now < reset);
            prop_assert_eq!(window.bounds(start, anchor), (start, reset));
            if reset <= Timestamp::MAX {
                prop_assert_eq!(window.start(reset, anchor), reset);
            }
        }
    }
}
