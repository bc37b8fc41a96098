//! What outlives its connections, and what others left under its names.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{Key, Tier, conformance::Examinee};
use store_redis::names;

use crate::{named, open, server::Plain};

/// The one server, under a prefix of its own.
struct Examined;

impl Examined {
    fn config() -> store_redis::RedisConfig {
        crate::config(&named("CMCACHE_TEST_REDIS"), "examined")
    }
}

#[async_trait]
impl Examinee for Examined {
    fn tier(&self) -> Arc<dyn Tier> {
        Arc::new(open(Self::config()).tier())
    }

    async fn reopened(&self) -> Option<Arc<dyn Tier>> {
        Some(self.tier())
    }

    async fn plant(&self, key: &Key, bytes: Bytes) -> bool {
        let name = names::entry(&Self::config().prefix, key);
        let mut plain = Plain::to(&named("CMCACHE_TEST_REDIS"));
        plain.ask(&[b"SET", name.as_bytes(), &bytes]) == "+OK"
    }
}

mod redis_single {
    use super::Examined;
    cache_tiers::store_conformance!(Examined);
}
