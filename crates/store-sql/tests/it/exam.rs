//! The exams of the ports.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{
    Capability, Entry, Faults, Faulty, Guarded, Key, SystemClock, Tier, TierError,
    conformance::Examinee,
};
use store_sql::{SqlLedger, SqlStore, SqlTallies, SqlTier};

use crate::place::{Dialect, Place};

async fn fresh_ledger(dialect: Dialect) -> (SqlLedger, Place) {
    let place = Place::fresh(dialect).await;
    (place.open().await.ledger(), place)
}

async fn fresh_tallies(dialect: Dialect) -> (SqlTallies, Place) {
    let place = Place::fresh(dialect).await;
    (place.open().await.tallies(), place)
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

/// As the gateway asks it, with a deadline and a breaker, and as the tests of others do, with
/// faults, of which it has none.
async fn wrapped_tier(dialect: Dialect) -> Guarded<Faulty<Housed>> {
    let faulty = Faulty::new(fresh_tier(dialect).await, Faults::default(), 1);
    Guarded::new(faulty, Duration::from_secs(20), Arc::new(SystemClock))
}

async fn fresh_store(dialect: Dialect) -> Examined {
    let place = Place::fresh(dialect).await;
    Examined { store: place.open().await, place }
}

/// A store and the database that it is in.
struct Examined {
    store: SqlStore,
    place: Place,
}

#[async_trait]
impl Examinee for Examined {
    fn tier(&self) -> Arc<dyn Tier> {
        Arc::new(self.store.tier())
    }

    async fn reopened(&self) -> Option<Arc<dyn Tier>> {
        self.store.close().await;
        Some(Arc::new(self.place.open().await.tier()))
    }

    async fn plant(&self, key: &Key, bytes: Bytes) -> bool {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let (column, frame) = match self.place.dialect {
            Dialect::Sqlite => ("key", format!("x'{hex}'")),
            Dialect::Mysql => ("cache_key", format!("x'{hex}'")),
            Dialect::Postgres => ("cache_key", format!("'\\x{hex}'")),
        };
        let columns = format!("{column}, version, usable_until, frame");
        let row = format!("'{key}', 1, {}, {frame}", i64::MAX);
        self.place.run(&format!("INSERT INTO cache_entry ({columns}) VALUES ({row})")).await;
        true
    }
}

macro_rules! exams {
    ($($module:ident $dialect:ident)+) => {$(
        mod $module {
            use super::{
                Dialect, fresh_ledger, fresh_store, fresh_tallies, fresh_tier, wrapped_tier,
            };

            cache_tiers::tier_conformance!(fresh_tier(Dialect::$dialect).await);
            cache_tiers::store_conformance!(fresh_store(Dialect::$dialect).await);
            credits::ledger_conformance!(fresh_ledger(Dialect::$dialect).await);
            credits::tally_conformance!(fresh_tallies(Dialect::$dialect).await);

            mod guarded_and_faulty {
                use super::{Dialect, wrapped_tier};

                cache_tiers::tier_conformance!(wrapped_tier(Dialect::$dialect).await);
            }
        }
    )+};
}
exams!(sqlite Sqlite mysql Mysql postgres Postgres);
