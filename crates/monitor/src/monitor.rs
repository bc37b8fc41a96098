//! The handle, and the register of operations behind it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::config::MonitorConfig;
#[cfg(feature = "prometheus")]
use crate::exemplar::Exemplar;
use crate::exposition;
use crate::limits::MAX_NAME_BYTES;
use crate::operation::{Operation, Series};
use crate::rings;
use crate::slow::{Slow, SlowLog};
use crate::snapshot::{Report, Snapshot};
use crate::timer::Timer;
use crate::vitals::Vitals;
use crate::window::Window;

const OTHER: &str = "other";
/// The outcome of a timer that is stopped without one.
const OK: &str = "ok";

/// One set of numbers. A clone is another handle to the same set.
#[derive(Debug, Clone)]
pub struct Monitor {
    core: Arc<Core>,
}

impl Monitor {
    /// An empty set.
    #[must_use]
    pub fn new(config: MonitorConfig) -> Self {
        let core = Core {
            slow: SlowLog::new(config.max_slow),
            register: RwLock::default(),
            other: Arc::new(Series::new(OTHER, OTHER)),
            overflowed: AtomicU64::new(0),
            abandoned: AtomicU64::new(0),
            config,
        };
        Self { core: Arc::new(core) }
    }

    /// The operation of this name and outcome, registered if it is new. Keep it where it is hot.
    ///
    /// Names come from closed sets: what is beyond the configured number lands in `other`.
    #[must_use]
    pub fn operation(&self, operation: &str, outcome: &str) -> Operation {
        self.core.operation(operation, outcome)
    }

    /// Looks up and records in one go, for what is not hot.
    pub fn record(&self, operation: &str, outcome: &str, elapsed: Duration, now: Duration) {
        self.operation(operation, outcome).record(elapsed, now);
    }

    /// Starts a timer whose outcome is `ok` unless it is stopped with another.
    pub fn start(&self, operation: &str, now: Duration) -> Timer {
        self.operation(operation, OK).start(now)
    }

    /// What `window` holds, for adding up with other instances.
    #[must_use]
    pub fn snapshot(&self, now: Duration, window: Window) -> Snapshot {
        let begins = rings::beginning_of(window, rings::slot_of(now));
        let covered = now.saturating_sub(begins.max(self.core.config.started));
        let mut snapshot = Snapshot::new(window, covered);
        for series in self.core.all() {
            snapshot.add(&series.operation, &series.outcome, &series.read(window, now));
        }
        snapshot
    }

    /// What `window` holds, with the slow operations in it and the vitals, for people.
    #[must_use]
    pub fn report(&self, now: Duration, window: Window) -> Report {
        Report {
            window,
            covered_seconds: 0.0,
            operations: Vec::new(),
            slow: self.core.slow.since(now.saturating_sub(window.length())),
            vitals: self.vitals(now),
            overflowed: self.overflowed(),
            abandoned: self.core.abandoned.load(Ordering::Relaxed),
        }
        .with(&self.snapshot(now, window))
    }

    /// The kept slow operations, slowest first.
    #[must_use]
    pub fn slow(&self) -> Vec<Slow> {
        self.core.slow.since(Duration::ZERO)
    }

    /// Resident memory, its peak, and uptime.
    #[must_use]
    pub fn vitals(&self, now: Duration) -> Vitals {
        Vitals::read(now.saturating_sub(self.core.config.started))
    }

    /// How often a name was asked for that no longer fitted.
    #[must_use]
    pub fn overflowed(&self) -> u64 {
        self.core.overflowed.load(Ordering::Relaxed)
    }

    /// Its own numbers in the text exposition format.
    #[must_use]
    pub fn render(&self, now: Duration) -> String {
        exposition::render(self, &self.core.config.prefix, now)
    }

    /// The exemplars of what [`render`](Self::render) tells, by the beginnings of their lines.
    #[cfg(feature = "prometheus")]
    pub(crate) fn exemplars(&self) -> BTreeMap<String, Exemplar> {
        let of = |series: Arc<Series>| {
            let exemplar = series.exemplar.get()?;
            Some((exposition::line_of_seconds(&self.core.config.prefix, &series), exemplar))
        };
        self.core.all().into_iter().filter_map(of).collect()
    }

    /// How many there were of each operation and outcome, and how long they took together, since
    /// the start.
    #[must_use]
    pub fn totals(&self) -> Vec<Total> {
        let total = |(series, count, elapsed): (Arc<Series>, u64, Duration)| Total {
            operation: Arc::clone(&series.operation),
            outcome: Arc::clone(&series.outcome),
            count,
            elapsed,
        };
        self.lifetimes().into_iter().map(total).collect()
    }

    /// Count and sum per series over its whole life.
    pub(crate) fn lifetimes(&self) -> Vec<(Arc<Series>, u64, Duration)> {
        let with_totals = |series: Arc<Series>| {
            let (count, sum) = series.lifetime();
            (series, count, sum)
        };
        self.core.all().into_iter().map(with_totals).filter(|(_, count, _)| *count > 0).collect()
    }
}

impl Default for Monitor {
    fn default() -> Self {
        Self::new(MonitorConfig::default())
    }
}

/// What one operation with one outcome came to since the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// What was done.
    pub operation: Arc<str>,
    /// How it ended.
    pub outcome: Arc<str>,
    /// How often.
    pub count: u64,
    /// How long all of it took.
    pub elapsed: Duration,
}

/// By operation, then outcome: sorted, and found without making a key.
type Register = BTreeMap<Box<str>, BTreeMap<Box<str>, Arc<Series>>>;

/// What all handles share.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) config: MonitorConfig,
    pub(crate) slow: SlowLog,
    pub(crate) abandoned: AtomicU64,
    register: RwLock<Register>,
    other: Arc<Series>,
    overflowed: AtomicU64,
}

impl Core {
    pub(crate) fn operation(self: &Arc<Self>, operation: &str, outcome: &str) -> Operation {
        let series = self.find(operation, outcome).or_else(|| self.insert(operation, outcome));
        let series = series.unwrap_or_else(|| {
            self.overflowed.fetch_add(1, Ordering::Relaxed);
            Arc::clone(&self.other)
        });
        Operation { core: Arc::clone(self), series }
    }

    fn find(&self, operation: &str, outcome: &str) -> Option<Arc<Series>> {
        let register = self.register.read().unwrap_or_else(PoisonError::into_inner);
        register.get(operation)?.get(outcome).map(Arc::clone)
    }

    /// `None` if it does not fit.
    fn insert(&self, operation: &str, outcome: &str) -> Option<Arc<Series>> {
        let mut register = self.register.write().unwrap_or_else(PoisonError::into_inner);
        let n_series: usize = register.values().map(BTreeMap::len).sum();
        let known = register.get(operation).and_then(|outcomes| outcomes.get(outcome));
        if let Some(series) = known {
            return Some(Arc::clone(series));
        }
        let too_long = operation.len().max(outcome.len()) > MAX_NAME_BYTES;
        if too_long || n_series >= self.config.max_operations {
            return None;
        }
        let series = Arc::new(Series::new(operation, outcome));
        let outcomes = register.entry(operation.into()).or_default();
        outcomes.insert(outcome.into(), Arc::clone(&series));
        Some(series)
    }

    fn all(&self) -> Vec<Arc<Series>> {
        let register = self.register.read().unwrap_or_else(PoisonError::into_inner);
        let known = register.values().flat_map(BTreeMap::values);
        known.chain([&self.other]).map(Arc::clone).collect()
    }
}

#[cfg(test)]
mod tests;
