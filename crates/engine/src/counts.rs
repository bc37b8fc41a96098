//! How much was found where, since the start. Cheaper to read than metrics, and always there.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters of the walk.
#[derive(Debug)]
pub(crate) struct Counters {
    ready: AtomicU64,
    hot: AtomicU64,
    tiers: Vec<AtomicU64>,
    fetched: AtomicU64,
}

/// How many entities were found where, and how many answers needed no composing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answers given as they were, because nothing had changed.
    pub ready: u64,
    /// Entities found decoded in memory, fresh.
    pub hot: u64,
    /// Entities found fresh in a tier: its name, and how many.
    pub tiers: Vec<(String, u64)>,
    /// Entities that upstream had to be asked for.
    pub fetched: u64,
}

impl Counters {
    pub(crate) fn new(n_tiers: usize) -> Self {
        Self {
            ready: AtomicU64::new(0),
            hot: AtomicU64::new(0),
            tiers: (0..n_tiers).map(|_| AtomicU64::new(0)).collect(),
            fetched: AtomicU64::new(0),
        }
    }

    pub(crate) fn ready(&self) {
        self.ready.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn hot(&self, n: usize) {
        add(&self.hot, n);
    }

    pub(crate) fn tier(&self, tier: usize) {
        if let Some(count) = self.tiers.get(tier) {
            add(count, 1);
        }
    }

    pub(crate) fn fetched(&self, n: usize) {
        add(&self.fetched, n);
    }

    pub(crate) fn read(&self, names: &[String]) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts {
            ready: read(&self.ready),
            hot: read(&self.hot),
            tiers: names.iter().cloned().zip(self.tiers.iter().map(read)).collect(),
            fetched: read(&self.fetched),
        }
    }
}

fn add(count: &AtomicU64, n: usize) {
    count.fetch_add(u64::try_from(n).unwrap_or(u64::MAX), Ordering::Relaxed);
}
