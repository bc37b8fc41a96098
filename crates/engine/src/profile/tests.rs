use std::time::Duration;

use super::*;

fn hour(n: u64) -> Timestamp {
    Timestamp::EPOCH.after(Duration::from_secs(3_600 * (20_000 + n)))
}

#[test]
fn the_hours_of_the_week_are_told_apart() {
    // Breaks if the market is warmed for an office at night.
    let mut profile = Profile::default();
    assert!((profile.busyness(hour(3)) - 1.0).abs() < 1e-9, "nothing is known yet");
    for n in 0..400 {
        profile.add(if n % 24 == 9 { 900 } else { 100 }, hour(n));
    }
    assert!(profile.busyness(hour(9 + 24 * 30)) > 5.0);
    assert!(profile.busyness(hour(10 + 24 * 30)) < 0.9);
}

#[test]
fn a_profile_outlives_its_process() {
    // Breaks if each start begins a new week.
    let mut profile = Profile::default();
    (0..170).for_each(|n| profile.add(u32::try_from(n).unwrap() + 1, hour(n)));
    let read = Profile::read(&profile.write()).unwrap();
    assert_eq!(read.write(), profile.write());
    for wrong in ["", "1,2", &format!("{},7", profile.write()), &"x,".repeat(168)] {
        assert!(Profile::read(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn a_clock_that_is_set_back_spoils_no_hour() {
    // Breaks if an hour that did not end counts as one.
    let mut profile = Profile::default();
    profile.add(7, hour(10));
    profile.add(5, hour(3));
    assert!(profile.hours.iter().all(|count| *count == 0.0));
}
