use super::*;
use crate::{Monitor, MonitorConfig};

fn instance(elapsed_ms: &[u64]) -> Snapshot {
    let monitor = Monitor::new(MonitorConfig::default());
    for ms in elapsed_ms {
        let outcome = if ms % 2 == 0 { "hit" } else { "miss" };
        monitor.record("quotes", outcome, Duration::from_millis(*ms), Duration::from_secs(5));
    }
    monitor.snapshot(Duration::from_secs(10), Window::OneMinute)
}

#[test]
fn snapshots_of_instances_add_up() {
    // Breaks if percentiles of a fleet would have to be averaged.
    let mut all = instance(&[2, 4, 5]);
    all.merge(&instance(&[6, 7, 8]));
    assert_eq!(all, instance(&[2, 4, 5, 6, 7, 8]));
    assert!((all.operations()[0].rate_per_second - 0.4).abs() < 1e-9);
}

#[test]
fn an_operation_is_summed_over_its_outcomes() {
    // Breaks if a part is left out, or another operation gets in.
    let snapshot = instance(&[2, 3, 4]);
    assert_eq!(snapshot.across_outcomes("quotes").count(), 3);
    assert_eq!(snapshot.across_outcomes("map").count(), 0);
}

#[test]
fn a_report_reads_as_json() {
    // Breaks if a field is renamed under those who read it.
    let monitor = Monitor::new(MonitorConfig::default());
    let now = Duration::from_secs(10);
    monitor.operation("decode", "ok").record_sized(Duration::from_millis(20), 640, now);
    let report = serde_json::to_value(monitor.report(now, Window::FiveMinutes)).unwrap();
    assert_eq!(report["window"], "5m");
    let decode = &report["operations"][0];
    assert_eq!(decode["count"], 1);
    assert_eq!(decode["max_ms"], 20.0);
    assert_eq!(decode["p999_ms"], 20.0);
    assert_eq!(decode["memory"], serde_json::json!({ "mean_bytes": 640, "max_bytes": 640 }));
    assert_eq!(report["slow"], serde_json::json!([]));
}

#[test]
fn a_snapshot_travels_as_json() {
    // Breaks if another instance cannot read it back.
    let before = instance(&[1, 2, 3]);
    let text = serde_json::to_string(&before).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), before);
}
