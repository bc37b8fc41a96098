//! Several recorders behind the one place the `metrics` macros know.

use std::fmt;
use std::sync::Arc;

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

/// Tells each of its recorders the same. Install it, or use it as a part of another.
#[derive(Clone, Default)]
pub struct Fanout {
    parts: Vec<Arc<dyn Recorder + Send + Sync>>,
}

impl Fanout {
    /// Of these recorders.
    #[must_use]
    pub fn new(parts: impl IntoIterator<Item = Arc<dyn Recorder + Send + Sync>>) -> Self {
        Self { parts: parts.into_iter().collect() }
    }

    /// And this one.
    #[must_use]
    pub fn and(mut self, part: impl Recorder + Send + Sync + 'static) -> Self {
        self.parts.push(Arc::new(part));
        self
    }

    fn each<T>(&self, register: impl Fn(&dyn Recorder) -> T) -> Arc<All<T>> {
        Arc::new(All(self.parts.iter().map(|part| register(&**part)).collect()))
    }
}

impl fmt::Debug for Fanout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fanout").field("n_parts", &self.parts.len()).finish()
    }
}

impl Recorder for Fanout {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        for part in &self.parts {
            part.describe_counter(key.clone(), unit, description.clone());
        }
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        for part in &self.parts {
            part.describe_gauge(key.clone(), unit, description.clone());
        }
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        for part in &self.parts {
            part.describe_histogram(key.clone(), unit, description.clone());
        }
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.each(|part| part.register_counter(key, metadata)))
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.each(|part| part.register_gauge(key, metadata)))
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.each(|part| part.register_histogram(key, metadata)))
    }
}

/// One handle that stands for those of all recorders.
struct All<T>(Vec<T>);

impl CounterFn for All<Counter> {
    fn increment(&self, value: u64) {
        self.0.iter().for_each(|counter| counter.increment(value));
    }

    fn absolute(&self, value: u64) {
        self.0.iter().for_each(|counter| counter.absolute(value));
    }
}

impl GaugeFn for All<Gauge> {
    fn increment(&self, value: f64) {
        self.0.iter().for_each(|gauge| gauge.increment(value));
    }

    fn decrement(&self, value: f64) {
        self.0.iter().for_each(|gauge| gauge.decrement(value));
    }

    fn set(&self, value: f64) {
        self.0.iter().for_each(|gauge| gauge.set(value));
    }
}

impl HistogramFn for All<Histogram> {
    fn record(&self, value: f64) {
        self.0.iter().for_each(|histogram| histogram.record(value));
    }

    fn record_many(&self, value: f64, count: usize) {
        self.0.iter().for_each(|histogram| histogram.record_many(value, count));
    }
}
