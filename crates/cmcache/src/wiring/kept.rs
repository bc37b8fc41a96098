//! What outlives the process: the books, and the databases behind them and behind tiers.

use std::{path::Path, sync::Arc};

use credits::{FileJournal, Journal, Ledger, MemoryLedger, MemoryTallies, NoJournal, TallyBook};
use store_sql::{SqlConfig, SqlStore};

use crate::{
    config::{Config, ConfigError, LedgerConfig, Place},
    error::StartError,
    opening::Opening,
};

/// The database of the data directory, its ledger and its tier.
const DATABASE: &str = "cmcache.db";

/// What outlives the process.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Each database once, whoever uses it, by where it is; the embedded one is nowhere.
    pub(crate) databases: Vec<(Option<Place>, SqlStore)>,
    pub(crate) ledger: Arc<dyn Ledger>,
    /// The same, read where reports may be read: what was posted moments ago may be missing.
    pub(crate) reports: Arc<dyn Ledger>,
    /// What was counted of answers and calls, beside the ledger.
    pub(crate) tallies: Arc<dyn TallyBook>,
    pub(crate) journal: Arc<dyn Journal>,
}

impl Kept {
    /// The database there, opened if nobody has opened it yet. One on a server may be away.
    pub(crate) async fn database(
        &mut self,
        place: Option<&Place>,
        config: SqlConfig,
    ) -> Result<SqlStore, StartError> {
        if let Some((_, open)) = self.databases.iter().find(|(at, _)| at.as_ref() == place) {
            return Ok(open.clone());
        }
        let store = SqlStore::open(config).await?;
        self.databases.push((place.cloned(), store.clone()));
        Ok(store)
    }

    /// The database of `ledger.url`.
    pub(crate) fn ledger_database(&self, config: &Config) -> Option<&SqlStore> {
        let place = config.ledger.url.as_ref()?;
        let opened = self.databases.iter().find(|(at, _)| at.as_ref() == Some(place));
        opened.map(|(_, database)| database)
    }

    /// Closes the databases.
    pub(crate) async fn close(&self) {
        for (_, database) in &self.databases {
            database.close().await;
        }
    }
}

/// Opens journal and ledger: in the data directory, on a server, or in memory.
pub(crate) async fn kept(config: &Config, opening: &Opening) -> Result<Kept, StartError> {
    let ledger: Arc<dyn Ledger> = Arc::new(MemoryLedger::default());
    let reports = Arc::clone(&ledger);
    let tallies = Arc::new(MemoryTallies::new());
    let journal = journal(config)?;
    let mut kept = Kept { databases: Vec::new(), ledger, reports, tallies, journal };
    if let Some(place) = &config.ledger.url {
        let connections = config.tier.values().find(|tier| tier.url.as_ref() == Some(place));
        let mut sql = on_server(&config.ledger)?;
        opening.waits_for(format!("the ledger, a {} server", place.scheme().unwrap_or("database")));
        sql.connections = connections.and_then(|tier| tier.connections).unwrap_or(sql.connections);
        let database = kept.database(Some(place), sql).await?;
        kept.ledger = Arc::new(database.ledger());
        kept.reports = Arc::new(database.reports().ledger());
        kept.tallies = Arc::new(database.tallies());
    } else if config.is_kept() {
        opening.waits_for("the database of data_dir");
        let database = kept.database(None, embedded(config)).await?;
        kept.ledger = Arc::new(database.ledger());
        kept.tallies = Arc::new(database.tallies());
        kept.reports = Arc::clone(&kept.ledger);
    }
    Ok(kept)
}

/// The database in the data directory.
pub(crate) fn embedded(config: &Config) -> SqlConfig {
    SqlConfig::sqlite(Path::new(&config.data_dir).join(DATABASE))
}

fn journal(config: &Config) -> Result<Arc<dyn Journal>, StartError> {
    if !config.is_kept() {
        return Ok(Arc::new(NoJournal));
    }
    let dir = &config.data_dir;
    let path = || dir.display().to_string();
    std::fs::create_dir_all(dir).map_err(|source| StartError::DataDir { path: path(), source })?;
    let journal = FileJournal::open(dir);
    Ok(Arc::new(journal.map_err(|reason| StartError::Journal { path: path(), reason })?))
}

/// What is wrong with the ledger's URLs, if anything is.
pub(crate) fn check_ledger(ledger: &LedgerConfig) -> Result<(), ConfigError> {
    let Some(url) = &ledger.url else { return Ok(()) };
    if !["mysql", "mariadb", "postgres", "postgresql"].map(Some).contains(&url.scheme()) {
        return Err(ConfigError(
            "ledger.url: it must begin with mysql://, mariadb:// or postgres://; empty means the \
             database of data_dir"
                .to_owned(),
        ));
    }
    on_server(ledger).map(drop)
}

fn on_server(ledger: &LedgerConfig) -> Result<SqlConfig, ConfigError> {
    let said = |key: &str, error: store_sql::SqlError| ConfigError(format!("{key}: {error}"));
    let url = ledger.url.as_ref().map_or("", Place::expose);
    let config = SqlConfig::from_url(url).map_err(|error| said("ledger.url", error))?;
    match &ledger.reports_url {
        None => Ok(config),
        Some(replica) => config
            .with_reports_url(replica.expose())
            .map_err(|error| said("ledger.reports_url", error)),
    }
}
