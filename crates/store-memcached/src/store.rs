//! What is opened and closed.

use std::sync::Arc;

use crate::{
    MemcachedConfig, MemcachedConfigError, leases::MemcachedLeases, pool::Pool, tier::MemcachedTier,
};

/// Its name in metrics and answers.
pub(crate) const NAME: &str = "memcached";

/// A pool of servers, and the ports that it fills. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MemcachedStore {
    pool: Arc<Pool>,
}

impl MemcachedStore {
    /// Nothing is looked up or dialled yet: it opens with all servers down, and finds them when
    /// they are there.
    ///
    /// # Errors
    /// When the settings cannot work.
    pub fn open(config: MemcachedConfig) -> Result<Self, MemcachedConfigError> {
        config.validate()?;
        Ok(Self { pool: Arc::new(Pool::new(config)) })
    }

    /// Entries.
    #[must_use]
    pub fn tier(&self) -> MemcachedTier {
        MemcachedTier::new(Arc::clone(&self.pool))
    }

    /// Leases of keys.
    #[must_use]
    pub fn leases(&self) -> MemcachedLeases {
        MemcachedLeases::new(Arc::clone(&self.pool))
    }

    /// Waits for calls under way, for the length of a deadline, and hangs up. Calls that come later
    /// find that it cannot be reached.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
