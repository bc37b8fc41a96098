//! The decisions of a look, without its awaits: what is best, who is still open, what goes up.

use clock::Timestamp;

use super::Found;
use crate::{Entry, Freshness, Meta, Version, freshness, metrics::LevelCounters};

/// What one look has learned so far.
#[derive(Debug)]
pub(super) struct Walk {
    best: Vec<Best>,
    /// Per tier that answered: the version of the usable entry that it holds under each key.
    held: Vec<Option<Vec<Option<Version>>>>,
    tally: Tally,
}

/// The best entry under one key so far.
///
/// Better is newer: nobody who has seen a version is given an older one, even if the newer one is a
/// tombstone or has expired. Of two copies of one version the one with the longer life is better.
#[derive(Clone, Debug, Default)]
pub(super) struct Best {
    found: Option<Found>,
    /// The newest version that any tier has shown: what is older is dead.
    floor: Version,
}

/// What a tier says about one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Miss,
    Tombstone,
    Held(Freshness),
}

/// What the last tier said, for the counts.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    fresh: u64,
    stale: u64,
    expired: u64,
    tombstone: u64,
    miss: u64,
    negative: u64,
    from_the_future: u64,
}

impl Best {
    /// Takes the entry if it is better than what was there; says what it is.
    pub(super) fn improve(&mut self, entry: Option<Entry>, tier: usize, now: Timestamp) -> Said {
        let Some(entry) = entry else { return Said::Miss };
        let said = Said::of(&entry.meta, now);
        self.floor = self.floor.max(entry.meta.version);
        if self.found.as_ref().is_some_and(|found| found.entry.meta.version < self.floor) {
            self.found = None;
        }
        if let Some(freshness) = said.usable()
            && entry.meta.version == self.floor
            && self.found.as_ref().is_none_or(|found| rank(&entry.meta) > rank(&found.entry.meta))
        {
            self.found = Some(Found { entry, tier, freshness });
        }
        said
    }

    /// Whether the descent is over.
    pub(super) fn is_settled(&self) -> bool {
        self.found.as_ref().is_some_and(|found| found.freshness == Freshness::Fresh)
    }

    pub(super) fn into_found(self) -> Option<Found> {
        self.found
    }
}

/// Among copies of one version.
const fn rank(meta: &Meta) -> (i64, i64) {
    (meta.fresh_until.as_millis(), meta.usable_until.as_millis())
}

impl Said {
    fn of(meta: &Meta, now: Timestamp) -> Self {
        match freshness::of(meta, now) {
            Freshness::Stale | Freshness::Fresh if meta.is_tombstone() => Self::Tombstone,
            freshness => Self::Held(freshness),
        }
    }

    fn usable(self) -> Option<Freshness> {
        match self {
            Self::Held(freshness) if freshness != Freshness::Expired => Some(freshness),
            Self::Miss | Self::Tombstone | Self::Held(_) => None,
        }
    }
}

impl Walk {
    pub(super) fn new(n_keys: usize, n_tiers: usize) -> Self {
        Self {
            best: vec![Best::default(); n_keys],
            held: vec![None; n_tiers],
            tally: Tally::default(),
        }
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
            let said = self.best[index].improve(entry, tier, now);
            self.tally.add(said, meta.as_ref(), now);
            held[index] = said.usable().and(meta).map(|meta| meta.version);
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
        counters.tombstone.increment(self.tally.tombstone);
        counters.miss.increment(self.tally.miss);
        counters.negative.increment(self.tally.negative);
        counters.from_the_future.increment(self.tally.from_the_future);
    }

    /// The keys that a lower tier should be asked for.
    pub(super) fn open(&self) -> Vec<usize> {
        let open = self.best.iter().enumerate().filter(|(_, best)| !best.is_settled());
        open.map(|(index, _)| index).collect()
    }

    /// What this tier answered that it lacks, and a lower one has.
    pub(super) fn due(&self, tier: usize) -> impl Iterator<Item = (usize, &Entry)> {
        self.seen(tier).filter_map(move |(index, best, held)| {
            let found = best.found.as_ref().filter(|found| found.tier > tier)?;
            let is_due = held.is_none_or(|version| version < found.entry.meta.version);
            is_due.then_some((index, &found.entry))
        })
    }

    /// What this tier holds that a tombstone, or a newer entry that has expired, has killed, and
    /// the version of that.
    pub(super) fn buried(&self, tier: usize) -> impl Iterator<Item = (usize, Version)> {
        self.seen(tier).filter_map(|(index, best, held)| {
            let is_buried = best.found.is_none() && held.is_some_and(|held| held < best.floor);
            is_buried.then_some((index, best.floor))
        })
    }

    /// How many usable entries of this tier were older than what another one had.
    pub(super) fn n_superseded(&self, tier: usize) -> u64 {
        let is_old = |(_, best, held): &(usize, &Best, Option<Version>)| {
            held.is_some_and(|held| held < best.floor)
        };
        self.seen(tier).filter(is_old).count() as u64
    }

    /// The newest version seen of each key, dead or alive.
    pub(super) fn newest(&self) -> Vec<Version> {
        self.best.iter().map(|best| best.floor).collect()
    }

    pub(super) fn into_best(self) -> Vec<Option<Found>> {
        self.best.into_iter().map(Best::into_found).collect()
    }

    fn seen(&self, tier: usize) -> impl Iterator<Item = (usize, &Best, Option<Version>)> {
        let held = self.held[tier].as_deref().unwrap_or_default();
        let seen = self.best.iter().zip(held).enumerate();
        seen.map(|(index, (best, held))| (index, best, *held))
    }
}

impl Tally {
    fn add(&mut self, said: Said, meta: Option<&Meta>, now: Timestamp) {
        match said {
            Said::Held(Freshness::Fresh) => self.fresh += 1,
            Said::Held(Freshness::Stale) => self.stale += 1,
            Said::Held(Freshness::Expired) => self.expired += 1,
            Said::Tombstone => self.tombstone += 1,
            Said::Miss => self.miss += 1,
        }
        let Some(meta) = meta else { return };
        self.negative += u64::from(said.usable().is_some() && meta.is_negative());
        self.from_the_future += u64::from(freshness::is_from_the_future(meta, now));
    }
}
