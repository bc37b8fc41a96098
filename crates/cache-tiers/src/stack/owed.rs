//! The removals that a tier has not heard of: the recovery queue.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use clock::Timestamp;
use metrics::Gauge;

use crate::{
    Key, Mark, Scope, Version,
    limits::{OWED_BATCH_MAX, OWED_KEYS_MAX, OWED_PAUSE},
};

/// Keys with the version before which they are dead. While a removal is owed, its tier may hold
/// what it removed, and is not believed.
pub(super) struct Owed {
    /// How many, to be read without the lock.
    n_keys: AtomicUsize,
    list: Mutex<List>,
    gauge: Gauge,
}

/// In the order of the keys, so that one seed is one run.
#[derive(Debug, Default)]
struct List {
    fences: BTreeMap<Key, Version>,
    /// Where the last batch ended: one key that is refused must not keep the others back.
    last: Option<Key>,
    retry_at: Timestamp,
    is_claimed: bool,
}

impl Owed {
    pub(super) fn new(gauge: Gauge) -> Self {
        Self { n_keys: AtomicUsize::new(0), list: Mutex::default(), gauge }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n_keys.load(Ordering::Acquire) == 0
    }

    /// Whether what was loaded at that version is dead.
    pub(super) fn cover(&self, key: &Key, version: Version) -> bool {
        !self.is_empty() && self.list().fences.get(key).is_some_and(|fence| version < *fence)
    }

    /// Beyond the bound all become one mark, for whatever their keys have in common.
    pub(super) fn add(&self, keys: impl Iterator<Item = Key>, fence: Version) -> Option<Mark> {
        let mut list = self.list();
        for key in keys {
            let before = list.fences.entry(key).or_default();
            *before = fence.max(*before);
        }
        let mark = (list.fences.len() > OWED_KEYS_MAX).then(|| joint(&list.fences));
        if mark.is_some() {
            list.fences.clear();
        }
        self.show(&list);
        mark
    }

    /// The tier has heard of these.
    pub(super) fn settle(&self, keys: impl Iterator<Item = Key>, fence: Version) {
        let mut list = self.list();
        for key in keys {
            if list.fences.get(&key).is_some_and(|owed| *owed <= fence) {
                list.fences.remove(&key);
            }
        }
        self.show(&list);
    }

    /// The next ones to tell, if it is time: for one caller at a time.
    pub(super) fn claim(&self, now: Timestamp) -> Option<Claim<'_>> {
        if self.is_empty() {
            return None;
        }
        let mut list = self.list();
        // A clock that was set back must not put it off by more than the pause.
        let is_early = now < list.retry_at && list.retry_at <= now.after(OWED_PAUSE);
        if list.is_claimed || is_early || list.fences.is_empty() {
            return None;
        }
        let batch = list.next_batch();
        list.is_claimed = true;
        list.last = batch.last().map(|(key, _)| key.clone());
        Some(Claim { owed: self, batch, now, is_settled: false })
    }

    fn show(&self, list: &List) {
        self.n_keys.store(list.fences.len(), Ordering::Release);
        self.gauge.set(u32::try_from(list.fences.len()).unwrap_or(u32::MAX));
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    fn next_batch(&self) -> Vec<(Key, Version)> {
        let after = self.last.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let rest = self.fences.range::<Key, _>((after, Bound::Unbounded));
        let batch: Vec<_> = rest.take(OWED_BATCH_MAX).map(|(key, at)| (key.clone(), *at)).collect();
        if !batch.is_empty() {
            return batch;
        }
        self.fences.iter().take(OWED_BATCH_MAX).map(|(key, at)| (key.clone(), *at)).collect()
    }
}

/// A batch that is being told. Dropped before the tier has taken it, it is tried again later.
pub(super) struct Claim<'a> {
    owed: &'a Owed,
    batch: Vec<(Key, Version)>,
    now: Timestamp,
    is_settled: bool,
}

impl Claim<'_> {
    pub(super) fn batch(&self) -> &[(Key, Version)] {
        &self.batch
    }

    pub(super) fn settle(mut self) {
        self.is_settled = true;
        for (key, fence) in std::mem::take(&mut self.batch) {
            self.owed.settle(std::iter::once(key), fence);
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut list = self.owed.list();
        list.is_claimed = false;
        list.retry_at = if self.is_settled { Timestamp::EPOCH } else { self.now.after(OWED_PAUSE) };
    }
}

impl std::fmt::Debug for Owed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Owed").field("n_keys", &self.n_keys).finish_non_exhaustive()
    }
}

/// What covers them all: the text that all keys begin with is at least their namespace.
fn joint(fences: &BTreeMap<Key, Version>) -> Mark {
    let first = fences.first_key_value().map_or("", |(key, _)| key.as_str());
    let last = fences.last_key_value().map_or("", |(key, _)| key.as_str());
    // In order, what the first and the last have in common is common to all between.
    let n_bytes = first.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
    let prefix = first[..first.floor_char_boundary(n_bytes)].to_owned();
    let fence = fences.values().max().copied().unwrap_or_default();
    Mark { scope: Scope::Prefix(prefix), fence }
}

#[cfg(test)]
mod tests;
