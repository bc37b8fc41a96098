//! What recording a measurement costs, beside a bare histogram and one of the `metrics` façade, in
//! one run: `cargo bench -p monitor --bench record`. More than its bound fails the bench.
#![expect(clippy::print_stdout, reason = "a bench says what it found")]
#![expect(clippy::disallowed_methods, reason = "measuring needs a clock")]

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use metrics_exporter_prometheus::PrometheusBuilder;
use monitor::{Monitor, MonitorConfig, Window};

const N_RECORDS: u32 = 2_000_000;
/// Nanoseconds.
const MOST: u128 = 100;

fn main() -> ExitCode {
    let monitor = Monitor::new(MonitorConfig::default());
    let kept = monitor.operation("quotes", "hit");
    let ours = cost(|elapsed, now| kept.record(elapsed, now));
    show("monitor, kept handle", ours);
    show("monitor, looked up", cost(|elapsed, now| monitor.record("quotes", "hit", elapsed, now)));

    // What records at all, and tells percentiles of all time only.
    let mut bare = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3).expect("bounds");
    let nanos = |elapsed: Duration| u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
    show("hdrhistogram alone", cost(|elapsed, _| bare.saturating_record(nanos(elapsed).max(1))));
    let recorder = PrometheusBuilder::new().build_recorder();
    let histogram = metrics::with_local_recorder(&recorder, || metrics::histogram!("seconds"));
    show("metrics, kept handle", cost(|elapsed, _| histogram.record(elapsed.as_secs_f64())));

    let started = Instant::now();
    let report = black_box(monitor.report(Duration::from_secs(200), Window::OneHour));
    println!("report of {} series: {:?}", report.operations.len(), started.elapsed());
    println!("a record with a kept handle: {ours:?}, at most {MOST} ns");
    if ours.as_nanos() < MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The best of five rounds: the one least disturbed.
fn cost(mut record: impl FnMut(Duration, Duration)) -> Duration {
    let mut round = || {
        let started = Instant::now();
        for step in 0..N_RECORDS {
            let elapsed = Duration::from_nanos(u64::from(step.wrapping_mul(2_654_435_761) >> 12));
            record(black_box(elapsed), Duration::from_micros(u64::from(step) * 100));
        }
        started.elapsed() / N_RECORDS
    };
    (0..5).map(|_| round()).min().unwrap_or_default()
}

fn show(what: &str, cost: Duration) {
    println!("{what}: {cost:?} per record");
}
