//! What outlives its connections, and what others left under its names.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{Key, Tier, conformance::Examinee};
use store_redis::names;

use crate::{named, open, server::Plain};

/// The server of this variable, under a prefix of its own.
struct Examined(&'static str);

impl Examined {
    fn config(&self) -> store_redis::RedisConfig {
        crate::config(&named(self.0), "examined")
    }
}

#[async_trait]
impl Examinee for Examined {
    fn tier(&self) -> Arc<dyn Tier> {
        Arc::new(open(self.config()).tier())
    }

    async fn reopened(&self) -> Option<Arc<dyn Tier>> {
        Some(self.tier())
    }

    async fn plant(&self, key: &Key, bytes: Bytes) -> bool {
        let name = names::entry(&self.config().prefix, key);
        let mut plain = Plain::to(&named(self.0));
        plain.ask(&[b"SET", name.as_bytes(), &bytes]) == "+OK"
    }
}

mod redis_single {
    use super::Examined;
    cache_tiers::store_conformance!(Examined("CMCACHE_TEST_REDIS"));
}

mod valkey_single {
    use super::Examined;
    cache_tiers::store_conformance!(Examined("CMCACHE_TEST_VALKEY"));
}
