use super::*;
use crate::MonitorConfig;

#[test]
fn it_writes_counters_quantiles_and_vitals() {
    // Breaks if a scraper's queries no longer find their series.
    let monitor =
        Monitor::new(MonitorConfig { prefix: "shop".to_owned(), ..MonitorConfig::default() });
    let now = Duration::from_secs(10);
    for _ in 0..3 {
        monitor.record("order", "paid", Duration::from_millis(500), now);
    }
    let text = monitor.render(now);
    for line in [
        "# TYPE shop_operations_total counter",
        "shop_operations_total{operation=\"order\",outcome=\"paid\"} 3",
        "shop_operation_seconds_total{operation=\"order\",outcome=\"paid\"} 1.5",
        "shop_operation_quantile_seconds{operation=\"order\",outcome=\"paid\",\
         window=\"5m\",quantile=\"0.95\"} 0.5",
        "shop_operation_overflow_total 0",
        "shop_uptime_seconds 10",
    ] {
        assert!(text.lines().any(|found| found == line), "no {line} in\n{text}");
    }
}

#[test]
fn counters_never_fall_when_windows_rotate() {
    // Breaks if a scraper sees a reset that was none, and shows a false burst.
    let monitor = Monitor::new(MonitorConfig::default());
    monitor.record("order", "paid", Duration::ZERO, Duration::from_secs(10));
    let text = monitor.render(Duration::from_secs(1_000_000));
    assert!(text.contains("monitor_operations_total{operation=\"order\",outcome=\"paid\"} 1\n"));
    assert!(!text.contains("quantile="));
}

#[test]
fn labels_are_escaped() {
    // Breaks if a quote in a name makes the whole page unreadable.
    assert_eq!(labels("a\"b\\c\nd", ""), r#"operation="a\"b\\c\nd",outcome="""#);
}
