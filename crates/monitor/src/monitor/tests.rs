use super::*;

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn names_beyond_the_limit_go_to_other_and_are_counted() {
    // Breaks if names taken from input can grow memory without bound.
    let monitor = Monitor::new(MonitorConfig { max_operations: 2, ..MonitorConfig::default() });
    for name in ["a", "b", "c", "d", "a"] {
        monitor.record(name, "ok", at(0), at(1));
    }
    let long = "x".repeat(MAX_NAME_BYTES + 1);
    assert_eq!(monitor.operation(&long, "ok").name(), OTHER);
    let report = monitor.report(at(2), Window::OneMinute);
    let seen: Vec<(&str, u64)> =
        report.operations.iter().map(|o| (o.operation.as_str(), o.count)).collect();
    assert_eq!(seen, [("a", 2), ("b", 1), (OTHER, 2)]);
    assert_eq!(report.overflowed, 3);
}

#[test]
fn each_window_forgets_at_its_own_pace() {
    // Breaks if a window shows less than its length, or keeps what is long gone.
    let monitor = Monitor::new(MonitorConfig::default());
    monitor.record("a", "ok", at(1), at(5));
    let count = |now, window| monitor.report(at(now), window).operations.len();
    assert_eq!((count(65, Window::OneMinute), count(75, Window::OneMinute)), (1, 0));
    assert_eq!((count(305, Window::FiveMinutes), count(365, Window::FiveMinutes)), (1, 0));
    assert_eq!((count(3_605, Window::OneHour), count(4_205, Window::OneHour)), (1, 0));
    assert_eq!((count(86_405, Window::OneDay), count(90_005, Window::OneDay)), (1, 0));
}

#[test]
fn the_rate_is_over_what_was_really_covered() {
    // Breaks if a young monitor divides by a window it has not lived through yet.
    let monitor = Monitor::new(MonitorConfig { started: at(100), ..MonitorConfig::default() });
    for second in 100..120 {
        monitor.record("a", "ok", at(0), at(second));
    }
    let report = monitor.report(at(120), Window::OneDay);
    assert!((report.covered_seconds - 20.0).abs() < 1e-9);
    assert!((report.operations[0].rate_per_second - 1.0).abs() < 1e-9);
    assert!((report.vitals.uptime_seconds - 20.0).abs() < 1e-9);
}

#[test]
fn nothing_is_lost_when_many_threads_record_over_rotations() {
    // Breaks if a slot is finished while another thread still counts into it.
    let monitor = Monitor::new(MonitorConfig::default());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let operation = monitor.operation("a", "ok");
            scope.spawn(move || {
                for step in 0..5_000u64 {
                    operation.record(at(0), Duration::from_millis(step * 20));
                }
            });
        }
    });
    assert_eq!(monitor.report(at(100), Window::FiveMinutes).operations[0].count, 20_000);
    assert_eq!(monitor.lifetimes()[0].1, 20_000);
}

#[test]
fn a_late_record_with_an_older_time_still_counts() {
    // Breaks if a thread that was held up between clock and record loses its sample.
    let monitor = Monitor::new(MonitorConfig::default());
    monitor.record("a", "ok", at(0), at(100));
    monitor.record("a", "ok", at(0), at(80));
    assert_eq!(monitor.report(at(100), Window::OneMinute).operations[0].count, 2);
}
