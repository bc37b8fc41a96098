//! To a collector by OTLP.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cmcache::{
    clock::{Clock, SystemClock},
    config::OtelConfig,
    monitor::{Fanout, Monitor, Traces},
};
use metrics::Recorder;
use otel::{Exporter, Meters};
use tracing_subscriber::Layer as _;

use super::Spans;
use crate::print;

/// What sends, and where metrics go to be sent.
static OPEN: Mutex<Option<(Exporter, Option<Meters>)>> = Mutex::new(None);

fn open() -> MutexGuard<'static, Option<(Exporter, Option<Meters>)>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the way, once a process, and gives the layer that traces come from.
pub(crate) fn begin(config: &OtelConfig) -> Option<Spans> {
    if !config.is_on() || open().is_some() {
        return None;
    }
    let exporter = match Exporter::start(&told(config)) {
        Ok(exporter) => exporter,
        Err(error) => {
            print::error(&format!("cmcache: otel.endpoint: {error}"));
            return None;
        }
    };
    let (spans, meters) = (exporter.spans(), exporter.meters());
    *open() = Some((exporter, meters));
    spans.map(|spans| spans.filtered().boxed())
}

fn told(config: &OtelConfig) -> otel::OtelConfig {
    otel::OtelConfig {
        headers: config.header_map(),
        service_name: config.service_name.clone(),
        service_version: env!("CARGO_PKG_VERSION").to_owned(),
        sample: config.sample,
        traces: config.traces,
        metrics: config.metrics,
        metrics_interval: config.metrics_interval.get(),
        ..otel::OtelConfig::to(&config.endpoint)
    }
}

/// That recorder, and the one that is exported if metrics are.
pub(crate) fn beside(recorder: Arc<dyn Recorder + Send + Sync>) -> Arc<dyn Recorder + Send + Sync> {
    let meters = open().as_ref().and_then(|(_, meters)| meters.clone());
    match meters {
        Some(meters) => Arc::new(Fanout::new([recorder]).and(meters)),
        None => recorder,
    }
}

/// Sends what the monitor counts by itself, under the names that it has at `/metrics`.
pub(crate) fn observe(monitor: &Monitor) {
    let Some(meters) = open().as_ref().and_then(|(_, meters)| meters.clone()) else { return };
    let totals = |monitor: &Monitor, of: fn(u64, Duration) -> f64| {
        let monitor = monitor.clone();
        move || {
            let totals = monitor.totals().into_iter();
            let labels = |operation: &str, outcome: &str| {
                vec![("operation", operation.to_owned()), ("outcome", outcome.to_owned())]
            };
            let all = totals.map(|total| {
                (labels(&total.operation, &total.outcome), of(total.count, total.elapsed))
            });
            all.collect()
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "a count of operations is far below 2^52")]
    let count = totals(monitor, |count, _| count as f64);
    meters.sums("monitor_operations_total", "Operations by how they ended.", count);
    let seconds = totals(monitor, |_, elapsed| elapsed.as_secs_f64());
    meters.sums("monitor_operation_seconds_total", "Time spent in operations.", seconds);
    let monitor = monitor.clone();
    meters.levels("monitor_resident_bytes", "Resident memory.", move || {
        let resident = monitor.vitals(Duration::ZERO).resident_bytes;
        #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
        let resident = resident.map(|bytes| (Vec::new(), bytes as f64));
        resident.into_iter().collect()
    });
}

/// What exemplars are made with, if they are wished for and traces are sent.
pub(crate) fn traces(config: &OtelConfig) -> Option<Traces> {
    let is_wished = config.exemplars && config.traces && open().is_some();
    let now = || SystemClock.now().since_epoch();
    is_wished.then(|| Traces::new(otel::current_trace, now))
}

/// Sends what waits. Blocks for some seconds where nobody listens.
pub(crate) fn end() {
    let exporter = open().take();
    if let Some((exporter, _)) = exporter {
        exporter.end();
    }
}
