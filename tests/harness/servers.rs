//! Real stores for tests.
//!
//! Two kinds. The *shared* ones are started once per run by `cargo xtask` and are told by the
//! environment ([`TestServers`]): the heavy ones, and the arrangements that take seconds. The
//! *private* ones ([`RedisServer`], [`MemcachedServer`]) are started by a test in milliseconds and
//! belong to it: it may kill, freeze and restart them.

mod database;
mod memcached;
mod private;
mod redis;

use std::path::PathBuf;

use crate::machine::setting;

pub use database::Database;
pub use memcached::MemcachedServer;
pub use redis::RedisServer;

/// The servers that the test run shares. Tests keep to a prefix or a database of their own.
///
/// Every function panics when the run has no such server: a test that passes without one would be
/// believed.
#[derive(Debug, Clone, Copy)]
pub struct TestServers;

impl TestServers {
    /// `redis://127.0.0.1:port`.
    ///
    /// # Panics
    /// Without this server.
    #[must_use]
    pub fn redis() -> String {
        told("CMCACHE_TEST_REDIS")
    }

    /// `rediss://user:password@localhost:port` of a Redis that speaks TLS only.
    ///
    /// # Panics
    /// Without this server.
    #[must_use]
    pub fn redis_tls() -> String {
        told("CMCACHE_TEST_REDIS_TLS")
    }

    /// The certificate of the authority that signed that Redis's own.
    ///
    /// # Panics
    /// Without this server.
    #[must_use]
    pub fn redis_ca() -> PathBuf {
        told("CMCACHE_TEST_REDIS_CA").into()
    }

    /// The URLs of the masters of a cluster.
    ///
    /// # Panics
    /// Without this cluster.
    #[must_use]
    pub fn redis_cluster() -> Vec<String> {
        told("CMCACHE_TEST_REDIS_CLUSTER").split(',').map(str::to_owned).collect()
    }

    /// The URL of a sentinel whose master is called `cmc`.
    ///
    /// # Panics
    /// Without this server.
    #[must_use]
    pub fn redis_sentinel() -> String {
        told("CMCACHE_TEST_REDIS_SENTINEL")
    }

    /// The addresses of several memcached servers, `host:port`.
    ///
    /// # Panics
    /// Without these servers.
    #[must_use]
    pub fn memcached() -> Vec<String> {
        told("CMCACHE_TEST_MEMCACHED").split(',').map(str::to_owned).collect()
    }

    /// A new, empty database of MariaDB, which goes away with the value.
    ///
    /// # Panics
    /// Without this server or its client `mariadb`.
    pub async fn mysql_database() -> Database {
        Database::of_mysql(&told("CMCACHE_TEST_MYSQL")).await
    }

    /// A new, empty database of PostgreSQL, which goes away with the value.
    ///
    /// # Panics
    /// Without this server or its client `psql`.
    pub async fn postgres_database() -> Database {
        Database::of_postgres(&told("CMCACHE_TEST_POSTGRES")).await
    }
}

fn told(name: &str) -> String {
    setting(name).unwrap_or_else(|| {
        panic!(
            "no {name}: run `cargo xtask test`, or `eval \"$(cargo xtask servers up)\"` before this"
        )
    })
}
