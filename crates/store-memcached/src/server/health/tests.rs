use super::*;

#[tokio::test(start_paused = true)]
async fn after_failures_in_a_row_one_call_per_rest_asks() {
    // Else each read that touches a frozen server waits for its deadline.
    let mut health = Health::default();
    for _ in 1..SERVER_FAILURES_TO_REST {
        assert!(!health.went_wrong(Instant::now()));
        assert_eq!(health.turn(Instant::now()), Turn::Ask);
    }
    assert!(health.went_wrong(Instant::now()), "it begins to rest");
    assert_eq!(health.turn(Instant::now()), Turn::Rest);
    tokio::time::advance(SERVER_REST).await;
    assert_eq!(health.turn(Instant::now()), Turn::Ask);
    assert_eq!(health.turn(Instant::now()), Turn::Rest, "the others wait for that one");
    assert!(health.went_well(), "the rest ends");
    assert_eq!(health.turn(Instant::now()), Turn::Ask);
    assert!(health.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_was_dropped_does_not_end_the_rest_for_ever() {
    // A caller that leaves tells nothing; the next rest has a probe again.
    let mut health = Health::default();
    for _ in 0..SERVER_FAILURES_TO_REST {
        health.went_wrong(Instant::now());
    }
    for _ in 0..3 {
        tokio::time::advance(SERVER_REST).await;
        assert_eq!(health.turn(Instant::now()), Turn::Ask);
    }
}
