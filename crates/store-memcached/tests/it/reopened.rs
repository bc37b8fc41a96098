//! What outlives its connections, and what others left under its names.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{Key, Tier, conformance::Examinee};
use store_memcached::{MemcachedConfig, names};

use crate::{open, server::Plain, shared};

/// The first server, under a prefix of its own.
struct Examined;

impl Examined {
    fn config() -> MemcachedConfig {
        crate::config(&shared()[..1], "examined")
    }
}

#[async_trait]
impl Examinee for Examined {
    fn tier(&self) -> Arc<dyn Tier> {
        Arc::new(open(&shared()[..1], "examined").tier())
    }

    async fn reopened(&self) -> Option<Arc<dyn Tier>> {
        Some(self.tier())
    }

    async fn plant(&self, key: &Key, bytes: Bytes) -> bool {
        Plain::to(&shared()[0]).put(&names::entry(&Self::config().prefix, key), &bytes);
        true
    }
}

mod memcached_one {
    use super::Examined;
    cache_tiers::store_conformance!(Examined);
}
