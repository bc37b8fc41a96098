//! Embedding: nothing is shared, nothing is installed.

use std::time::Duration;

use monitor::{Monitor, MonitorConfig, Window};

#[test]
fn two_monitors_in_one_process_do_not_mix() {
    // Breaks if any number is kept in a static.
    let now = Duration::from_secs(10);
    let (one, two) =
        (Monitor::new(MonitorConfig::default()), Monitor::new(MonitorConfig::default()));
    one.record("order", "paid", Duration::from_secs(3), now);
    two.record("letter", "sent", Duration::from_millis(1), now);
    let names = |monitor: &Monitor| -> Vec<String> {
        let report = monitor.report(now, Window::OneMinute);
        report.operations.into_iter().map(|operation| operation.operation).collect()
    };
    assert_eq!((names(&one), names(&two)), (vec!["order".to_owned()], vec!["letter".to_owned()]));
    assert_eq!((one.slow().len(), two.slow().len()), (1, 0));
    assert!(!two.render(now).contains("order"));
}

#[cfg(feature = "prometheus")]
#[test]
fn nothing_global_is_installed() {
    // Breaks if making or using a monitor takes the place of an embedder's recorder.
    let prometheus = monitor::Prometheus::new();
    let monitor = Monitor::new(MonitorConfig::default());
    monitor.record("order", "paid", Duration::ZERO, Duration::ZERO);
    metrics::counter!("lost").increment(1);
    assert!(!prometheus.render(&monitor, Duration::ZERO).contains("lost"));
    let theirs = monitor::Prometheus::new();
    assert!(metrics::set_global_recorder(theirs.recorder()).is_ok());
    metrics::counter!("found").increment(1);
    assert!(theirs.render(&monitor, Duration::ZERO).contains("found_total 1"));
    assert!(!prometheus.render(&monitor, Duration::ZERO).contains("found"));
}
