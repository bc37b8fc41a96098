use super::*;
use proptest::prelude::*;

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn config() -> BreakerConfig {
    BreakerConfig {
        failures_to_open: 3,
        open_for: at(10),
        open_for_max: at(60),
        ..BreakerConfig::default()
    }
}

fn fail(breaker: &mut Breaker, now: Duration) {
    let permit = breaker.try_acquire(now).unwrap();
    breaker.record(now, permit, Outcome::Failure);
}

fn opened() -> Breaker {
    let mut breaker = Breaker::new(config());
    for _ in 0..3 {
        fail(&mut breaker, at(0));
    }
    breaker
}

#[test]
fn failures_in_a_row_open_it_and_a_success_between_does_not() {
    // Breaks if the count is not reset by success, or opens one too early or late.
    let mut breaker = Breaker::new(config());
    fail(&mut breaker, at(0));
    fail(&mut breaker, at(0));
    let permit = breaker.try_acquire(at(0)).unwrap();
    breaker.record(at(0), permit, Outcome::Success);
    fail(&mut breaker, at(1));
    fail(&mut breaker, at(1));
    assert_eq!(breaker.state(at(1)), State::Closed);
    fail(&mut breaker, at(1));
    assert_eq!(breaker.state(at(1)), State::Open { until: at(11) });
}

#[test]
fn a_share_of_failures_opens_it_without_a_row() {
    // Breaks if a part that fails every second call is called for ever.
    let share = FailureShare { window: at(60), min_calls: 10, percent: 50 };
    let mut breaker = Breaker::new(BreakerConfig { share: Some(share), ..config() });
    for call in 0u64..10 {
        let permit = breaker.try_acquire(at(call)).unwrap();
        let outcome = if call % 2 == 0 { Outcome::Success } else { Outcome::Failure };
        breaker.record(at(call), permit, outcome);
    }
    assert_eq!(breaker.state(at(9)), State::Open { until: at(19) });
}

#[test]
fn exactly_one_probe_goes_through() {
    // Breaks if a sick part is flooded the moment the open time ends.
    let mut breaker = opened();
    assert_eq!(breaker.try_acquire(at(9)), Err(Rejected { until: at(10) }));
    assert_eq!(breaker.state(at(10)), State::HalfOpen { probing: false });
    assert!(breaker.try_acquire(at(10)).unwrap().is_probe());
    assert_eq!(breaker.state(at(11)), State::HalfOpen { probing: true });
    assert_eq!(breaker.try_acquire(at(11)), Err(Rejected { until: at(40) }));
}

#[test]
fn open_time_doubles_with_failed_probes_up_to_the_maximum_and_resets() {
    // Breaks if a dead part is probed as often on its second day as in its first minute.
    let mut breaker = opened();
    let mut now = at(10);
    for expected in [20, 40, 60, 60] {
        fail(&mut breaker, now);
        assert_eq!(breaker.state(now), State::Open { until: now + at(expected) });
        now += at(expected);
    }
    let probe = breaker.try_acquire(now).unwrap();
    breaker.record(now, probe, Outcome::Success);
    for _ in 0..3 {
        fail(&mut breaker, now);
    }
    assert_eq!(breaker.state(now), State::Open { until: now + at(10) });
}

#[test]
fn a_lost_probe_times_out_and_its_late_report_is_ignored() {
    // Breaks if an asker dropped at the wrong moment keeps the breaker half-open for ever.
    let mut breaker = opened();
    let lost = breaker.try_acquire(at(10)).unwrap();
    let next = breaker.try_acquire(at(40)).unwrap();
    breaker.record(at(41), lost, Outcome::Success);
    assert_eq!(breaker.state(at(41)), State::HalfOpen { probing: true });
    breaker.record(at(42), next, Outcome::Success);
    assert_eq!(breaker.state(at(42)), State::Closed);
}

#[test]
fn a_neutral_probe_frees_the_place_at_once() {
    // Breaks if a withdrawn probe blocks others for the whole timeout, or counts as a verdict.
    let mut breaker = opened();
    let probe = breaker.try_acquire(at(10)).unwrap();
    breaker.record(at(10), probe, Outcome::Neutral);
    assert!(breaker.try_acquire(at(10)).unwrap().is_probe());
}

#[test]
fn calls_from_before_it_opened_neither_close_nor_reopen_it() {
    // Breaks if a slow call of the closed phase is taken for the probe's result.
    let mut breaker = Breaker::new(config());
    let slow = breaker.try_acquire(at(0)).unwrap();
    for _ in 0..3 {
        fail(&mut breaker, at(0));
    }
    breaker.record(at(5), slow, Outcome::Success);
    assert_eq!(breaker.state(at(5)), State::Open { until: at(10) });
    let probe = breaker.try_acquire(at(10)).unwrap();
    breaker.record(at(11), slow, Outcome::Failure);
    assert_eq!(breaker.state(at(11)), State::HalfOpen { probing: true });
    breaker.record(at(12), probe, Outcome::Success);
    breaker.record(at(12), slow, Outcome::Failure);
    assert_eq!(breaker.state(at(12)), State::Closed);
}

#[test]
fn several_probes_may_be_asked_for() {
    // Breaks if `probes_to_close` is ignored or a failure between does not start over.
    let mut breaker = Breaker::new(BreakerConfig { probes_to_close: 2, ..config() });
    for _ in 0..3 {
        fail(&mut breaker, at(0));
    }
    let first = breaker.try_acquire(at(10)).unwrap();
    breaker.record(at(10), first, Outcome::Success);
    assert_eq!(breaker.state(at(10)), State::HalfOpen { probing: false });
    let second = breaker.try_acquire(at(10)).unwrap();
    breaker.record(at(10), second, Outcome::Success);
    assert_eq!(breaker.state(at(10)), State::Closed);
}

#[test]
fn it_can_be_held_open_and_never_opens_earlier_for_it() {
    // Breaks if "budget gone until the first" is forgotten, or shortens a longer pause.
    let mut breaker = Breaker::new(config());
    breaker.hold_open(at(1_000));
    breaker.hold_open(at(500));
    assert_eq!(breaker.try_acquire(at(999)), Err(Rejected { until: at(1_000) }));
    assert!(breaker.try_acquire(at(1_000)).unwrap().is_probe());
}

#[test]
fn jitter_differs_by_seed_and_stays_within_its_bound() {
    // Breaks if all instances probe at the same instant.
    let until = |seed| {
        let jittered = BreakerConfig { failures_to_open: 1, open_jitter: at(5), ..config() };
        let mut breaker = Breaker::with_seed(jittered, seed);
        fail(&mut breaker, at(0));
        breaker.try_acquire(at(0)).unwrap_err().until
    };
    assert!((0..20).all(|seed| until(seed) >= at(10) && until(seed) <= at(15)));
    assert!((1..20).any(|seed| until(seed) != until(0)));
}

/// One step of a random life: time passes, then a call is begun or an old one is reported.
fn steps() -> impl Strategy<Value = Vec<(u64, u8, usize)>> {
    proptest::collection::vec((0u64..8_000, 0u8..5, 0usize..20), 1..400)
}

proptest! {
    #[test]
    fn two_probes_are_never_under_way(steps in steps(), probes_to_close in 0u32..3) {
        // Breaks if any order of calls, reports and losses lets a second probe through.
        let timeout = Duration::from_secs(6);
        let config = BreakerConfig { probe_timeout: timeout, probes_to_close, ..config() };
        let mut breaker = Breaker::new(config);
        let mut now = Duration::ZERO;
        let mut begun: Vec<(Duration, Permit)> = Vec::new();
        for (ms, action, pick) in steps {
            now += Duration::from_millis(ms);
            if action < 2 || begun.is_empty() {
                let Ok(permit) = breaker.try_acquire(now) else { continue };
                let alive = begun.iter().filter(|(at, p)| p.is_probe() && *at + timeout > now);
                prop_assert!(!permit.is_probe() || alive.count() == 0);
                begun.push((now, permit));
            } else {
                let (_, permit) = begun.swap_remove(pick % begun.len());
                let outcomes = [Outcome::Failure, Outcome::Success, Outcome::Neutral];
                breaker.record(now, permit, outcomes[usize::from(action) - 2]);
            }
        }
    }

    #[test]
    fn it_never_stays_shut_for_ever(steps in steps()) {
        // Breaks if some life leads to a breaker that no instant can open again.
        let mut breaker = Breaker::new(config());
        let mut now = Duration::ZERO;
        for (ms, action, _) in steps {
            now += Duration::from_millis(ms);
            if let Ok(permit) = breaker.try_acquire(now) && action > 1 {
                breaker.record(now, permit, Outcome::Failure);
            }
            if let Err(rejected) = breaker.try_acquire(now) {
                prop_assert!(rejected.until > now && rejected.until <= now + at(90));
                prop_assert!(breaker.clone().try_acquire(rejected.until).is_ok());
            }
        }
    }
}
