//! A tier under the name by which the operator knows it.

use std::sync::Arc;

use async_trait::async_trait;
use cache_tiers::{Capability, Entry, Key, Tier, TierError};

/// A store does not know whether it is called `redis` or `valkey`.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) tier: Arc<dyn Tier>,
}

impl Named {
    /// The tier, called `name`.
    pub(super) fn tier(name: &str, tier: Arc<dyn Tier>) -> Arc<dyn Tier> {
        if tier.name() == name {
            return tier;
        }
        Arc::new(Self { name: name.to_owned(), tier })
    }
}

#[async_trait]
impl Tier for Named {
    fn name(&self) -> &str {
        &self.name
    }

    fn capability(&self) -> Capability {
        self.tier.capability()
    }

    fn peek(&self, key: &Key) -> Option<Entry> {
        self.tier.peek(key)
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        self.tier.get_many(keys).await
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.tier.put_many(items).await
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.tier.remove_many(keys).await
    }
}
