use cmc_api::{Charge, CoinId};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

fn path() -> Arc<str> {
    "/v3/cryptocurrency/quotes/latest".into()
}

fn keys(ids: &[u32]) -> Vec<Entity> {
    ids.iter().map(|id| Entity::Info { coin: CoinId::new(*id) }).collect()
}

fn error(kind: UpstreamErrorKind) -> UpstreamError {
    UpstreamError::new(kind, Charge::Nothing)
}

fn after(seconds: u64) -> Timestamp {
    NOW.after(Duration::from_secs(seconds))
}

/// Fails at `seconds`, if the gate lets it try.
fn try_at(gates: &Gates, seconds: u64) -> bool {
    let open = gates.closed(&path(), &keys(&[1, 2]), after(seconds)).is_none();
    if open {
        let failure = FlightError::Upstream(Box::new(error(UpstreamErrorKind::ServerFault)));
        gates.remember(&path(), &keys(&[1, 2]), &failure, after(seconds));
    }
    open
}

#[test]
fn pauses_double_up_to_half_a_minute_counted_from_the_failure() {
    // Breaks if a dead upstream is asked as often as a living one, or never again.
    let gates = Gates::default();
    let tries: Vec<u64> = (0..=130).filter(|second| try_at(&gates, *second)).collect();
    assert_eq!(tries, [0, 1, 3, 7, 15, 31, 61, 91, 121]);
}

#[test]
fn after_a_pause_one_call_tries_and_the_others_wait_for_its_outcome() {
    // Breaks if everybody storms upstream when the pause is over.
    let gates = Gates::default();
    assert!(try_at(&gates, 0));
    let open = || gates.closed(&path(), &keys(&[3]), after(1)).is_none();
    assert!(open());
    assert!(!open(), "the second must wait for the first");
    gates.opened(&path());
    assert!(open() && open());
}

#[test]
fn the_hint_of_upstream_counts_if_it_is_longer() {
    // Breaks if Retry-After is ignored.
    let gates = Gates::default();
    let limited =
        error(UpstreamErrorKind::MinuteLimit).with_retry_after(Some(Duration::from_secs(40)));
    gates.remember(&path(), &keys(&[1]), &FlightError::Upstream(Box::new(limited)), NOW);
    let closed = gates.closed(&path(), &keys(&[9]), after(39));
    assert!(matches!(closed, Some(FlightError::Paused { until, .. }) if until == after(40)));
    assert!(gates.closed(&path(), &keys(&[9]), after(40)).is_none());
}

#[test]
fn a_refusal_is_believed_for_its_key_alone() {
    // Breaks if one bad key closes an endpoint, or is asked for each second.
    let gates = Gates::default();
    let refused = FlightError::Upstream(Box::new(error(UpstreamErrorKind::Refused)));
    gates.remember(&path(), &keys(&[1]), &refused, NOW);
    gates.remember(&path(), &keys(&[2, 3]), &refused, NOW);
    assert!(gates.refusal(&keys(&[1])[0], after(59)).is_some());
    assert!(gates.refusal(&keys(&[1])[0], after(60)).is_none());
    for id in [2, 3] {
        assert!(gates.refusal(&keys(&[id])[0], NOW).is_none(), "nobody knows whose fault it was");
    }
    assert!(gates.closed(&path(), &keys(&[1]), NOW).is_some());
    assert!(gates.closed(&path(), &keys(&[2]), NOW).is_none());
}

#[test]
fn a_plan_gate_closes_its_endpoint_for_an_hour_and_no_other() {
    // Breaks if an endpoint that the plan lacks is tried with every request.
    let gates = Gates::default();
    let gate = FlightError::Upstream(Box::new(error(UpstreamErrorKind::PlanGate)));
    gates.remember(&path(), &keys(&[1]), &gate, NOW);
    assert!(gates.closed(&path(), &keys(&[5]), after(3_599)).is_some());
    assert!(gates.closed(&"/v1/other".into(), &keys(&[5]), NOW).is_none());
    assert!(gates.closed(&path(), &keys(&[5]), after(3_600)).is_none());
}

#[test]
fn what_is_not_upstreams_fault_closes_nothing() {
    // Breaks if an empty budget or an impatient asker closes an endpoint.
    let gates = Gates::default();
    for error in [FlightError::Deadline, FlightError::Overloaded, FlightError::Lost] {
        gates.remember(&path(), &keys(&[1]), &error, NOW);
    }
    assert!(gates.closed(&path(), &keys(&[1]), NOW).is_none());
}

#[test]
fn the_number_of_remembered_errors_is_bounded() {
    // Breaks if a flood of bad keys fills the memory; expired ones make room.
    let gates = Gates::default();
    let refused = FlightError::Upstream(Box::new(error(UpstreamErrorKind::Refused)));
    for id in 0..u32::try_from(limits::GATES_MAX).unwrap() + 10 {
        gates.remember(&path(), &keys(&[id]), &refused, NOW);
    }
    assert_eq!(gates.0.lock().unwrap().len(), limits::GATES_MAX);
    gates.remember(&path(), &keys(&[1]), &refused, after(61));
    assert_eq!(gates.0.lock().unwrap().len(), 1);
}
