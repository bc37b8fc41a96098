//! One tier of the stack with its policy and its counts.

use std::sync::Arc;

use clock::Timestamp;

use super::TierPolicy;
use crate::{
    Capability, Entry, Guarded, Key, Meta, Tier, TierError, TierExt, metrics::LevelCounters,
};

#[derive(Debug)]
pub(super) struct Level {
    tier: Guarded<Arc<dyn Tier>>,
    policy: TierPolicy,
    capability: Capability,
    counters: LevelCounters,
}

impl Level {
    pub(super) fn new(tier: Guarded<Arc<dyn Tier>>, policy: TierPolicy) -> Self {
        let counters = LevelCounters::new(tier.name());
        Self { policy, capability: tier.capability(), counters, tier }
    }

    pub(super) const fn is_local(&self) -> bool {
        self.capability.local
    }

    pub(super) const fn counters(&self) -> &LevelCounters {
        &self.counters
    }

    pub(super) fn peek(&self, key: &Key) -> Option<Entry> {
        self.tier.peek(key)
    }

    /// `None`: it failed.
    pub(super) async fn get(&self, keys: &[Key]) -> Option<Vec<Option<Entry>>> {
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
            if self.capability.takes(key, entry) {
                let entry = Entry { body: entry.body.clone(), meta: entry.meta.cut(end) };
                taken.push((key.clone(), entry));
            } else {
                n_oversize += 1;
            }
        }
        self.counters.put_oversize.increment(n_oversize);
        taken
    }

    pub(super) async fn put(&self, items: &[(Key, Entry)]) {
        let count = match self.tier.put_many(items).await {
            Ok(()) => &self.counters.put_done,
            Err(_) => &self.counters.put_failed,
        };
        count.increment(items.len() as u64);
    }

    pub(super) async fn remove(&self, keys: &[Key]) {
        let count = match self.tier.remove_many(keys).await {
            Ok(()) => &self.counters.removed,
            Err(_) => &self.counters.remove_failed,
        };
        count.increment(keys.len() as u64);
    }

    pub(super) async fn explain(&self, key: &Key) -> Result<Option<Meta>, TierError> {
        Ok(self.tier.get(key).await?.map(|entry| entry.meta))
    }
}
