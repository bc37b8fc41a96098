//! One tier of the stack with its policy and its counts.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use clock::{Clock, Timestamp};

use super::{TierPolicy, owed::Owed};
use crate::{
    Capability, Entry, Flags, Guarded, Key, Mark, Meta, Tier, TierError, TierExt, Version,
    limits::TOMBSTONE_LIFE, metrics, metrics::LevelCounters,
};

#[derive(Debug)]
pub(super) struct Level {
    tier: Guarded<Arc<dyn Tier>>,
    policy: TierPolicy,
    capability: Capability,
    counters: LevelCounters,
    owed: Owed,
    clock: Arc<dyn Clock>,
}

impl Level {
    pub(super) fn new(
        tier: Guarded<Arc<dyn Tier>>,
        policy: TierPolicy,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let counters = LevelCounters::new(tier.name());
        let owed = Owed::new(metrics::removes_owed(tier.name()));
        Self { policy, capability: tier.capability(), counters, owed, clock, tier }
    }

    pub(super) const fn guarded(&self) -> &Guarded<Arc<dyn Tier>> {
        &self.tier
    }

    pub(super) const fn is_local(&self) -> bool {
        self.capability.local
    }

    /// Gets all that is written, and gives no answers.
    pub(super) const fn is_shadow(&self) -> bool {
        self.policy.shadow
    }

    /// Gives answers at once.
    pub(super) const fn is_near(&self) -> bool {
        self.capability.local && !self.policy.shadow
    }

    /// Gives answers that are waited for.
    pub(super) const fn is_far(&self) -> bool {
        !self.capability.local && !self.policy.shadow
    }

    /// Others read what is written there.
    pub(super) const fn is_awaited(&self) -> bool {
        self.is_far() && self.capability.shared
    }

    /// Its copies have the whole life of what was loaded.
    pub(super) fn keeps_all(&self) -> bool {
        self.policy.retention == Duration::MAX
    }

    pub(super) const fn counters(&self) -> &LevelCounters {
        &self.counters
    }

    pub(super) fn peek(&self, key: &Key) -> Option<Entry> {
        self.tier.peek(key)
    }

    /// Whether it has missed a removal that killed what was loaded at that version.
    pub(super) fn owes(&self, key: &Key, version: Version) -> bool {
        self.owed.cover(key, version)
    }

    /// Whether it has missed any.
    pub(super) fn is_owing(&self) -> bool {
        !self.owed.is_empty()
    }

    /// `None`: it failed. It hears of removals that it missed before it is asked.
    pub(super) async fn get(&self, keys: &[Key]) -> Option<Vec<Option<Entry>>> {
        self.recover().await;
        let held = self.tier.get_many(keys).await.ok();
        if held.is_none() {
            self.counters.failed.increment(keys.len() as u64);
        }
        held
    }

    /// What it will be offered: what it can take and what still lives, for no longer than it may
    /// stay here. A retention only ever shortens.
    pub(super) fn accept(&self, items: &[(Key, Entry)], now: Timestamp) -> Vec<(Key, Entry)> {
        let end = now.after(self.policy.retention);
        let (mut taken, mut n_oversize) = (Vec::with_capacity(items.len()), 0);
        for (key, entry) in items.iter().filter(|(_, entry)| entry.meta.usable_until > now) {
            if self.takes(key, entry) {
                let entry = Entry { body: entry.body.clone(), meta: entry.meta.cut(end) };
                taken.push((key.clone(), entry));
            } else {
                n_oversize += 1;
            }
        }
        self.counters.put_oversize.increment(n_oversize);
        taken
    }

    fn takes(&self, key: &Key, entry: &Entry) -> bool {
        let is_small = self.policy.max_value_bytes.is_none_or(|most| entry.encoded_len() <= most);
        is_small && self.capability.takes(key, entry)
    }

    /// Says whether it was done.
    pub(super) async fn put(&self, items: &[(Key, Entry)]) -> bool {
        self.recover().await;
        let done = self.tier.put_many(items).await;
        let count = if done.is_ok() { &self.counters.put_done } else { &self.counters.put_failed };
        count.increment(items.len() as u64);
        done.is_ok()
    }

    /// Forgets them, without a trace.
    pub(super) async fn remove(&self, keys: &[Key]) {
        let done = self.tier.remove_many(keys).await;
        self.count_removed(keys.len(), done.is_ok());
    }

    /// Writes down that these are to be buried. A mark stands for those that were too many.
    pub(super) fn owe(&self, keys: &[Key], fence: Version) -> Option<Mark> {
        self.owed.add(self.holdable(keys), fence)
    }

    /// Puts a tombstone on each, as was written down before.
    pub(super) async fn bury(&self, keys: &[Key], fence: Version) {
        let now = self.clock.now();
        let stones: Vec<_> = self.holdable(keys).map(|key| tombstone(key, fence, now)).collect();
        if stones.is_empty() {
            return;
        }
        let done = self.tier.put_many(&stones).await;
        self.count_removed(stones.len(), done.is_ok());
        if done.is_ok() {
            self.owed.settle(stones.into_iter().map(|(key, _)| key), fence);
        }
    }

    /// Tells it of some removals that it has missed, if it can be reached. Says whether that went
    /// well and more are left.
    pub(super) async fn recover(&self) -> bool {
        if self.owed.is_empty() {
            return false;
        }
        let now = self.clock.now();
        let Some(claim) = self.owed.claim(now) else { return false };
        let stones: Vec<_> =
            claim.batch().iter().map(|(key, fence)| tombstone(key.clone(), *fence, now)).collect();
        let done = self.tier.put_many(&stones).await;
        self.count_removed(stones.len(), done.is_ok());
        if done.is_err() {
            return false;
        }
        claim.settle();
        self.is_owing()
    }

    pub(super) async fn explain(&self, key: &Key) -> Result<Option<Meta>, TierError> {
        Ok(self.tier.get(key).await?.map(|entry| entry.meta))
    }

    /// A key that it cannot hold, it need not forget.
    fn holdable<'a>(&self, keys: &'a [Key]) -> impl Iterator<Item = Key> + use<'a> {
        let most = self.capability.max_key_bytes;
        keys.iter().filter(move |key| key.as_str().len() <= most).cloned()
    }

    fn count_removed(&self, n_keys: usize, is_done: bool) {
        let count = if is_done { &self.counters.removed } else { &self.counters.remove_failed };
        count.increment(n_keys as u64);
    }
}

/// Says until long after that nothing older than `fence` may come back.
fn tombstone(key: Key, fence: Version, now: Timestamp) -> (Key, Entry) {
    let end = now.after(TOMBSTONE_LIFE);
    let meta = Meta {
        version: fence,
        fetched_at: now,
        fresh_until: end,
        usable_until: end,
        flags: Flags::TOMBSTONE,
        ..Meta::default()
    };
    (key, Entry { body: Bytes::new(), meta })
}
