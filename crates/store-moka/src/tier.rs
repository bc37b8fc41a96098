//! The port `Tier`.

use std::{
    fmt,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use cache_tiers::{Capability, Entry, Key, Tier, TierError, limits::KEY_BYTES_MAX};
use moka::{Expiry, ops::compute::Op, sync::Cache};

use crate::MokaConfig;

/// Entries in this process, bounded by bytes.
pub struct MokaTier {
    name: String,
    capability: Capability,
    cache: Cache<Key, Entry>,
}

impl MokaTier {
    /// An empty one.
    #[must_use]
    pub fn new(config: MokaConfig) -> Self {
        let capability = Capability {
            local: true,
            shared: false,
            persistent: false,
            max_key_bytes: KEY_BYTES_MAX,
            max_value_bytes: config.max_value_bytes,
        };
        let cache = Cache::builder()
            .name(&config.name)
            .max_capacity(config.max_bytes)
            .weigher(|key: &Key, entry: &Entry| {
                u32::try_from(entry.weight(key)).unwrap_or(u32::MAX)
            })
            .expire_after(WholeLife)
            .build();
        Self { name: config.name, capability, cache }
    }

    /// What its entries weigh, as of the last time that it weighed them.
    pub fn n_bytes(&self) -> u64 {
        self.cache.weighted_size()
    }

    /// How many entries it holds, as of the last time that it counted them.
    pub fn n_entries(&self) -> u64 {
        self.cache.entry_count()
    }

    /// Weighs and evicts now what it would weigh and evict in the course of the next calls.
    pub fn settle(&self) {
        self.cache.run_pending_tasks();
    }

    fn put(&self, key: &Key, entry: &Entry) {
        self.cache.entry_by_ref(key).and_compute_with(|held| {
            let is_older = held.is_some_and(|held| held.value().meta.version > entry.meta.version);
            if is_older { Op::Nop } else { Op::Put(entry.clone()) }
        });
    }
}

#[async_trait]
impl Tier for MokaTier {
    fn name(&self) -> &str {
        &self.name
    }

    fn capability(&self) -> Capability {
        self.capability
    }

    fn peek(&self, key: &Key) -> Option<Entry> {
        self.cache.get(key)
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        Ok(keys.iter().map(|key| self.cache.get(key)).collect())
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        for (key, entry) in items.iter().filter(|(key, entry)| self.capability.takes(key, entry)) {
            self.put(key, entry);
        }
        Ok(())
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        keys.iter().for_each(|key| self.cache.invalidate(key));
        Ok(())
    }
}

impl fmt::Debug for MokaTier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MokaTier")
            .field("name", &self.name)
            .field("n_entries", &self.n_entries())
            .field("n_bytes", &self.n_bytes())
            .finish_non_exhaustive()
    }
}

/// Forgets an entry when its whole life has passed since it was put: late for a copy, but it needs
/// no clock, and what may be served is not decided here.
struct WholeLife;

impl WholeLife {
    const fn of(entry: &Entry) -> Duration {
        entry.meta.usable_until.since(entry.meta.fetched_at)
    }
}

impl Expiry<Key, Entry> for WholeLife {
    fn expire_after_create(&self, _: &Key, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(Self::of(entry))
    }

    fn expire_after_update(
        &self,
        _: &Key,
        entry: &Entry,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(Self::of(entry))
    }
}

#[cfg(test)]
mod tests;
