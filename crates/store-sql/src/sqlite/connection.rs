use std::path::Path;

use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::Sqlite;
use crate::{SqlConfig, SqlError, error};

const NAME: &str = "sqlite";

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/sqlite");

impl Sqlite {
    pub(crate) async fn open(path: &Path, config: &SqlConfig) -> Result<Self, SqlError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| error::open(NAME, source.into()))?;
        }
        let options = options(path, config);
        let writer = pool(config, 1, options.clone()).await?;
        let migrated = MIGRATIONS.run(&writer).await;
        migrated.map_err(|source| SqlError::Migrate { name: NAME, source: Box::new(source) })?;
        let reader =
            pool(config, config.connections.max(1), options.pragma("query_only", "1")).await?;
        Ok(Self { writer, reader })
    }
}

/// In this mode a commit survives the death of the process; the last ones before a power cut may
/// be gone, but never leave a damaged file.
fn options(path: &Path, config: &SqlConfig) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(config.acquire_timeout)
}

async fn pool(
    config: &SqlConfig,
    n_max: u32,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, SqlError> {
    SqlitePoolOptions::new()
        .max_connections(n_max)
        .acquire_timeout(config.acquire_timeout)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
        .map_err(|source| error::open(NAME, source))
}
