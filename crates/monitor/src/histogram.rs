//! Counted times: dense where they are recorded, sparse where they are kept.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::limits::{HIGHEST_NS, LINEAR_BITS, LOWEST_NS, SIGNIFICANT_DIGITS, UNIT_SHIFT_BITS};

/// One recorded thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) elapsed: Duration,
    pub(crate) bytes: Option<u64>,
}

/// What is recorded into: fixed memory, a few nanoseconds per sample.
#[derive(Debug, Default)]
pub(crate) struct Dense {
    /// Made with the first sample: most threads never meet most operations.
    counts: Option<Histogram<u32>>,
    totals: Totals,
}

/// Exact sums beside the buckets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Totals {
    count: u64,
    sum_ns: u64,
    min_ns: u64,
    max_ns: u64,
    n_sized: u64,
    sum_bytes: u64,
    max_bytes: u64,
}

impl Dense {
    pub(crate) fn add(&mut self, sample: Sample) {
        let ns = u64::try_from(sample.elapsed.as_nanos()).unwrap_or(u64::MAX);
        self.counts.get_or_insert_with(empty_histogram).saturating_record(ns);
        self.totals.merge(&Totals {
            count: 1,
            sum_ns: ns,
            min_ns: ns,
            max_ns: ns,
            n_sized: u64::from(sample.bytes.is_some()),
            sum_bytes: sample.bytes.unwrap_or(0),
            max_bytes: sample.bytes.unwrap_or(0),
        });
    }

    /// Adds what is here to `sketch`.
    pub(crate) fn read_into(&self, sketch: &mut Sketch) {
        let (Some(counts), true) = (&self.counts, self.totals.count > 0) else { return };
        let buckets = counts.iter_recorded().map(|step| {
            let lowest = counts.lowest_equivalent(step.value_iterated_to());
            let units = u32::try_from(lowest >> UNIT_SHIFT_BITS).unwrap_or(u32::MAX);
            (units, step.count_since_last_iteration())
        });
        sketch.merge(&Sketch { buckets: buckets.collect(), totals: self.totals });
    }

    /// Moves what is here to `sketch`; the memory stays for the next slot.
    pub(crate) fn drain_into(&mut self, sketch: &mut Sketch) {
        if self.totals.count == 0 {
            return;
        }
        self.read_into(sketch);
        if let Some(counts) = &mut self.counts {
            counts.reset();
        }
        self.totals = Totals::default();
    }
}

fn empty_histogram() -> Histogram<u32> {
    Histogram::new_with_bounds(LOWEST_NS, HIGHEST_NS, SIGNIFICANT_DIGITS)
        .expect("the bounds are constants that the histogram accepts")
}

impl Totals {
    fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        let first = self.count == 0;
        self.min_ns = if first { other.min_ns } else { self.min_ns.min(other.min_ns) };
        self.max_ns = self.max_ns.max(other.max_ns);
        self.count = self.count.saturating_add(other.count);
        self.sum_ns = self.sum_ns.saturating_add(other.sum_ns);
        self.n_sized = self.n_sized.saturating_add(other.n_sized);
        self.sum_bytes = self.sum_bytes.saturating_add(other.sum_bytes);
        self.max_bytes = self.max_bytes.max(other.max_bytes);
    }
}

/// A mergeable summary of times: sparse buckets of 1 %, exact count, mean, min and max.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// Lowest value of a bucket in units of 64 ns, and how many fell into it; ascending.
    buckets: Vec<(u32, u64)>,
    totals: Totals,
}

impl Sketch {
    /// Adds all that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        self.buckets.extend_from_slice(&other.buckets);
        self.buckets.sort_unstable_by_key(|(units, _)| *units);
        self.buckets.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(later.1);
            }
            same
        });
        self.totals.merge(&other.totals);
    }

    /// How many samples.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.totals.count
    }

    /// All times added up.
    #[must_use]
    pub const fn sum(&self) -> Duration {
        Duration::from_nanos(self.totals.sum_ns)
    }

    /// The mean, exact; zero if nothing was counted.
    #[must_use]
    pub fn mean(&self) -> Duration {
        Duration::from_nanos(self.totals.sum_ns.checked_div(self.totals.count).unwrap_or(0))
    }

    /// The shortest, exact; zero if nothing was counted.
    #[must_use]
    pub const fn min(&self) -> Duration {
        Duration::from_nanos(self.totals.min_ns)
    }

    /// The longest, exact.
    #[must_use]
    pub const fn max(&self) -> Duration {
        Duration::from_nanos(self.totals.max_ns)
    }

    /// Mean and maximum of the bytes handed in with samples, if any were.
    #[must_use]
    pub fn bytes(&self) -> Option<(u64, u64)> {
        let mean = self.totals.sum_bytes.checked_div(self.totals.n_sized)?;
        Some((mean, self.totals.max_bytes))
    }

    /// The time that a share `quantile` (0 to 1) of the samples did not exceed, within 1 %.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Duration {
        let rank = rank_of(quantile, self.totals.count);
        let mut seen = 0u64;
        for &(units, count) in &self.buckets {
            seen = seen.saturating_add(count);
            if seen >= rank {
                let ns = middle_of(units).max(self.totals.min_ns).min(self.totals.max_ns);
                return Duration::from_nanos(ns);
            }
        }
        self.max()
    }
}

/// The place in sorted order, from 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a count of samples; clamped to 1..=count"
)]
fn rank_of(quantile: f64, count: u64) -> u64 {
    ((quantile * count as f64 - 1e-9).ceil() as u64).clamp(1, count.max(1))
}

/// The middle of the bucket that starts at `units`, in nanoseconds.
fn middle_of(units: u32) -> u64 {
    let doublings = units.checked_ilog2().map_or(0, |log| (log + 1).saturating_sub(LINEAR_BITS));
    let width_ns = LOWEST_NS << doublings;
    (u64::from(units) << UNIT_SHIFT_BITS) + width_ns / 2
}

#[cfg(test)]
mod tests;
