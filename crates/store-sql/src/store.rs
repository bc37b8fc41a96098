use std::sync::Arc;

use crate::{
    SqlConfig, SqlError, SqlLedger, SqlTier, config::Target, database::Database, mysql::Mysql,
    postgres::Postgres, sqlite::Sqlite,
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

    /// The ledger in it.
    #[must_use]
    pub fn ledger(&self) -> SqlLedger {
        SqlLedger::new(Arc::clone(&self.database))
    }

    /// Ends all connections in good order. What is asked afterwards fails as unavailable.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
