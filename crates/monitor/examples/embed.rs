//! A bakery that only wants to know how long its oven takes.
#![expect(clippy::print_stdout, reason = "an example shows its result")]
#![expect(clippy::disallowed_methods, reason = "a program reads its own clock, once, at its edge")]

use std::time::{Duration, Instant};

use monitor::{Monitor, MonitorConfig, SlowCause, Window};

fn main() {
    let origin = Instant::now();
    let config = MonitorConfig {
        slow_threshold: Duration::from_millis(8),
        prefix: "bakery".to_owned(),
        ..MonitorConfig::default()
    };
    let bakery = Monitor::new(config);
    let knead = bakery.operation("knead", "smooth");

    for loaf in 0..50u64 {
        let started = origin.elapsed();
        let dough = (0..20_000 * (loaf % 7 + 1)).fold(loaf, |dough, turn| dough ^ turn);
        knead.record(origin.elapsed() - started, origin.elapsed());

        let timer = bakery.start("bake", origin.elapsed());
        std::thread::sleep(Duration::from_millis(dough % 10));
        let cause = SlowCause { queue: Some(Duration::from_millis(1)), ..SlowCause::default() };
        timer.stop_split(if loaf % 9 == 0 { "burnt" } else { "crisp" }, cause, origin.elapsed());
    }

    let now = origin.elapsed();
    for line in bakery.report(now, Window::OneMinute).operations {
        let (name, outcome, count) = (line.operation, line.outcome, line.count);
        println!(
            "{name:>6} {outcome:<7} {count:>3} ×  p50 {:>7.3} ms  p95 {:>7.3} ms",
            line.p50_ms, line.p95_ms
        );
    }
    println!("slow: {}", bakery.slow().len());
    print!("\n{}", bakery.render(now));
}
