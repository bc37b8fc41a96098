use super::*;
use crate::{Fanout, MonitorConfig};

#[test]
fn what_the_macros_say_stands_before_our_own_numbers() {
    // Breaks if the page lacks one of the two halves, or counters get a doubled suffix.
    let prometheus = Prometheus::new();
    metrics::with_local_recorder(&prometheus.recorder(), || {
        metrics::counter!("shop_orders_total").increment(2);
        metrics::histogram!("shop_order_seconds").record(0.002);
    });
    prometheus.upkeep();
    let text = prometheus.render(&Monitor::new(MonitorConfig::default()), Duration::ZERO);
    assert!(text.contains("shop_orders_total 2\n"), "{text}");
    assert!(text.contains("shop_order_seconds_bucket{le=\"0.0025\"} 1\n"), "{text}");
    assert!(text.contains("monitor_uptime_seconds 0\n"), "{text}");
}

#[test]
fn a_fanout_tells_each_of_its_recorders_everything() {
    // Breaks if an embedder's own recorder goes deaf once ours is beside it.
    let (ours, theirs) = (Prometheus::new(), Prometheus::new());
    let both = Fanout::new([ours.recorder()]).and(theirs.recorder());
    metrics::with_local_recorder(&both, || {
        metrics::describe_gauge!("depth", "How deep.");
        metrics::counter!("orders").increment(1);
        metrics::counter!("orders").absolute(5);
        metrics::gauge!("depth").set(3.0);
        metrics::gauge!("depth").increment(2.0);
        metrics::gauge!("depth").decrement(1.0);
        metrics::histogram!("wait_seconds").record(1.0);
    });
    for prometheus in [ours, theirs] {
        let text = prometheus.handle.render();
        for line in ["# HELP depth How deep.", "orders_total 5", "depth 4", "wait_seconds_count 1"]
        {
            assert!(text.lines().any(|found| found == line), "no {line} in\n{text}");
        }
    }
}
