//! The exams, and what has to hold across restarts and deaths.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod death;
mod restart;

use async_trait::async_trait;
use cache_tiers::{Capability, Entry, Key, Tier, TierError, Timestamp};
use store_sql::{SqlConfig, SqlLedger, SqlStore, SqlTier};
use tempfile::TempDir;

const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);

async fn open(folder: &TempDir) -> SqlStore {
    SqlStore::open(SqlConfig::sqlite(folder.path().join("all.db"))).await.unwrap()
}

async fn fresh_ledger() -> (SqlLedger, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (open(&folder).await.ledger(), folder)
}

async fn fresh_tier() -> Housed {
    let folder = tempfile::tempdir().unwrap();
    Housed { tier: open(&folder).await.tier(), _folder: folder }
}

/// A tier and the folder that goes with it.
#[derive(Debug)]
struct Housed {
    tier: SqlTier,
    _folder: TempDir,
}

#[async_trait]
impl Tier for Housed {
    fn name(&self) -> &str {
        self.tier.name()
    }

    fn capability(&self) -> Capability {
        self.tier.capability()
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        self.tier.get_many(keys).await
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.tier.put_many(items).await
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.tier.remove_many(keys).await
    }
}

credits::ledger_conformance!(fresh_ledger().await);
cache_tiers::tier_conformance!(fresh_tier().await);
