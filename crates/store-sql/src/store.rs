use std::sync::Arc;

use cache_tiers::Timestamp;

use crate::{
    Maintained, SqlConfig, SqlError, SqlLeases, SqlLedger, SqlMeter, SqlReports, SqlTallies,
    SqlTier, config::Target, database::Database, error, maintain::Plan, mysql::Mysql,
    postgres::Postgres, reads::Reads, sqlite::Sqlite,
};

/// An open database. Its parts share its connections; clones are the same database.
#[derive(Clone, Debug)]
pub struct SqlStore {
    name: &'static str,
    database: Arc<dyn Database>,
}

impl SqlStore {
    /// Opens it and brings its tables to this release. A server may be away: it is then tried
    /// again on use, and what is asked until it is there fails at once as unavailable.
    ///
    /// # Errors
    /// [`SqlError`] says whether the file or the tables are at fault.
    pub async fn open(config: SqlConfig) -> Result<Self, SqlError> {
        let name = config.name();
        let database: Arc<dyn Database> = match &config.target {
            Target::Sqlite(path) => Arc::new(Sqlite::open(path, &config).await?),
            Target::Mysql(address) => Arc::new(Mysql::open(address, &config).await?),
            Target::Postgres(address) => Arc::new(Postgres::open(address, &config).await?),
        };
        Ok(Self { name, database })
    }

    /// The tier in it.
    #[must_use]
    pub fn tier(&self) -> SqlTier {
        SqlTier::new(self.name, Arc::clone(&self.database))
    }

    /// The ledger in it. It is read where it is written: budgets are set from what it says.
    #[must_use]
    pub fn ledger(&self) -> SqlLedger {
        SqlLedger::new(Reads::of_primary(Arc::clone(&self.database)))
    }

    /// The count of credits in it, shared by all instances.
    #[must_use]
    pub fn meter(&self) -> SqlMeter {
        SqlMeter::new(Arc::clone(&self.database))
    }

    /// Who loads a key, of all instances that share it. Its clock decides.
    #[must_use]
    pub fn leases(&self) -> SqlLeases {
        SqlLeases::new(self.name, Arc::clone(&self.database))
    }

    /// Reports on what is in it.
    #[must_use]
    pub fn reports(&self) -> SqlReports {
        SqlReports::new(Reads::of_replica(self.name, Arc::clone(&self.database)))
    }

    /// What was counted of answers and calls. Read like [`SqlStore::reports`].
    #[must_use]
    pub fn tallies(&self) -> SqlTallies {
        SqlTallies::new(Reads::of_replica(self.name, Arc::clone(&self.database)))
    }

    /// Makes this month and the next two ready for postings, and forgets those that are older than
    /// the last `retention_months`, the current one among them
    /// ([`RETENTION_MONTHS`](crate::limits::RETENTION_MONTHS) is a good number). To be called at
    /// the start and about daily; what is posted to a month that was not made ready is moved later.
    ///
    /// Several instances may call it at once: one does it, the others say that it is postponed.
    /// Writers wait for seconds at most.
    ///
    /// # Errors
    /// The database does not let us; what was done so far stays done.
    pub async fn maintain(
        &self,
        now: Timestamp,
        retention_months: u32,
    ) -> Result<Maintained, SqlError> {
        let plan = Plan::new(now, retention_months);
        let done = self.database.maintain(&plan).await;
        done.map_err(|source| error::maintain(self.name, source))
    }

    /// Ends all connections in good order. What is asked afterwards fails as unavailable.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
