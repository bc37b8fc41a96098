//! What recording costs. Run it with `--release`; pin it to one core for steady numbers.
#![expect(clippy::print_stdout, reason = "an example shows its result")]
#![expect(clippy::disallowed_methods, reason = "measuring needs a clock")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use monitor::{Monitor, MonitorConfig, Window};

const N_RECORDS: u32 = 2_000_000;

fn main() {
    let monitor = Monitor::new(MonitorConfig::default());
    let kept = monitor.operation("quotes", "hit");
    show("kept handle", cost(|elapsed, now| kept.record(elapsed, now)));
    show("looked up", cost(|elapsed, now| monitor.record("quotes", "hit", elapsed, now)));
    let started = Instant::now();
    let report = black_box(monitor.report(Duration::from_secs(200), Window::OneHour));
    println!("report of {} series: {:?}", report.operations.len(), started.elapsed());
}

/// The best of five rounds: the one least disturbed.
fn cost(record: impl Fn(Duration, Duration)) -> Duration {
    let round = || {
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
