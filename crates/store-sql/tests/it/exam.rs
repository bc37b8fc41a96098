//! The exams of the ports.

use async_trait::async_trait;
use cache_tiers::{Capability, Entry, Key, Tier, TierError};
use store_sql::{SqlLedger, SqlTier};

use crate::place::{Dialect, Place};

async fn fresh_ledger(dialect: Dialect) -> (SqlLedger, Place) {
    let place = Place::fresh(dialect).await;
    (place.open().await.ledger(), place)
}

async fn fresh_tier(dialect: Dialect) -> Housed {
    let place = Place::fresh(dialect).await;
    Housed { tier: place.open().await.tier(), _place: place }
}

/// A tier and the database that goes with it.
#[derive(Debug)]
struct Housed {
    tier: SqlTier,
    _place: Place,
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

macro_rules! exams {
    ($($module:ident $dialect:ident)+) => {$(
        mod $module {
            use super::{Dialect, fresh_ledger, fresh_tier};

            cache_tiers::tier_conformance!(fresh_tier(Dialect::$dialect).await);
            credits::ledger_conformance!(fresh_ledger(Dialect::$dialect).await);
        }
    )+};
}
exams!(sqlite Sqlite mysql Mysql postgres Postgres);
