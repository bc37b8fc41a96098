use super::*;

fn at(text: &str) -> Millis {
    time::parse_instant(text).unwrap()
}

fn dates(points: &[Millis]) -> Vec<String> {
    points.iter().map(|ms| time::iso(*ms)[..16].to_owned()).collect()
}

#[test]
fn relative_steps_keep_the_time_of_day_and_calendar_steps_start_periods() {
    // Would break: `24h` against `daily`.
    let (start, end) = (at("2026-09-01T13:30Z"), at("2026-09-04"));
    let points = |word| dates(&Interval::parse(word).forward(start, end, 99));
    assert_eq!(points("24h"), ["2026-09-01T13:30", "2026-09-02T13:30", "2026-09-03T13:30"]);
    assert_eq!(points("daily"), ["2026-09-02T00:00", "2026-09-03T00:00", "2026-09-04T00:00"]);
    let back = |word| dates(&Interval::parse(word).backward(start, 2));
    assert_eq!(back("weekly"), ["2026-08-24T00:00", "2026-08-31T00:00"]);
    assert_eq!(back("monthly"), ["2026-08-01T00:00", "2026-09-01T00:00"]);
    assert_eq!(back("yearly"), ["2025-01-01T00:00", "2026-01-01T00:00"]);
    assert_eq!(back("45m"), ["2026-09-01T12:45", "2026-09-01T13:30"]);
}

#[test]
fn a_point_is_the_first_snapshot_at_or_after_it() {
    // Would break: the times of points.
    let window = Window {
        start: Some(at("2026-09-01T10:02Z")),
        end: at("2026-09-01T10:13Z"),
        count: 99,
        interval: Interval::parse("5m"),
    };
    let taken = |first: &str, now: &str| {
        let shots = window.snapshots(at(now), (at(first), Millis::MAX));
        dates(&shots.iter().map(|shot| shot.taken).collect::<Vec<_>>())
    };
    let all = ["2026-09-01T10:05", "2026-09-01T10:10", "2026-09-01T10:15"];
    assert_eq!(taken("2020-01-01", "2026-10-01"), all);
    assert_eq!(taken("2020-01-01", "2026-09-01T10:14Z"), all[..2]);
    assert_eq!(taken("2026-09-01T10:06Z", "2026-10-01"), all[1..]);
}

#[test]
fn instants_are_read_from_dates_stamps_and_seconds() {
    // Would break: one of the ways in which clients write times.
    for text in
        ["2026-09-01", "20260901", "2026-09-01T00:00:00.000Z", "2026-09-01T00:00", "1788220800"]
    {
        assert_eq!(time::parse_instant(text), Some(time::midnight(2026, 9, 1)), "{text}");
    }
    assert_eq!(time::parse_instant("yesterday"), None);
}
