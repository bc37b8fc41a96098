//! The port [`Tier`].

mod put;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{Capability, Entry, Key, Tier, TierError, limits::KEY_BYTES_MAX};
use memcache::exp::{Delete, Get, GetResult};

use crate::{
    cost::{READING, REMOVING},
    names::{self, Name},
    pool::Pool,
    sealed::{self, Opened},
    store::NAME,
    tier::put::Item,
};

/// Entries on memcached servers.
#[derive(Clone, Debug)]
pub struct MemcachedTier {
    pool: Arc<Pool>,
}

impl MemcachedTier {
    pub(crate) const fn new(pool: Arc<Pool>) -> Self {
        Self { pool }
    }

    fn names<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Vec<Name> {
        keys.map(|key| names::entry(&self.pool.config.prefix, key)).collect()
    }

    fn read(&self, name: &Name, key: &Key, found: GetResult) -> Option<Entry> {
        let counters = &self.pool.counters;
        match sealed::open(name, key, Bytes::from(found.value?)) {
            Opened::Ours(frame) => {
                let entry = Entry::decode(frame);
                entry.inspect_err(|_| counters.of_tier.undecodable.increment(1)).ok()
            }
            Opened::AnotherKey => {
                counters.collisions.increment(1);
                None
            }
            Opened::Foreign => {
                counters.of_tier.undecodable.increment(1);
                None
            }
        }
    }
}

#[async_trait]
impl Tier for MemcachedTier {
    fn name(&self) -> &str {
        NAME
    }

    fn capability(&self) -> Capability {
        Capability {
            local: false,
            shared: true,
            persistent: false,
            max_key_bytes: KEY_BYTES_MAX,
            max_value_bytes: self.pool.config.max_value_bytes,
        }
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        let due = self.pool.due();
        let names = self.names(keys.iter());
        let ask = |name: &Name| Get::new(name.as_str());
        let found = self.pool.spread(&names, |server, share| {
            let gets = share.into_iter().map(|index| ask(&names[index])).collect();
            server.run(gets, &READING, due)
        });
        let found = found.await;
        self.pool.conclude(&found)?;
        let asked = names.iter().zip(keys).zip(found);
        Ok(asked.map(|((name, key), found)| self.read(name, key, found.ok()?)).collect())
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        let due = self.pool.due();
        let capability = self.capability();
        let newest = put::newest(items.iter().filter(|(key, entry)| capability.takes(key, entry)));
        let names = self.names(newest.iter().map(|(key, _)| key));
        let named = names.iter().zip(newest);
        let items: Vec<Item<'_>> = named.map(|(name, item)| self.item(name, item)).collect();
        let put = self.pool.spread(&names, |server, share| {
            let share: Vec<&Item<'_>> = share.into_iter().map(|index| &items[index]).collect();
            put::put(server, share, &self.pool.counters, due)
        });
        self.pool.conclude(&put.await)
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        let due = self.pool.due();
        let names = self.names(keys.iter());
        let removed = self.pool.spread(&names, |server, share| {
            let deletes = share.into_iter().map(|index| Delete::new(names[index].as_str()));
            server.run(deletes.collect(), &REMOVING, due)
        });
        self.pool.conclude(&removed.await)
    }
}
