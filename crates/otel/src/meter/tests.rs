use std::sync::atomic::AtomicU32;

use metrics::{counter, gauge, histogram, with_local_recorder};
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, SdkMeterProvider,
    data::{AggregatedMetrics, MetricData, ResourceMetrics},
};

use super::*;

struct Bench {
    sent: InMemoryMetricExporter,
    source: SdkMeterProvider,
    meters: Meters,
}

fn bench() -> Bench {
    let sent = InMemoryMetricExporter::default();
    let source = SdkMeterProvider::builder().with_periodic_exporter(sent.clone()).build();
    let meters = Meters::of(source.meter("test"));
    Bench { sent, source, meters }
}

impl Bench {
    fn latest(&self) -> ResourceMetrics {
        self.source.force_flush().unwrap();
        self.sent.get_finished_metrics().unwrap().pop().unwrap()
    }
}

/// Labels and value of every point of `name`, sorted.
fn points(sent: &ResourceMetrics, name: &str) -> Vec<String> {
    let all = sent.scope_metrics().flat_map(|scope| scope.metrics());
    let found = all.filter(|metric| metric.name() == name);
    let mut points: Vec<String> = found
        .flat_map(|metric| match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                assert!(sum.is_monotonic());
                sum.data_points().map(|p| said(p.attributes(), p.value())).collect::<Vec<_>>()
            }
            AggregatedMetrics::F64(MetricData::Sum(sum)) => {
                assert!(sum.is_monotonic());
                sum.data_points().map(|p| said(p.attributes(), p.value())).collect()
            }
            AggregatedMetrics::F64(MetricData::Gauge(gauge)) => {
                gauge.data_points().map(|p| said(p.attributes(), p.value())).collect()
            }
            AggregatedMetrics::F64(MetricData::Histogram(histogram)) => histogram
                .data_points()
                .map(|p| format!("{} of {} in {}", p.sum(), p.count(), p.bounds().count()))
                .collect(),
            _ => Vec::new(),
        })
        .collect();
    points.sort();
    points
}

fn said<'a>(labels: impl Iterator<Item = &'a KeyValue>, value: impl fmt::Display) -> String {
    let labels: Vec<String> = labels.map(|pair| format!("{}={}", pair.key, pair.value)).collect();
    format!("{{{}}} {value}", labels.join(","))
}

#[test]
fn counters_are_sums_that_only_grow() {
    // A collector that took a sum for a difference would show a sawtooth.
    let bench = bench();
    with_local_recorder(&bench.meters, || {
        counter!("calls_total", "operation" => "a").increment(2);
        counter!("calls_total", "operation" => "b").increment(1);
        assert_eq!(points(&bench.latest(), "calls_total"), ["{operation=a} 2", "{operation=b} 1"]);
        // The same series by name again, and not another that begins at 0.
        counter!("calls_total", "operation" => "a").increment(3);
    });
    assert_eq!(points(&bench.latest(), "calls_total"), ["{operation=a} 5", "{operation=b} 1"]);
}

#[test]
fn gauges_tell_what_is_now() {
    let bench = bench();
    with_local_recorder(&bench.meters, || {
        let open = gauge!("open");
        open.set(3.0);
        open.decrement(0.5);
    });
    assert_eq!(points(&bench.latest(), "open"), ["{} 2.5"]);
}

#[test]
fn histograms_of_seconds_have_the_bounds_of_the_metrics_page() {
    // Two pages of the same thing with other quantiles would never agree.
    let bench = bench();
    with_local_recorder(&bench.meters, || {
        histogram!("wait_seconds").record(0.5);
        histogram!("wait_seconds").record(0.25);
    });
    assert_eq!(points(&bench.latest(), "wait_seconds"), ["0.75 of 2 in 18"]);
}

#[test]
fn what_is_kept_elsewhere_is_read_when_it_is_sent() {
    let bench = bench();
    let total = Arc::new(AtomicU32::new(1));
    let kept = Arc::clone(&total);
    bench.meters.sums("operations_total", "Operations.", move || {
        vec![(vec![("outcome", "hit".to_owned())], f64::from(kept.load(Ordering::Relaxed)))]
    });
    total.store(7, Ordering::Relaxed);
    assert_eq!(points(&bench.latest(), "operations_total"), ["{outcome=hit} 7"]);
}

#[test]
fn beyond_the_bound_nothing_new_is_kept() {
    // Labels that come from outside by mistake must not eat the memory.
    let bench = bench();
    with_local_recorder(&bench.meters, || {
        for n in 0..limits::SERIES_MAX + 10 {
            counter!("calls_total", "n" => n.to_string()).increment(1);
        }
    });
    assert_eq!(bench.meters.state().n_series, limits::SERIES_MAX);
}
