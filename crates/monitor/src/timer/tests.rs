use super::*;
use crate::{Monitor, MonitorConfig, Window};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn a_timer_records_under_the_outcome_known_at_its_end() {
    // Breaks if the outcome has to be known before the work is done.
    let monitor = Monitor::new(MonitorConfig::default());
    assert_eq!(monitor.start("quotes", ms(10)).stop_as("miss", ms(25)), ms(15));
    assert_eq!(monitor.start("quotes", ms(10)).stop(ms(12)), ms(2));
    let report = monitor.report(ms(30), Window::OneMinute);
    let seen: Vec<(&str, u64)> =
        report.operations.iter().map(|o| (o.outcome.as_str(), o.count)).collect();
    assert_eq!(seen, [("miss", 1), ("ok", 1)]);
}

#[test]
fn a_dropped_timer_counts_as_abandoned() {
    // Breaks if cancelled work vanishes without a trace, or is taken for fast work.
    let monitor = Monitor::new(MonitorConfig::default());
    drop(monitor.start("quotes", ms(10)));
    let report = monitor.report(ms(30), Window::OneMinute);
    assert_eq!((report.abandoned, report.operations.len()), (1, 0));
}

#[test]
fn a_clock_that_steps_back_records_zero() {
    // Breaks if the subtraction underflows.
    let monitor = Monitor::new(MonitorConfig::default());
    assert_eq!(monitor.start("quotes", ms(10)).stop(ms(5)), ms(0));
}

#[test]
fn a_slow_operation_is_kept_with_its_cause() {
    // Breaks if the threshold or the split is lost on the way.
    let monitor = Monitor::new(MonitorConfig::default());
    let cause = SlowCause { connect: Some(ms(1_900)), ..SlowCause::default() };
    monitor.start("call", ms(0)).stop_split("timed_out", cause, ms(2_000));
    monitor.start("call", ms(0)).stop(ms(1_999));
    let slow = monitor.slow();
    assert_eq!(slow.len(), 1);
    assert_eq!((&*slow[0].outcome, slow[0].cause), ("timed_out", cause));
}
