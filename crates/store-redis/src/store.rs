use std::sync::Arc;

use crate::{
    Invalidation, RedisBackplane, RedisConfig, RedisConfigError, RedisLeases, RedisMeter,
    RedisTier, link::Link,
};

/// A server, its sentinels, or a cluster. Its parts share its connections; clones are the same.
#[derive(Clone, Debug)]
pub struct RedisStore {
    link: Arc<Link>,
    prefix: Arc<str>,
    compress_min_bytes: usize,
    invalidation: Invalidation,
}

impl RedisStore {
    /// Nothing is connected yet: that is done when something is asked.
    ///
    /// # Errors
    /// The first setting that cannot work, and what would.
    pub fn open(config: RedisConfig) -> Result<Self, RedisConfigError> {
        Ok(Self {
            link: Arc::new(Link::new(&config)?),
            prefix: config.prefix.into(),
            compress_min_bytes: config.compress_min_bytes,
            invalidation: config.invalidation,
        })
    }

    /// The tier in it.
    #[must_use]
    pub fn tier(&self) -> RedisTier {
        RedisTier::new(Arc::clone(&self.link), Arc::clone(&self.prefix), self.compress_min_bytes)
    }

    /// The leases in it.
    #[must_use]
    pub fn leases(&self) -> RedisLeases {
        RedisLeases::new(Arc::clone(&self.link), Arc::clone(&self.prefix))
    }

    /// The meter in it: one count of credits for all instances.
    #[must_use]
    pub fn meter(&self) -> RedisMeter {
        RedisMeter::new(Arc::clone(&self.link), Arc::clone(&self.prefix))
    }

    /// What instances tell each other through it, as one more instance; `None` if that is off.
    #[must_use]
    pub fn backplane(&self) -> Option<RedisBackplane> {
        let is_tracking = match self.invalidation {
            Invalidation::Notes => false,
            Invalidation::Tracking => true,
            Invalidation::Off => return None,
        };
        Some(RedisBackplane::new(Arc::clone(&self.link), Arc::clone(&self.prefix), is_tracking))
    }

    /// Lets the connections go. What is asked afterwards fails as unavailable.
    pub fn close(&self) {
        self.link.close();
    }
}
