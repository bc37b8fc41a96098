//! The store that counts, as the parent and the children reach it.

use std::sync::Arc;

use credits::Meter;
use harness::{Database, RedisServer};
use store_redis::{RedisConfig, RedisStore};
use store_sql::{SqlConfig, SqlStore};

/// Where the counting is done.
#[derive(Debug)]
pub(super) enum Store {
    Redis { authority: String },
    Sql(Database),
}

impl Store {
    pub(super) fn redis(server: &RedisServer) -> Self {
        Self::Redis { authority: server.authority() }
    }

    pub(super) const fn sql(database: Database) -> Self {
        Self::Sql(database)
    }

    /// `host:port`.
    pub(super) fn authority(&self) -> &str {
        match self {
            Self::Redis { authority } => authority,
            Self::Sql(database) => database.authority(),
        }
    }

    /// Its URL through something that listens at `authority`.
    pub(super) fn url_through(&self, authority: &str) -> String {
        match self {
            Self::Redis { .. } => format!("redis://{authority}"),
            Self::Sql(database) => database.url_through(authority),
        }
    }
}

/// Counts in the store at `url`.
pub(super) async fn meter(url: &str) -> Arc<dyn Meter> {
    if url.starts_with("redis://") {
        let config = RedisConfig {
            urls: vec![url.to_owned()],
            // For a machine that is busy with other tests.
            deadline_ms: 3_000,
            ..RedisConfig::default()
        };
        return Arc::new(RedisStore::open(config).unwrap().meter());
    }
    let config = SqlConfig::from_url(url).unwrap();
    Arc::new(SqlStore::open(config).await.unwrap().meter())
}
