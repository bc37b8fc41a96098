//! The ordered tiers: look down, fill up.

mod behind;
mod builder;
mod fence;
mod level;
mod walk;

use std::sync::Arc;

use clock::{Clock, Timestamp};
use futures_util::future::join_all;

use crate::{Entry, Freshness, Key, Meta, TierError};
use behind::Queue;
use fence::{Fences, Since};
use level::Level;
use walk::Walk;

pub use behind::WriteBehind;
pub use builder::{StackBuilder, TierPolicy};

/// What a look found under one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The best entry that any tier holds, unchanged.
    pub entry: Entry,
    /// Which tier held it: an index into [`Stack::names`].
    pub tier: usize,
    /// What it may be used for; never [`Freshness::Expired`].
    pub freshness: Freshness,
}

/// The ordered tiers, nearest first. Cheap to clone.
///
/// A tier that fails, hangs or talks nonsense is a miss and a count. No copy between tiers moves
/// the times of an entry, and none replaces a newer entry.
#[derive(Clone, Debug)]
pub struct Stack(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    levels: Vec<Level>,
    names: Vec<String>,
    clock: Arc<dyn Clock>,
    fences: Fences,
    queue: Queue,
}

impl Stack {
    /// The tiers' names, nearest first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0.names
    }

    /// The best entry that the local tiers hold, at once: no await, no lock but the tier's own.
    /// Counts only what is fresh, since the rest is usually followed by a look.
    #[must_use]
    pub fn peek(&self, key: &Key, now: Timestamp) -> Option<Found> {
        let mut best = None;
        for (tier, level) in self.0.levels.iter().enumerate().filter(|(_, level)| level.is_local())
        {
            let entry = level.peek(key);
            walk::improve(&mut best, entry, tier, now);
            if walk::is_settled(best.as_ref()) {
                level.counters().fresh.increment(1);
                break;
            }
        }
        best
    }

    /// The best entry that any tier holds, one outcome per key, in the order of the keys.
    ///
    /// A fresh entry ends the descent for its key; a stale one goes on looking for a newer. What
    /// was found below is copied upward in one batch per tier: into local tiers before this
    /// returns, into others behind it, if somebody runs [`Stack::write_behind`].
    ///
    /// # Cancel safety
    /// Dropped, it leaves at most some of the copies undone.
    pub async fn look(&self, keys: &[Key], now: Timestamp) -> Vec<Option<Found>> {
        let since = self.0.fences.since();
        let mut walk = Walk::new(keys.len(), self.0.levels.len());
        for (tier, level) in self.0.levels.iter().enumerate() {
            let open = walk.open();
            if open.is_empty() {
                break;
            }
            if open.len() == keys.len() {
                walk.take(tier, &open, level.get(keys).await, now);
            } else {
                let asked: Vec<Key> = open.iter().map(|&index| keys[index].clone()).collect();
                walk.take(tier, &open, level.get(&asked).await, now);
            }
            walk.count(tier, level.counters());
        }
        self.backfill(keys, &walk, since, now).await;
        walk.into_best()
    }

    /// Writes new entries into every tier: the local ones first, the others behind, if somebody
    /// runs [`Stack::write_behind`], else all at once. Never fails: what a tier does not take is
    /// counted.
    pub async fn fill(&self, items: &[(Key, Entry)]) {
        let (since, now) = (self.0.fences.since(), self.0.clock.now());
        let (local, far): (Vec<_>, Vec<_>) =
            (0..self.0.levels.len()).partition(|&tier| self.0.levels[tier].is_local());
        for tier in local {
            self.0.write(tier, self.0.levels[tier].accept(items, now), since).await;
        }
        join_all(
            far.into_iter()
                .map(|tier| self.0.store(tier, self.0.levels[tier].accept(items, now), since)),
        )
        .await;
    }

    /// Forgets the keys in every tier. Copies and fills of this stack that began before and are
    /// still under way do not bring them back.
    pub async fn remove(&self, keys: &[Key]) {
        self.0.fences.raise(keys);
        // From below: else a look in between would copy upward what is about to go.
        let far = self.0.levels.iter().filter(|level| !level.is_local());
        join_all(far.map(|level| level.remove(keys))).await;
        for level in self.0.levels.iter().filter(|level| level.is_local()) {
            level.remove(keys).await;
        }
    }

    /// What each tier says about a key, for people who wonder. Not counted as a look.
    pub async fn explain(&self, key: &Key) -> Vec<Result<Option<Meta>, TierError>> {
        join_all(self.0.levels.iter().map(|level| level.explain(key))).await
    }

    /// The work that writes to remote tiers behind the answers: to be run by the one who owns the
    /// tasks. There is one; while it lives, fills and copies no longer wait for remote tiers.
    #[must_use]
    pub fn write_behind(&self) -> Option<WriteBehind> {
        WriteBehind::claim(&self.0)
    }

    /// Lets [`WriteBehind::run`] end as soon as everything that waits has been written; from now
    /// on writes wait for remote tiers again.
    pub fn close(&self) {
        self.0.queue.close();
    }

    async fn backfill(&self, keys: &[Key], walk: &Walk, since: Since, now: Timestamp) {
        for (tier, level) in self.0.levels.iter().enumerate() {
            let due: Vec<(Key, Entry)> =
                walk.due(tier).map(|(index, entry)| (keys[index].clone(), entry.clone())).collect();
            let items = level.accept(&due, now);
            if items.is_empty() {
                continue;
            }
            level.counters().backfilled.increment(items.len() as u64);
            self.0.store(tier, items, since).await;
        }
    }
}

impl Shared {
    /// At once into local tiers, else behind if that is under way.
    async fn store(&self, tier: usize, items: Vec<(Key, Entry)>, since: Since) {
        if self.levels[tier].is_local() {
            return self.write(tier, items, since).await;
        }
        match self.queue.push(tier, items, since, &self.levels) {
            Ok(()) => {}
            Err(items) => self.write(tier, items, since).await,
        }
    }

    /// Writes what nobody has removed since. The second look at the fences catches a remove that
    /// came while the write was under way.
    async fn write(&self, tier: usize, mut items: Vec<(Key, Entry)>, since: Since) {
        self.fences.retain(&mut items, since);
        if items.is_empty() {
            return;
        }
        self.levels[tier].put(&items).await;
        let mut left = items.clone();
        self.fences.retain(&mut left, since);
        if left.len() < items.len() {
            let gone: Vec<Key> = items
                .into_iter()
                .filter(|(key, _)| left.iter().all(|(other, _)| other != key))
                .map(|(key, _)| key)
                .collect();
            self.levels[tier].remove(&gone).await;
        }
    }
}

#[cfg(test)]
mod tests;
