use super::*;

#[test]
fn clones_of_a_manual_clock_share_the_time() {
    // A test that moves its clock must move the one inside the part under test.
    let clock = ManualClock::at(Timestamp::EPOCH);
    let inside: Arc<dyn Clock> = Arc::new(clock.clone());
    clock.advance(Duration::from_secs(3));
    assert_eq!(inside.now(), Timestamp::from_millis(3_000));
}

#[test]
fn a_coarse_clock_moves_only_at_ticks() {
    // The hit path relies on reading costing no system call.
    let source = ManualClock::at(Timestamp::EPOCH);
    let coarse = CoarseClock::over(Arc::new(source.clone()));
    source.advance(Duration::from_millis(7));
    assert_eq!(coarse.now(), Timestamp::EPOCH);
    coarse.tick();
    assert_eq!(coarse.now(), Timestamp::from_millis(7));
}
