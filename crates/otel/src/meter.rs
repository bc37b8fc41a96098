//! A recorder of the `metrics` macros that a collector reads.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64, atomic::Ordering},
};

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use opentelemetry::{
    KeyValue,
    metrics::{self as otlp, Meter},
};

use crate::limits;

/// Upper bounds for histograms of seconds, as at `/metrics`.
const BOUNDS_SECONDS: [f64; 18] = [
    0.000_01, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// A number of a series that is kept elsewhere, with its labels.
pub type Reading = (Vec<(&'static str, String)>, f64);

/// Keeps what the macros say, until it is sent. A clone is another handle to the same.
///
/// Counters and gauges are atomic numbers that are read when they are sent.
#[derive(Clone)]
pub struct Meters {
    meter: Meter,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    help: HashMap<String, String>,
    counters: HashMap<String, Family>,
    gauges: HashMap<String, Family>,
    histograms: HashMap<String, otlp::Histogram<f64>>,
    n_series: usize,
}

/// The series of one name.
#[derive(Clone, Default)]
struct Family(Arc<Mutex<HashMap<Key, Series>>>);

#[derive(Clone)]
struct Series {
    labels: Vec<KeyValue>,
    number: Arc<AtomicU64>,
}

impl Meters {
    pub(crate) fn of(meter: Meter) -> Self {
        Self { meter, state: Arc::default() }
    }

    /// Sums that are kept elsewhere and only ever grow, read whenever metrics are sent.
    pub fn sums(
        &self,
        name: &'static str,
        help: &'static str,
        read: impl Fn() -> Vec<Reading> + Send + Sync + 'static,
    ) {
        let counter = self.meter.f64_observable_counter(name).with_description(help);
        counter.with_callback(observing(read)).build();
    }

    /// As [`Meters::sums`], of numbers that go up and down.
    pub fn levels(
        &self,
        name: &'static str,
        help: &'static str,
        read: impl Fn() -> Vec<Reading> + Send + Sync + 'static,
    ) {
        let gauge = self.meter.f64_observable_gauge(name).with_description(help);
        gauge.with_callback(observing(read)).build();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn describe(&self, name: &KeyName, help: &SharedString) {
        self.state().help.insert(name.as_str().to_owned(), help.to_string());
    }

    /// The number behind `key`; `None` beyond the bound.
    fn number(&self, key: &Key, kind: Kind) -> Option<Arc<AtomicU64>> {
        let mut state = self.state();
        let known = state.families(kind).get(key.name()).cloned();
        let family = known.unwrap_or_else(|| {
            let help = state.help.get(key.name()).cloned().unwrap_or_default();
            let family = Family::default();
            kind.observe(&self.meter, key.name(), help, family.clone());
            state.families(kind).insert(key.name().to_owned(), family.clone());
            family
        });
        let mut all = family.lock();
        if let Some(series) = all.get(key) {
            return Some(Arc::clone(&series.number));
        }
        if state.n_series >= limits::SERIES_MAX {
            return None;
        }
        state.n_series += 1;
        let series = Series { labels: labels(key), number: Arc::default() };
        let number = Arc::clone(&series.number);
        all.insert(key.clone(), series);
        Some(number)
    }
}

impl State {
    fn families(&mut self, kind: Kind) -> &mut HashMap<String, Family> {
        match kind {
            Kind::Counter => &mut self.counters,
            Kind::Gauge => &mut self.gauges,
        }
    }
}

impl Family {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Series>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> Vec<Series> {
        self.lock().values().cloned().collect()
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
}

impl Kind {
    /// Has the numbers of a family read whenever they are sent.
    fn observe(self, meter: &Meter, name: &str, help: String, family: Family) {
        match self {
            Self::Counter => {
                let counter = meter.u64_observable_counter(name.to_owned()).with_description(help);
                let observed = counter.with_callback(move |observer| {
                    for series in family.read() {
                        observer.observe(series.number.load(Ordering::Relaxed), &series.labels);
                    }
                });
                observed.build();
            }
            Self::Gauge => {
                let gauge = meter.f64_observable_gauge(name.to_owned()).with_description(help);
                let observed = gauge.with_callback(move |observer| {
                    for series in family.read() {
                        let bits = series.number.load(Ordering::Relaxed);
                        observer.observe(f64::from_bits(bits), &series.labels);
                    }
                });
                observed.build();
            }
        }
    }
}

fn labels(key: &Key) -> Vec<KeyValue> {
    key.labels()
        .map(|label| KeyValue::new(label.key().to_owned(), label.value().to_owned()))
        .collect()
}

/// What is called whenever numbers that are kept elsewhere are sent.
fn observing(read: impl Fn() -> Vec<Reading>) -> impl Fn(&dyn otlp::AsyncInstrument<f64>) {
    move |observer| {
        for (labels, n) in read() {
            let labels = labels.into_iter().map(|(name, value)| KeyValue::new(name, value));
            observer.observe(n, &labels.collect::<Vec<_>>());
        }
    }
}

impl Recorder for Meters {
    fn describe_counter(&self, key: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&key, &help);
    }

    fn describe_gauge(&self, key: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&key, &help);
    }

    fn describe_histogram(&self, key: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&key, &help);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.number(key, Kind::Counter).map_or_else(Counter::noop, Counter::from_arc)
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        // The bits of a floating number.
        self.number(key, Kind::Gauge).map_or_else(Gauge::noop, Gauge::from_arc)
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let mut state = self.state();
        let known = state.histograms.get(key.name()).cloned();
        let histogram = known.unwrap_or_else(|| {
            let help = state.help.get(key.name()).cloned().unwrap_or_default();
            let builder = self.meter.f64_histogram(key.name().to_owned()).with_description(help);
            let bounds = if key.name().ends_with("seconds") { &BOUNDS_SECONDS[..] } else { &[] };
            let histogram = match bounds {
                [] => builder.build(),
                bounds => builder.with_unit("s").with_boundaries(bounds.to_vec()).build(),
            };
            state.histograms.insert(key.name().to_owned(), histogram.clone());
            histogram
        });
        Histogram::from_arc(Arc::new(Told { histogram, labels: labels(key) }))
    }
}

/// A histogram with its labels.
struct Told {
    histogram: otlp::Histogram<f64>,
    labels: Vec<KeyValue>,
}

impl HistogramFn for Told {
    fn record(&self, value: f64) {
        self.histogram.record(value, &self.labels);
    }
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").field("n_series", &self.state().n_series).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
