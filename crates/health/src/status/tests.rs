use super::Status::{Degraded, Healthy, Unhealthy, Unknown};
use super::*;

#[test]
fn the_worst_part_decides() {
    // "Degraded" must not hide behind "healthy", nor "unknown" make the whole unhealthy.
    for (all, worst) in [
        (vec![], Healthy),
        (vec![Healthy, Unknown], Unknown),
        (vec![Unknown, Degraded, Healthy], Degraded),
        (vec![Degraded, Unhealthy], Unhealthy),
    ] {
        assert_eq!(Status::worst(all), worst);
    }
}

#[test]
fn only_the_unhealthy_are_taken_out_of_rotation() {
    // A warning that answers 503 would take every instance out at once.
    let codes = [Healthy, Unknown, Degraded, Unhealthy].map(Status::http);
    assert_eq!(codes, [200, 200, 200, 503]);
}
