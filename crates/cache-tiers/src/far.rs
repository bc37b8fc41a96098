//! A tier in memory that behaves like one behind a network (feature `testing`).

use async_trait::async_trait;

use crate::{Capability, Entry, Key, Tier, TierError};

/// Any tier as if it were far: it has nothing to say at once, others share it, and each call lets
/// other work go first.
#[derive(Debug)]
pub struct Far<T>(pub T);

#[async_trait]
impl<T: Tier> Tier for Far<T> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn capability(&self) -> Capability {
        Capability { local: false, shared: true, persistent: true, ..self.0.capability() }
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        tokio::task::yield_now().await;
        self.0.get_many(keys).await
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        tokio::task::yield_now().await;
        self.0.put_many(items).await
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        tokio::task::yield_now().await;
        self.0.remove_many(keys).await
    }
}

#[cfg(test)]
mod tests;
