//! The exams in every mode, and what has to hold across deaths, silences and failovers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod deaths;
mod leases;
mod meters;
mod notes;
mod odd;
mod reopened;
mod server;

use std::{sync::Arc, time::Duration};

use cache_tiers::{Clock, Entry, Faults, Faulty, Guarded, Meta, SystemClock, Version};
use store_redis::{RedisConfig, RedisStore, RedisTier};

/// A server that outlives the tests, from the environment.
fn named(variable: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "tests are told where the servers are")]
    let value = std::env::var(variable);
    value.unwrap_or_else(|_| {
        panic!("{variable} is not set: start the servers (cargo xtask servers up) or run cargo xtask test")
    })
}

/// Settings for a machine that is busy with other tests.
fn config(urls: &str, prefix: &str) -> RedisConfig {
    RedisConfig {
        urls: urls.split(',').map(str::to_owned).collect(),
        prefix: format!("{prefix}-{}:", std::process::id()),
        deadline_ms: 10_000,
        connect_timeout_ms: 2_000,
        ..RedisConfig::default()
    }
}

fn open(config: RedisConfig) -> RedisStore {
    RedisStore::open(config).unwrap()
}

fn single(prefix: &str) -> RedisStore {
    open(config(&named("CMCACHE_TEST_REDIS"), prefix))
}

/// The same server by another house.
fn valkey(prefix: &str) -> RedisStore {
    open(config(&named("CMCACHE_TEST_VALKEY"), prefix))
}

fn cluster(prefix: &str) -> RedisStore {
    open(config(&named("CMCACHE_TEST_REDIS_CLUSTER"), prefix))
}

fn sentinel(prefix: &str) -> RedisStore {
    let sentinels = config(&named("CMCACHE_TEST_REDIS_SENTINEL"), prefix);
    open(RedisConfig { sentinel_master: Some("cmc".to_owned()), ..sentinels })
}

fn tls(prefix: &str) -> RedisStore {
    let server = config(&named("CMCACHE_TEST_REDIS_TLS"), prefix);
    open(RedisConfig { ca_file: Some(named("CMCACHE_TEST_REDIS_CA").into()), ..server })
}

/// Everything is compressed that can be.
fn compressed(prefix: &str) -> RedisTier {
    let server = config(&named("CMCACHE_TEST_REDIS"), prefix);
    open(RedisConfig { compress_min_bytes: 1, ..server }).tier()
}

/// As the gateway asks it: with a deadline and a breaker.
fn guarded() -> Guarded<RedisTier> {
    let deadline = Duration::from_secs(5);
    Guarded::new(single("guarded").tier(), deadline, Arc::new(SystemClock))
}

/// As the tests of others ask it: with faults, of which it has none.
fn faulty() -> Faulty<RedisTier> {
    Faulty::new(single("faulty").tier(), Faults::default(), 1)
}

/// An entry that is usable for an hour.
fn entry(version: u64, body: &str) -> Entry {
    let now = SystemClock.now();
    let meta = Meta {
        version: Version::from_bits(version),
        fetched_at: now,
        fresh_until: now.after(Duration::from_secs(60)),
        usable_until: now.after(Duration::from_secs(3_600)),
        ..Meta::default()
    };
    Entry { body: body.to_owned().into(), meta }
}

mod redis_single {
    use super::single;
    cache_tiers::tier_conformance!(single("exam").tier());
}

mod valkey_single {
    use super::valkey;
    cache_tiers::tier_conformance!(valkey("exam").tier());
}

mod redis_cluster {
    use super::cluster;
    cache_tiers::tier_conformance!(cluster("exam").tier());
}

mod redis_sentinel {
    use super::sentinel;
    cache_tiers::tier_conformance!(sentinel("exam").tier());
}

mod redis_tls_and_acl {
    use super::tls;
    cache_tiers::tier_conformance!(tls("exam").tier());
}

mod redis_compressed {
    use super::compressed;
    cache_tiers::tier_conformance!(compressed("zipped"));
}

mod redis_guarded {
    use super::guarded;
    cache_tiers::tier_conformance!(guarded());
}

mod redis_faulty {
    use super::faulty;
    cache_tiers::tier_conformance!(faulty());
}
