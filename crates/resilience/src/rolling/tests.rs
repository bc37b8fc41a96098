use super::*;

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn it_forgets_slot_by_slot() {
    // Breaks if the whole window is dropped at once, which would make every limit jump.
    let mut rolling = Rolling::new(at(10));
    for second in 0..10 {
        rolling.add(at(second), 1, 0);
    }
    assert_eq!(rolling.sum(at(9)).all, 10);
    assert_eq!(rolling.sum(at(12)).all, 7);
    assert_eq!(rolling.sum(at(19)).all, 0);
}

#[test]
fn a_long_pause_empties_it_in_constant_time() {
    // Breaks if slots are walked one by one over a pause of years.
    let mut rolling = Rolling::new(Duration::ZERO);
    rolling.add(at(0), 5, 5);
    assert_eq!(rolling.sum(at(u64::MAX)), Counts::default());
}

#[test]
fn a_clock_that_steps_back_forgets_nothing() {
    // Breaks if an earlier instant resets newer slots.
    let mut rolling = Rolling::new(at(10));
    rolling.add(at(100), 3, 1);
    rolling.add(at(50), 1, 1);
    assert_eq!(rolling.sum(at(100)), Counts { all: 4, marked: 2 });
}
