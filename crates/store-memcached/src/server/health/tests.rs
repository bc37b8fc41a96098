use super::*;

const NOW: Duration = Duration::from_secs(7);

#[test]
fn after_failures_in_a_row_one_call_per_rest_asks() {
    // Else each read that touches a frozen server waits for its deadline.
    let mut health = Health::default();
    for _ in 1..SERVER_FAILURES_TO_REST {
        assert!(!health.went_wrong(NOW));
        assert_eq!(health.turn(NOW), Turn::Ask);
    }
    assert!(health.went_wrong(NOW), "it begins to rest");
    assert_eq!(health.turn(NOW), Turn::Rest);
    let later = NOW + SERVER_REST;
    assert_eq!(health.turn(later), Turn::Ask);
    assert_eq!(health.turn(later), Turn::Rest, "the others wait for that one");
    assert!(!health.is_alive());
    assert!(health.went_well(), "the rest ends");
    assert_eq!(health.turn(later), Turn::Ask);
    assert!(health.is_alive());
}

#[test]
fn a_probe_that_was_dropped_does_not_end_the_rest_for_ever() {
    // A caller that leaves tells nothing; the next rest has a probe again.
    let mut health = Health::default();
    for _ in 0..SERVER_FAILURES_TO_REST {
        health.went_wrong(NOW);
    }
    for n_rests in 1..4 {
        assert_eq!(health.turn(NOW + SERVER_REST * n_rests), Turn::Ask);
    }
}
