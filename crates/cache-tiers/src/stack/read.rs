//! Reading: a look down the tiers, and what it copies upward.

use std::borrow::Cow;

use clock::Timestamp;
use futures_util::{StreamExt as _, future::join_all, stream::FuturesUnordered};

use super::{
    Found, Level, Refreshed, Shared, Stack,
    fence::Since,
    walk::{Best, Walk},
};
use crate::{Entry, Key, Meta, TierError, Version};

impl Stack {
    /// The best entry that the local tiers hold, at once: no await, no lock but the tier's own.
    /// Counts only what is fresh, since the rest is usually followed by a look.
    #[must_use]
    pub fn peek(&self, key: &Key, now: Timestamp) -> Option<Found> {
        let mut best = Best::default();
        for (tier, level) in self.0.levels.iter().enumerate().filter(|(_, level)| level.is_near()) {
            best.improve(self.0.peek(tier, key), tier, now);
            if best.is_settled() {
                level.counters().fresh.increment(1);
                break;
            }
        }
        let found = best.into_found();
        if let Some(found) = &found {
            self.0.levels[found.tier].counters().age.sample(found.entry.meta.age(now));
        }
        found
    }

    /// The best entry that any tier holds, one outcome per key, in the order of the keys.
    ///
    /// A fresh entry ends the descent for its key; a stale one goes on looking for a newer. What
    /// was found below is copied upward in one batch per tier: into local tiers before this
    /// returns, into others behind it, if somebody runs [`Stack::write_behind`]. A local copy of
    /// what turns out to be removed is forgotten.
    ///
    /// # Cancel safety
    /// Dropped, it leaves at most some of the copies undone.
    pub async fn look(&self, keys: &[Key], now: Timestamp) -> Vec<Option<Found>> {
        let since = self.0.fences.since();
        let mut walk = Walk::new(keys.len(), self.0.levels.len());
        self.0.descend(&self.0.tiers(Level::is_near), keys, &mut walk, now).await;
        self.0.ask_far(keys, &mut walk, now).await;
        self.0.finish(keys, walk, since, now).await
    }

    /// Asks only the tiers that are not local, whatever the local ones hold, and puts what is newer
    /// there into them: another instance has changed something. Local copies of what was removed
    /// are forgotten. Gives the best that is then known of each key, and how new anything is that
    /// was seen of it.
    ///
    /// # Cancel safety
    /// As [`Stack::look`].
    pub async fn refresh(&self, keys: &[Key], now: Timestamp) -> Vec<Refreshed> {
        let since = self.0.fences.since();
        let mut walk = Walk::new(keys.len(), self.0.levels.len());
        self.0.ask_far(keys, &mut walk, now).await;
        let all: Vec<usize> = (0..keys.len()).collect();
        for tier in self.0.tiers(Level::is_near) {
            let held = keys.iter().map(|key| self.0.peek(tier, key)).collect();
            walk.take(tier, &all, Some(held), now);
        }
        let newest = walk.newest();
        let found = self.0.finish(keys, walk, since, now).await;
        let both = found.into_iter().zip(newest);
        both.map(|(found, newest)| Refreshed { found, newest }).collect()
    }

    /// What each tier says about a key, for people who wonder. Not counted as a look. What a mark
    /// or a removal that the tier has missed covers is nothing; a tombstone is shown as one.
    pub async fn explain(&self, key: &Key) -> Vec<Result<Option<Meta>, TierError>> {
        join_all((0..self.0.levels.len()).map(|tier| self.0.explain(tier, key))).await
    }
}

impl Shared {
    fn peek(&self, tier: usize, key: &Key) -> Option<Entry> {
        self.levels[tier].peek(key).filter(|entry| !self.marks.cover(key, &entry.meta))
    }

    async fn explain(&self, tier: usize, key: &Key) -> Result<Option<Meta>, TierError> {
        let meta = self.levels[tier].explain(key).await?;
        Ok(meta.filter(|meta| !self.is_dead(tier, key, meta)))
    }

    /// One tier after the other, each for what those before it have not.
    async fn descend(&self, tiers: &[usize], keys: &[Key], walk: &mut Walk, now: Timestamp) {
        for &tier in tiers {
            let open = walk.open();
            if open.is_empty() {
                return;
            }
            let answer = self.ask(tier, keys, &open).await;
            walk.take(tier, &open, answer, now);
            walk.count(tier, self.levels[tier].counters());
        }
    }

    async fn ask_far(&self, keys: &[Key], walk: &mut Walk, now: Timestamp) {
        let far = self.tiers(Level::is_far);
        if self.is_racing && far.len() > 1 {
            self.race(&far, keys, walk, now).await;
        } else {
            self.descend(&far, keys, walk, now).await;
        }
    }

    /// All at the same time, until every key is settled; who is late is dropped.
    async fn race(&self, tiers: &[usize], keys: &[Key], walk: &mut Walk, now: Timestamp) {
        let open = walk.open();
        if open.is_empty() {
            return;
        }
        let asked = tiers.iter().map(|&tier| {
            let open = &open;
            async move { (tier, self.ask(tier, keys, open).await) }
        });
        let mut answers: FuturesUnordered<_> = asked.collect();
        while let Some((tier, answer)) = answers.next().await {
            walk.take(tier, &open, answer, now);
            walk.count(tier, self.levels[tier].counters());
            if walk.open().is_empty() {
                return;
            }
        }
    }

    /// What a tier holds under the keys at `open`, without what is dead; `None` if it failed.
    async fn ask(&self, tier: usize, keys: &[Key], open: &[usize]) -> Option<Vec<Option<Entry>>> {
        let asked = if open.len() == keys.len() {
            Cow::Borrowed(keys)
        } else {
            Cow::Owned(open.iter().map(|&index| keys[index].clone()).collect())
        };
        let mut held = self.levels[tier].get(&asked).await?;
        let mut n_dead = 0;
        for (key, held) in asked.iter().zip(&mut held) {
            if held.as_ref().is_some_and(|entry| self.is_dead(tier, key, &entry.meta)) {
                *held = None;
                n_dead += 1;
            }
        }
        self.levels[tier].counters().dead.increment(n_dead);
        Some(held)
    }

    /// What follows from a look: copies go up, what is buried goes, the shadows are compared.
    async fn finish(
        &self,
        keys: &[Key],
        walk: Walk,
        since: Since,
        now: Timestamp,
    ) -> Vec<Option<Found>> {
        for tier in self.tiers(Level::is_near) {
            let buried = walk.buried(tier).map(|(index, floor)| (keys[index].clone(), floor));
            let (gone, floors): (Vec<Key>, Vec<Version>) = buried.unzip();
            if !gone.is_empty() {
                // Another tier may hold what is dead, too, and the one that knows may be away.
                for (key, floor) in gone.iter().zip(floors) {
                    self.fences.raise(std::slice::from_ref(key), floor);
                }
                self.levels[tier].remove(&gone).await;
            }
        }
        self.backfill(keys, &walk, since, now).await;
        for (tier, level) in self.levels.iter().enumerate() {
            level.counters().superseded.increment(walk.n_superseded(tier));
        }
        let best = walk.into_best();
        for found in best.iter().flatten() {
            self.levels[found.tier].counters().age.record(found.entry.meta.age(now));
        }
        self.shadow(keys, &best, since);
        best
    }

    async fn backfill(&self, keys: &[Key], walk: &Walk, since: Since, now: Timestamp) {
        for (tier, level) in self.levels.iter().enumerate() {
            let due: Vec<(Key, Entry)> =
                walk.due(tier).map(|(index, entry)| (keys[index].clone(), entry.clone())).collect();
            let items = level.accept(&due, now);
            if items.is_empty() {
                continue;
            }
            level.counters().backfilled.increment(items.len() as u64);
            self.store(tier, items, since).await;
        }
    }
}
