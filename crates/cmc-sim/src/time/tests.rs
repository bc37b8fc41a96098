use super::*;

#[test]
fn instants_are_read_with_and_without_a_zone() {
    // Would break: set_time in control.
    let ms = parse_iso("2026-10-05T09:14:31.207Z").unwrap();
    assert_eq!(iso(ms), "2026-10-05T09:14:31.207Z");
    assert_eq!(parse_iso("2026-10-05T09:14:31.207"), Some(ms));
    assert_eq!(parse_iso("2026-10-05").map(iso), Some("2026-10-05T00:00:00.000Z".to_owned()));
    assert_eq!(parse_iso("yesterday"), None);
}

#[test]
fn a_billing_month_runs_from_anchor_to_anchor() {
    // Would break: resets of paid keys, and those of Basic on the 1st.
    let check = |now: &str, day, offset, start: &str, end: &str| {
        let (from, to) = month_window(parse_iso(now).unwrap(), day, offset);
        assert_eq!((iso(from), iso(to)), (format!("{start}.000Z"), format!("{end}.000Z")));
    };
    check("2026-10-05T09:00:00Z", 1, 0, "2026-10-01T00:00:00", "2026-11-01T00:00:00");
    check("2026-10-05T09:00:00Z", 20, HOUR, "2026-09-20T01:00:00", "2026-10-20T01:00:00");
    check("2026-10-20T00:59:59Z", 20, HOUR, "2026-09-20T01:00:00", "2026-10-20T01:00:00");
    check("2026-10-20T01:00:00Z", 20, HOUR, "2026-10-20T01:00:00", "2026-11-20T01:00:00");
    check("2027-01-03T00:00:00Z", 28, 0, "2026-12-28T00:00:00", "2027-01-28T00:00:00");
}

#[test]
fn the_time_left_is_told_in_words() {
    // Would break: credit_limit_monthly_reset.
    assert_eq!(until(0, 3 * DAY + 19 * HOUR + 56 * MINUTE), "In 3 days, 19 hours, 56 minutes");
    assert_eq!(until(0, DAY + HOUR), "In 1 day, 1 hour, 0 minutes");
    assert_eq!(until(5, 0), "In 0 minutes");
}
