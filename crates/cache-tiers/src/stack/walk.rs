//! The decisions of a look, without its awaits: what is best, who is still open, what goes up.

use clock::Timestamp;

use super::Found;
use crate::{Entry, Freshness, Version, freshness, metrics::LevelCounters};

/// What one look has learned so far.
#[derive(Debug)]
pub(super) struct Walk {
    best: Vec<Option<Found>>,
    /// Per tier that answered: the version it holds under each key.
    held: Vec<Option<Vec<Option<Version>>>>,
    tally: Tally,
}

/// What the last tier said, for the counts.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    fresh: u64,
    stale: u64,
    expired: u64,
    miss: u64,
    from_the_future: u64,
}

/// Takes the entry if it is better than the best so far; says what it may be used for.
///
/// Better is newer: nobody who has seen a version is given an older one. Of two copies of one
/// version the one with the longer life is better.
pub(super) fn improve(
    best: &mut Option<Found>,
    entry: Option<Entry>,
    tier: usize,
    now: Timestamp,
) -> Option<Freshness> {
    let entry = entry?;
    let freshness = freshness::of(&entry.meta, now);
    let rank = |meta: &crate::Meta| (meta.version, meta.fresh_until, meta.usable_until);
    let is_better = best.as_ref().is_none_or(|found| rank(&entry.meta) > rank(&found.entry.meta));
    if freshness != Freshness::Expired && is_better {
        *best = Some(Found { entry, tier, freshness });
    }
    Some(freshness)
}

/// Whether the descent is over.
pub(super) fn is_settled(best: Option<&Found>) -> bool {
    best.is_some_and(|found| found.freshness == Freshness::Fresh)
}

impl Walk {
    pub(super) fn new(n_keys: usize, n_tiers: usize) -> Self {
        Self { best: vec![None; n_keys], held: vec![None; n_tiers], tally: Tally::default() }
    }

    /// Takes the answer of a tier about the keys at `open`; `None` if it failed.
    pub(super) fn take(
        &mut self,
        tier: usize,
        open: &[usize],
        answer: Option<Vec<Option<Entry>>>,
        now: Timestamp,
    ) {
        self.tally = Tally::default();
        let Some(answer) = answer else { return };
        let mut held = vec![None; self.best.len()];
        for (&index, entry) in open.iter().zip(answer) {
            let meta = entry.as_ref().map(|entry| entry.meta);
            let ahead = meta.is_some_and(|meta| freshness::is_from_the_future(&meta, now));
            self.tally.from_the_future += u64::from(ahead);
            let freshness = improve(&mut self.best[index], entry, tier, now);
            self.tally.add(freshness);
            if freshness.is_some_and(|freshness| freshness != Freshness::Expired) {
                held[index] = meta.map(|meta| meta.version);
            }
        }
        self.held[tier] = Some(held);
    }

    /// Counts what the last tier said. A failed one has been counted where it failed.
    pub(super) fn count(&self, tier: usize, counters: &LevelCounters) {
        if self.held[tier].is_none() {
            return;
        }
        counters.fresh.increment(self.tally.fresh);
        counters.stale.increment(self.tally.stale);
        counters.expired.increment(self.tally.expired);
        counters.miss.increment(self.tally.miss);
        counters.from_the_future.increment(self.tally.from_the_future);
    }

    /// The keys that a lower tier should be asked for.
    pub(super) fn open(&self) -> Vec<usize> {
        let open = self.best.iter().enumerate().filter(|(_, best)| !is_settled(best.as_ref()));
        open.map(|(index, _)| index).collect()
    }

    /// What this tier answered that it lacks, and a lower one has.
    pub(super) fn due(&self, tier: usize) -> impl Iterator<Item = (usize, &Entry)> {
        let held = self.held[tier].as_deref().unwrap_or_default();
        self.best.iter().zip(held).enumerate().filter_map(move |(index, (best, held))| {
            let found = best.as_ref().filter(|found| found.tier > tier)?;
            let is_due = held.is_none_or(|version| version < found.entry.meta.version);
            is_due.then_some((index, &found.entry))
        })
    }

    pub(super) fn into_best(self) -> Vec<Option<Found>> {
        self.best
    }
}

impl Tally {
    const fn add(&mut self, freshness: Option<Freshness>) {
        match freshness {
            Some(Freshness::Fresh) => self.fresh += 1,
            Some(Freshness::Stale) => self.stale += 1,
            Some(Freshness::Expired) => self.expired += 1,
            None => self.miss += 1,
        }
    }
}
