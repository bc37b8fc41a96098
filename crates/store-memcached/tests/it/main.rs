//! The exams on one server and on three, and what is only true of memcached.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod deaths;
mod leases;
mod odd;
mod pace;
mod reopened;
mod server;

use std::{sync::Arc, time::Duration};

use cache_tiers::{Entry, Faults, Faulty, Guarded, Key, Meta, SystemClock, Timestamp, Version};
use store_memcached::{MemcachedConfig, MemcachedStore, MemcachedTier};

use crate::server::Server;

/// Servers that outlive the tests, from the environment.
fn shared() -> Vec<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are told where the servers are")]
    let servers = std::env::var("CMCACHE_TEST_MEMCACHED");
    let servers = servers.expect(
        "CMCACHE_TEST_MEMCACHED does not name memcached servers: \
         start them (cargo xtask servers up) or run cargo xtask test",
    );
    servers.split(',').map(str::to_owned).collect()
}

/// Settings for a machine that is busy with other tests.
fn config(servers: &[String], prefix: &str) -> MemcachedConfig {
    MemcachedConfig {
        servers: servers.to_vec(),
        prefix: format!("{prefix}-{}:", std::process::id()),
        deadline_ms: 5_000,
        connect_timeout_ms: 2_000,
        ..MemcachedConfig::default()
    }
}

fn open(servers: &[String], prefix: &str) -> MemcachedStore {
    MemcachedStore::open(config(servers, prefix)).unwrap()
}

/// What it says to fit has to fit as it is.
fn on_one() -> MemcachedTier {
    let config = MemcachedConfig { compress_min_bytes: 0, ..config(&shared()[..1], "one") };
    MemcachedStore::open(config).unwrap().tier()
}

fn on_all() -> MemcachedTier {
    open(&shared(), "all").tier()
}

/// As the gateway asks it, with a deadline and a breaker, and as the tests of others do, with
/// faults, of which it has none.
fn wrapped() -> Guarded<Faulty<MemcachedTier>> {
    let faulty = Faulty::new(open(&shared(), "wrapped").tier(), Faults::default(), 1);
    Guarded::new(faulty, Duration::from_secs(5), Arc::new(SystemClock))
}

/// An entry that is usable for an hour.
fn entry(version: u64, body: &str) -> Entry {
    let meta = Meta {
        version: Version::from_bits(version),
        usable_until: Timestamp::EPOCH.after(Duration::from_secs(4_000_000_000)),
        ..Meta::default()
    };
    Entry { body: body.to_owned().into(), meta }
}

fn keys(n: usize) -> Vec<Key> {
    (0..n).map(|index| Key::new(&format!("coin:{index}:usd"))).collect()
}

fn items(keys: &[Key]) -> Vec<(Key, Entry)> {
    keys.iter().map(|key| (key.clone(), entry(1, key.as_str()))).collect()
}

mod one_server {
    use super::on_one;
    cache_tiers::tier_conformance!(on_one());
}

mod three_servers {
    use super::on_all;
    cache_tiers::tier_conformance!(on_all());
}

mod guarded_and_faulty {
    use super::wrapped;
    cache_tiers::tier_conformance!(wrapped());
}
