use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn parts(mut windows: Windows) -> Vec<(Timestamp, Timestamp)> {
    std::iter::from_fn(|| {
        let part = windows.current()?;
        windows.advance();
        Some(part)
    })
    .collect()
}

#[test]
fn parts_tile_the_window() {
    // Breaks: a point at a border would be missed, or asked for and paid twice.
    let (from, to) = (at("2016-10-05T07:30:00Z"), at("2026-10-05T07:30:00Z"));
    for interval in [Interval::Daily, Interval::Days1, Interval::Hours12, Interval::Monthly] {
        let parts = parts(windows(interval, from, to));
        assert_eq!((parts[0].0, parts[parts.len() - 1].1), (from, to), "{interval}");
        for pair in parts.windows(2) {
            assert_eq!(pair[0].1.after(TICK), pair[1].0, "{interval}");
        }
    }
}

#[test]
fn no_part_but_the_first_begins_within_a_day() {
    // Breaks: the first snapshot of a part would be taken for the first of a day.
    let parts =
        parts(windows(Interval::Daily, at("2016-10-05T07:30:00Z"), at("2026-10-05T07:30:00Z")));
    assert_eq!(parts.len(), 4);
    assert!(parts[1..].iter().all(|(first, _)| floor(*first, length("1d").unwrap()) == *first));
}

#[test]
fn a_window_that_ends_before_it_begins_asks_nothing() {
    assert!(
        parts(windows(Interval::Daily, at("2026-01-02T00:00:00Z"), Timestamp::EPOCH)).is_empty()
    );
    assert_eq!(length("45m"), Some(Duration::from_secs(2_700)));
    assert_eq!(length("weekly"), None);
}
