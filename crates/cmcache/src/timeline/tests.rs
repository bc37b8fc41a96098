use super::*;

fn reading(second: u64, full: u64, credits_used: u64) -> Reading {
    Reading {
        at: Timestamp::EPOCH.after(Duration::from_secs(second)),
        requests: Requests { full, cold: full / 2, ..Requests::default() },
        found: vec![("memory".to_owned(), full), ("upstream".to_owned(), full / 2)],
        ages: std::array::from_fn(|bucket| if bucket == 0 { full } else { 0 }),
        credits_used,
        latencies: Latencies::default(),
        tiers: Vec::new(),
        held: HeldNow::default(),
    }
}

fn at(second: u64) -> Timestamp {
    Timestamp::EPOCH.after(Duration::from_secs(second))
}

#[test]
fn a_moment_holds_what_happened_since_the_one_before() {
    // Breaks: curves show totals, which only ever climb.
    let timelines = Timelines::default();
    timelines.add(reading(5, 10, 3));
    assert!(timelines.since(Duration::from_secs(60), at(5)).is_empty(), "one reading is no length");
    timelines.add(reading(10, 30, 4));
    let moments = timelines.since(Duration::from_secs(60), at(10));
    let [moment] = moments.as_slice() else { panic!("{moments:?}") };
    assert_eq!((moment.requests.full, moment.requests.cold), (20, 10));
    assert_eq!(moment.found, [("memory".to_owned(), 20), ("upstream".to_owned(), 10)]);
    assert_eq!((moment.ages[0], moment.credits, moment.credits_used), (20, 1, 4));
    assert!((moment.seconds - 5.0).abs() < 1e-9);
}

#[test]
fn a_new_billing_month_is_no_negative_spending() {
    // Breaks: the moment of the reset shows a spike as high as the month.
    let timelines = Timelines::default();
    timelines.add(reading(5, 0, 14_990));
    timelines.add(reading(10, 0, 2));
    assert_eq!(timelines.since(Duration::from_secs(60), at(10))[0].credits, 2);
}

#[test]
fn a_clock_that_stands_still_or_is_set_back_makes_no_moment() {
    // Breaks: a rate over no time is infinite.
    let timelines = Timelines::default();
    for second in [10, 10, 4, 9] {
        timelines.add(reading(second, second, 0));
    }
    let moments = timelines.since(Duration::from_secs(600), at(10));
    assert_eq!(moments.len(), 1, "from 4 to 9: {moments:?}");
}

#[test]
fn a_day_is_kept_in_coarse_moments_and_nothing_grows_beyond_its_ring() {
    // Breaks: a process that runs for months holds months.
    let timelines = Timelines::default();
    let n = 2 * 17_280;
    for step in 0..=n {
        timelines.add(reading(5 * step, 10 * step, step));
    }
    let now = at(5 * n);
    let fine = timelines.since(Duration::from_secs(3_600), now);
    let coarse = timelines.since(Duration::from_secs(86_400), now);
    assert_eq!((fine.len(), coarse.len()), (FINE_MAX, COARSE_MAX));
    assert!(fine.iter().all(|moment| moment.requests.full == 10));
    let expected = 10 * u64::try_from(FINE_PER_COARSE).unwrap();
    assert!(coarse.iter().all(|moment| moment.requests.full == expected));
    assert!(coarse.iter().all(|moment| moment.credits == expected / 10));
    assert!(coarse.windows(2).all(|pair| pair[0].at_ms < pair[1].at_ms));
}

#[test]
fn whoever_listens_is_told_of_each_moment() {
    // Breaks: a page that is open shows what was when it was opened.
    let timelines = Timelines::default();
    let mut ear = timelines.listen();
    assert!(ear.borrow_and_update().is_none());
    timelines.add(reading(5, 1, 0));
    assert!(!ear.has_changed().unwrap());
    timelines.add(reading(10, 2, 0));
    assert!(ear.has_changed().unwrap());
    assert_eq!(ear.borrow_and_update().as_ref().map(|moment| moment.at_ms), Some(10_000));
}
