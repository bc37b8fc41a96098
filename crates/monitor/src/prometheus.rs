//! A recorder for the `metrics` macros, and its text.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use metrics::Recorder;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::exemplar::Traces;
use crate::marked::{Marked, Marks};
use crate::monitor::Monitor;
use crate::openmetrics;

/// Upper bounds for histograms of seconds: from a hit in memory to a call that was given up.
const BUCKETS_SECONDS: [f64; 18] = [
    0.000_01, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Collects what the `metrics` macros say, once its recorder is installed or fanned out to.
///
/// Making one installs nothing and starts nothing.
#[derive(Clone)]
pub struct Prometheus {
    recorder: Arc<dyn Recorder + Send + Sync>,
    handle: PrometheusHandle,
    marks: Option<Arc<Marks>>,
}

impl Prometheus {
    /// An empty one. Histograms whose name ends in `seconds` get buckets; names get their `_total`.
    ///
    /// # Panics
    /// Never: the buckets are a constant that the builder accepts.
    #[must_use]
    pub fn new() -> Self {
        let recorder = PrometheusBuilder::new()
            .with_recommended_naming(true)
            .set_buckets_for_metric(Matcher::Suffix("seconds".to_owned()), &BUCKETS_SECONDS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        Self { recorder: Arc::new(recorder), handle, marks: None }
    }

    /// Keeps an exemplar, the latest, for each bucket of the histograms with these names, which end
    /// in `seconds`. Before the recorder is given to anybody.
    #[must_use]
    pub fn with_exemplars(mut self, traces: Traces, names: &[&'static str]) -> Self {
        let marks = Arc::new(Marks::new(traces, names, &BUCKETS_SECONDS));
        self.recorder = Arc::new(Marked { recorder: self.recorder, marks: Arc::clone(&marks) });
        self.marks = Some(marks);
        self
    }

    /// For `metrics::set_global_recorder`, for a [`Fanout`](crate::Fanout), or to register with.
    #[must_use]
    pub fn recorder(&self) -> Arc<dyn Recorder + Send + Sync> {
        Arc::clone(&self.recorder)
    }

    /// Sums up what came in. Call it every few seconds, else histograms grow without bound.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// What the macros said, followed by the monitor's own numbers.
    #[must_use]
    pub fn render(&self, monitor: &Monitor, now: Duration) -> String {
        let mut text = self.handle.render();
        text.push_str(&monitor.render(now));
        text
    }

    /// The same as OpenMetrics 1.0, with exemplars; nothing unless they are kept.
    #[must_use]
    pub fn render_open(&self, monitor: &Monitor, now: Duration) -> Option<String> {
        let mut exemplars = self.marks.as_ref()?.by_line();
        exemplars.extend(monitor.exemplars());
        Some(openmetrics::rewritten(&self.render(monitor, now), &exemplars))
    }
}

impl Default for Prometheus {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prometheus").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
