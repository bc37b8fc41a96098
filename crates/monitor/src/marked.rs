//! A recorder that keeps an exemplar for each bucket of some histograms.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use crate::exemplar::{Exemplar, Latest, Traces};
use crate::exposition::escaped;

/// The exemplars of some histograms, by their series.
pub(crate) struct Marks {
    traces: Traces,
    names: Vec<&'static str>,
    bounds: &'static [f64],
    /// By name and labels, as they are written.
    series: Mutex<BTreeMap<(String, String), Arc<Buckets>>>,
}

impl Marks {
    pub(crate) fn new(traces: Traces, names: &[&'static str], bounds: &'static [f64]) -> Self {
        Self { traces, names: names.to_vec(), bounds, series: Mutex::default() }
    }

    /// Each exemplar, by the beginning of the line that it belongs to.
    pub(crate) fn by_line(&self) -> BTreeMap<String, Exemplar> {
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = BTreeMap::new();
        for ((name, labels), buckets) in &*series {
            for (index, latest) in buckets.0.iter().enumerate() {
                let Some(exemplar) = latest.get() else { continue };
                let bound = self.bounds.get(index);
                let bound = bound.map_or_else(|| "+Inf".to_owned(), ToString::to_string);
                found.insert(format!("{name}_bucket{{{labels}le=\"{bound}\"}}"), exemplar);
            }
        }
        found
    }

    /// The buckets of this series, if it is one of those that are marked.
    fn buckets(&self, key: &Key) -> Option<Arc<Buckets>> {
        let name = self.names.iter().find(|name| **name == key.name())?;
        let labels: String = key
            .labels()
            .map(|label| format!("{}=\"{}\",", label.key(), escaped(label.value())))
            .collect();
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = series.entry(((*name).to_owned(), labels));
        let new =
            || Arc::new(Buckets((0..=self.bounds.len()).map(|_| Latest::default()).collect()));
        Some(Arc::clone(buckets.or_insert_with(new)))
    }
}

/// One for each bound, and one for what is above all of them.
struct Buckets(Vec<Latest>);

/// Tells another recorder everything, and keeps exemplars beside it.
pub(crate) struct Marked {
    pub(crate) recorder: Arc<dyn Recorder + Send + Sync>,
    pub(crate) marks: Arc<Marks>,
}

impl Recorder for Marked {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_counter(key, unit, description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_gauge(key, unit, description);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_histogram(key, unit, description);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        self.recorder.register_counter(key, metadata)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.recorder.register_gauge(key, metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        let histogram = self.recorder.register_histogram(key, metadata);
        match self.marks.buckets(key) {
            Some(buckets) => {
                let marks = Arc::clone(&self.marks);
                Histogram::from_arc(Arc::new(MarkedHistogram { histogram, buckets, marks }))
            }
            None => histogram,
        }
    }
}

struct MarkedHistogram {
    histogram: Histogram,
    buckets: Arc<Buckets>,
    marks: Arc<Marks>,
}

impl HistogramFn for MarkedHistogram {
    fn record(&self, value: f64) {
        self.histogram.record(value);
        let index = self.marks.bounds.partition_point(|bound| *bound < value);
        self.buckets.0[index].offer(value, &self.marks.traces);
    }

    fn record_many(&self, value: f64, count: usize) {
        self.histogram.record_many(value, count);
    }
}
