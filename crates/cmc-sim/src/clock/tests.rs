use super::*;

#[test]
fn a_frozen_clock_moves_only_when_told() {
    // Would break: every test that compares two answers of one instant.
    let clock = SimClock::new(1_000.0, Some(5_000), None);
    assert_eq!(clock.now_ms(), 5_000);
    clock.advance(Duration::from_secs(2));
    assert_eq!(clock.now_ms(), 7_000);
    clock.set(1);
    assert_eq!((clock.now_ms(), clock.is_frozen()), (1, true));
}

#[test]
fn a_fast_clock_runs_ahead_and_can_be_stopped() {
    // Would break: --speed, and freezing a running market.
    let clock = SimClock::new(1e9, None, None);
    let first = clock.now_ms();
    while clock.now_ms() < first + 60_000 {
        std::hint::spin_loop();
    }
    clock.freeze(true);
    assert_eq!(clock.now_ms(), clock.now_ms());
    assert!(clock.now_ms() >= first + 60_000);
}
