//! What a window held: to be added up, and to be read.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::histogram::Sketch;
use crate::slow::Slow;
use crate::vitals::Vitals;
use crate::window::Window;

/// What a window held, mergeable with snapshots of the same window from other instances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    window: Window,
    covered: Duration,
    operations: BTreeMap<String, BTreeMap<String, Sketch>>,
}

impl Snapshot {
    pub(crate) const fn new(window: Window, covered: Duration) -> Self {
        Self { window, covered, operations: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, operation: &str, outcome: &str, sketch: &Sketch) {
        if sketch.count() > 0 {
            let outcomes = self.operations.entry(operation.to_owned()).or_default();
            outcomes.entry(outcome.to_owned()).or_default().merge(sketch);
        }
    }

    /// Which window it is.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }

    /// Adds what another instance saw at the same time. Rates add up as well.
    pub fn merge(&mut self, other: &Self) {
        self.covered = self.covered.max(other.covered);
        for (operation, outcome, sketch) in other.iter() {
            self.add(operation, outcome, sketch);
        }
    }

    /// Each operation, outcome and what was counted, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Sketch)> {
        self.operations.iter().flat_map(|(operation, outcomes)| {
            let one =
                move |(outcome, sketch)| (operation.as_str(), String::as_str(outcome), sketch);
            outcomes.iter().map(one)
        })
    }

    /// One operation over all its outcomes.
    #[must_use]
    pub fn across_outcomes(&self, operation: &str) -> Sketch {
        let mut all = Sketch::default();
        for sketch in self.operations.get(operation).into_iter().flat_map(BTreeMap::values) {
            all.merge(sketch);
        }
        all
    }

    /// The numbers for people, per operation and outcome.
    #[must_use]
    pub fn operations(&self) -> Vec<OperationReport> {
        self.iter()
            .map(|(operation, outcome, sketch)| {
                OperationReport::new(operation, outcome, sketch, self.covered)
            })
            .collect()
    }
}

/// What a monitor has to say about a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Which window.
    pub window: Window,
    /// How much of it was lived through; a little more than its length later on.
    pub covered_seconds: f64,
    /// Per operation and outcome, sorted by name.
    pub operations: Vec<OperationReport>,
    /// The slow ones in the window, slowest first.
    pub slow: Vec<Slow>,
    /// Memory and uptime.
    pub vitals: Vitals,
    /// How often a name was asked for that no longer fitted.
    pub overflowed: u64,
    /// Timers that were dropped without being stopped.
    pub abandoned: u64,
}

impl Report {
    pub(crate) fn with(self, snapshot: &Snapshot) -> Self {
        Self {
            covered_seconds: snapshot.covered.as_secs_f64(),
            operations: snapshot.operations(),
            ..self
        }
    }
}

/// The numbers of one operation and outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each name says what it is")]
pub struct OperationReport {
    pub operation: String,
    pub outcome: String,
    pub count: u64,
    pub rate_per_second: f64,
    pub mean_ms: f64,
    pub min_ms: f64,
    pub max_ms: f64,
    pub p50_ms: f64,
    pub p90_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    pub p999_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
}

/// The memory that operations held, as their owner measured it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each name says what it is")]
pub struct Memory {
    pub mean_bytes: u64,
    pub max_bytes: u64,
}

impl OperationReport {
    fn new(operation: &str, outcome: &str, sketch: &Sketch, covered: Duration) -> Self {
        let quantile = |quantile| ms(sketch.quantile(quantile));
        let memory = |(mean_bytes, max_bytes)| Memory { mean_bytes, max_bytes };
        Self {
            operation: operation.to_owned(),
            outcome: outcome.to_owned(),
            count: sketch.count(),
            rate_per_second: rate(sketch.count(), covered),
            mean_ms: ms(sketch.mean()),
            min_ms: ms(sketch.min()),
            max_ms: ms(sketch.max()),
            p50_ms: quantile(0.5),
            p90_ms: quantile(0.9),
            p95_ms: quantile(0.95),
            p99_ms: quantile(0.99),
            p999_ms: quantile(0.999),
            memory: sketch.bytes().map(memory),
        }
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "a count of samples is far below 2^52")]
fn rate(count: u64, covered: Duration) -> f64 {
    if covered.is_zero() { 0.0 } else { count as f64 / covered.as_secs_f64() }
}

#[cfg(test)]
mod tests;
