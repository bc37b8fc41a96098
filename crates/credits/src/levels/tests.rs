use super::*;

const USUAL: [u8; 6] = [50, 75, 80, 90, 95, 100];

fn credits(n: u64) -> Credits {
    Credits::new(n)
}

fn period(n: i64) -> Timestamp {
    Timestamp::from_millis(n * 86_400_000)
}

#[test]
fn ten_thousand_calls_beyond_a_level_tell_it_once() {
    // The guide fires on every call beyond the level; whoever is paged so switches it off.
    let levels = Levels::of(USUAL);
    let mut state = LevelState::default();
    let mut told = Vec::new();
    for used in 0..=17_999 {
        told.extend(levels.judge(&mut state, period(1), credits(used), credits(20_000)));
    }
    let levels: Vec<u8> = told.iter().map(|passed| passed.level).collect();
    assert_eq!(levels, [50, 75, 80], "10,000 to 17,999 of 20,000");
    assert!(told.iter().all(|passed| passed.passed == [passed.level]));
}

#[test]
fn levels_passed_at_once_are_told_together() {
    // A dear call must not ring four times.
    let mut state = LevelState::default();
    let passed = Levels::of(USUAL).judge(&mut state, period(1), credits(81), credits(100));
    assert_eq!(passed, Some(Passed { level: 80, passed: vec![50, 75, 80] }));
}

#[test]
fn a_new_period_tells_anew_and_a_restart_does_not() {
    // Nobody wants last month's silence, nor the same page twice.
    let levels = Levels::of([80]);
    let mut state = LevelState::default();
    let mut judge = |n: i64, used: u64| {
        let json = serde_json::to_string(&state).unwrap();
        state = serde_json::from_str(&json).unwrap();
        levels.judge(&mut state, period(n), credits(used), credits(100)).is_some()
    };
    assert!(judge(1, 80) && !judge(1, 99));
    assert!(!judge(2, 3));
    assert!(judge(2, 85) && !judge(2, 85));
}

#[test]
fn use_that_wavers_at_a_level_tells_it_once_and_a_raised_limit_arms_it_again() {
    // A reading that is corrected by one credit is no news; a larger plan is.
    let levels = Levels::of([50, 80]);
    let mut state = LevelState::default();
    let mut judge =
        |used: u64, limit: u64| levels.judge(&mut state, period(1), credits(used), credits(limit));
    assert_eq!(judge(80, 100).unwrap().level, 80);
    assert_eq!(judge(79, 100), None);
    assert_eq!(judge(80, 100), None);
    assert_eq!(judge(80, 120), None, "67 %: 80 is armed again, 50 is not");
    assert_eq!(judge(96, 120).unwrap().passed, [80]);
    assert_eq!(judge(96, 1_000), None);
    assert_eq!(judge(500, 1_000).unwrap().level, 50);
    assert_eq!(judge(u64::MAX, u64::MAX).unwrap().level, 80);
    assert_eq!(judge(1, 0), None, "of nothing there are no shares");
}
