//! Writing: fills, removals, and what is forgotten because others say so.

use clock::Timestamp;
use futures_util::future::join_all;

use super::{Level, Shared, Stack, fence::Since};
use crate::{Entry, Key, Version};

impl Stack {
    /// Writes new entries into every tier: the local ones first, the others behind, if somebody
    /// runs [`Stack::write_behind`], else all at once. Never fails: what a tier does not take is
    /// counted.
    pub async fn fill(&self, items: &[(Key, Entry)]) {
        let (since, now) = (self.0.fences.since(), self.0.clock.now());
        self.0.fill_local(items, since, now).await;
        let far = self.0.tiers(|level| !level.is_local());
        let stored =
            far.iter().map(|&tier| self.0.store(tier, self.0.accept(tier, items, now), since));
        join_all(stored).await;
    }

    /// As [`Stack::fill`], but waits for the shared tiers, too, as long as their guards let it: for
    /// who tells other instances afterwards. Says whether at least one of them took all.
    pub async fn fill_through(&self, items: &[(Key, Entry)]) -> bool {
        let (since, now) = (self.0.fences.since(), self.0.clock.now());
        self.0.fill_local(items, since, now).await;
        let far = self.0.tiers(|level| !level.is_local());
        let written = far.iter().map(async |&tier| {
            let accepted = self.0.accept(tier, items, now);
            if !self.0.levels[tier].is_awaited() {
                self.0.store(tier, accepted, since).await;
                return false;
            }
            let takes_all = accepted.len() == items.len();
            self.0.write(tier, accepted, since).await && takes_all
        });
        join_all(written).await.contains(&true)
    }

    /// Forgets the keys in every tier: whatever was loaded before `fence` is dead. Local tiers
    /// forget at once, the others keep a tombstone for [`TOMBSTONE_LIFE`], so that a slow writer
    /// elsewhere cannot bring it back. Copies and fills of this stack that are still under way
    /// arrive nowhere. A tier that does not hear of it now is told as soon as it can be reached;
    /// until then this stack takes nothing older from it.
    ///
    /// # Cancel safety
    /// Dropped at any await, the removal is in force here, and the other tiers are told later.
    ///
    /// [`TOMBSTONE_LIFE`]: crate::limits::TOMBSTONE_LIFE
    pub async fn remove(&self, keys: &[Key], fence: Version) {
        self.0.fences.raise(keys, fence);
        let far = self.0.tiers(|level| !level.is_local());
        for &tier in &far {
            if let Some(mark) = self.0.levels[tier].owe(keys, fence) {
                self.mark(mark);
            }
        }
        for tier in self.0.tiers(Level::is_local) {
            self.0.levels[tier].remove(keys).await;
        }
        join_all(far.iter().map(|&tier| self.0.levels[tier].bury(keys, fence))).await;
    }

    /// Forgets local copies that were loaded before `fence`: another instance has removed or
    /// refreshed the keys. Copies of that version or a later one stay.
    pub async fn forget(&self, keys: &[Key], fence: Version) {
        self.0.fences.raise(keys, fence);
        for tier in self.0.tiers(Level::is_local) {
            let level = &self.0.levels[tier];
            let is_old = |key: &&Key| level.peek(key).is_some_and(|held| held.meta.version < fence);
            let old: Vec<Key> = keys.iter().filter(is_old).cloned().collect();
            if !old.is_empty() {
                level.remove(&old).await;
            }
        }
    }
}

impl Shared {
    fn accept(&self, tier: usize, items: &[(Key, Entry)], now: Timestamp) -> Vec<(Key, Entry)> {
        self.levels[tier].accept(items, now)
    }

    async fn fill_local(&self, items: &[(Key, Entry)], since: Since, now: Timestamp) {
        for tier in self.tiers(Level::is_local) {
            self.write(tier, self.accept(tier, items, now), since).await;
        }
    }

    /// At once into local tiers, else behind if that is under way.
    pub(super) async fn store(&self, tier: usize, items: Vec<(Key, Entry)>, since: Since) {
        if items.is_empty() {
            return;
        }
        if self.levels[tier].is_local() {
            self.write(tier, items, since).await;
        } else if let Err(items) = self.queue.push(tier, items, since, &self.levels) {
            self.write(tier, items, since).await;
        }
    }

    /// Writes what nobody has removed since; says whether all was written. In local tiers, which
    /// keep no tombstones, the second look at the fences catches a removal that came while the
    /// write was under way.
    pub(super) async fn write(
        &self,
        tier: usize,
        mut items: Vec<(Key, Entry)>,
        since: Since,
    ) -> bool {
        let (level, n_items) = (&self.levels[tier], items.len());
        self.fences.retain(&mut items, since);
        items.retain(|(key, entry)| !self.marks.cover(key, &entry.meta));
        if items.is_empty() {
            return false;
        }
        let is_done = level.put(&items).await && items.len() == n_items;
        if level.is_local() {
            let gone = self.fences.cut(items, since);
            if !gone.is_empty() {
                level.remove(&gone).await;
            }
        }
        is_done
    }
}
