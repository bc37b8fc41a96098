//! A database of its own for each test, gone afterwards.

use std::{sync::Arc, thread};

use sqlx::{Connection, MySqlConnection, PgConnection};
use store_sql::{SqlConfig, SqlStore};
use tempfile::TempDir;

/// Where the servers of the tests are.
const MYSQL: &str = "CMCACHE_TEST_MYSQL";
const POSTGRES: &str = "CMCACHE_TEST_POSTGRES";

/// One of the dialects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Mysql,
    Postgres,
}

/// An empty database. Clones are the same; it is gone with the last.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) dialect: Dialect,
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: String,
    folder: TempDir,
    dialect: Dialect,
}

impl Place {
    pub(crate) async fn fresh(dialect: Dialect) -> Self {
        let name = format!("cmc_{:016x}", fastrand::u64(..));
        let folder = tempfile::tempdir().unwrap();
        match dialect {
            Dialect::Sqlite => {}
            Dialect::Mysql | Dialect::Postgres => {
                at_server(dialect, format!("CREATE DATABASE {name}")).await;
            }
        }
        Self { dialect, inner: Arc::new(Inner { name, folder, dialect }) }
    }

    pub(crate) fn url(&self) -> String {
        match self.dialect {
            Dialect::Sqlite => format!("sqlite:{}", self.folder().join("all.db").display()),
            dialect => format!("{}/{}", server(dialect), self.inner.name),
        }
    }

    pub(crate) fn config(&self) -> SqlConfig {
        SqlConfig::from_url(&self.url()).unwrap()
    }

    pub(crate) async fn open(&self) -> SqlStore {
        SqlStore::open(self.config()).await.unwrap()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.inner.folder.path()
    }

    /// Runs a statement in a transaction that stays open as long as what is given back.
    pub(crate) async fn hold(&self, sql: &str) -> Box<dyn std::any::Any + Send + Sync> {
        let statements = sqlx::AssertSqlSafe(format!("BEGIN; {sql}"));
        if self.dialect == Dialect::Mysql {
            let mut at = MySqlConnection::connect(&self.url()).await.unwrap();
            sqlx::raw_sql(statements).execute(&mut at).await.unwrap();
            Box::new(at)
        } else {
            let mut at = PgConnection::connect(&self.url()).await.unwrap();
            sqlx::raw_sql(statements).execute(&mut at).await.unwrap();
            Box::new(at)
        }
    }

    /// Runs a statement beside the store.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self.dialect {
            Dialect::Sqlite => {
                let options = sqlx::sqlite::SqliteConnectOptions::new();
                let options = options.filename(self.folder().join("all.db"));
                let mut at = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut at).await.unwrap();
            }
            Dialect::Mysql => {
                let mut at = MySqlConnection::connect(&self.url()).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut at).await.unwrap();
            }
            Dialect::Postgres => {
                let mut at = PgConnection::connect(&self.url()).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut at).await.unwrap();
            }
        }
    }

    /// The first column of an answer, which is text.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self.dialect {
            Dialect::Sqlite => {
                let options = sqlx::sqlite::SqliteConnectOptions::new();
                let options = options.filename(self.folder().join("all.db"));
                let mut at = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&mut at).await.unwrap()
            }
            Dialect::Mysql => {
                let mut at = MySqlConnection::connect(&self.url()).await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&mut at).await.unwrap()
            }
            Dialect::Postgres => {
                let mut at = PgConnection::connect(&self.url()).await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&mut at).await.unwrap()
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let drop = match self.dialect {
            Dialect::Sqlite => return,
            Dialect::Mysql => format!("DROP DATABASE {}", self.name),
            Dialect::Postgres => format!("DROP DATABASE {} WITH (FORCE)", self.name),
        };
        let dialect = self.dialect;
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(at_server(dialect, drop));
        });
        // A test that failed may have ended the server, too.
        drop_quietly(dropping.join());
    }
}

fn drop_quietly<T>(_: T) {}

/// Runs a statement in no database of ours.
pub(crate) async fn at_server(dialect: Dialect, sql: String) {
    let sql = sqlx::AssertSqlSafe(sql);
    let url = server(dialect);
    if dialect == Dialect::Mysql {
        let mut at = MySqlConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut at).await.unwrap();
    } else {
        let mut at = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut at).await.unwrap();
    }
}

/// The URL of a server, without a database.
#[expect(clippy::disallowed_methods, reason = "tests are told where the servers are")]
pub(crate) fn server(dialect: Dialect) -> String {
    let name = if dialect == Dialect::Mysql { MYSQL } else { POSTGRES };
    match std::env::var(name) {
        Ok(url) => url.trim_end_matches('/').to_owned(),
        Err(_) => panic!(
            "{name} names no server: start them (cargo xtask servers up) or run cargo xtask test"
        ),
    }
}

/// Runs each test on each dialect; those after `servers:` on those that have one.
macro_rules! on_each_dialect {
    ($($test:ident)+ $(; servers: $($server_test:ident)+)?) => {
        on_each_dialect!(@in sqlite Sqlite $($test)+);
        on_each_dialect!(@in mysql Mysql $($test)+ $($($server_test)+)?);
        on_each_dialect!(@in postgres Postgres $($test)+ $($($server_test)+)?);
    };
    (@in $module:ident $dialect:ident $($test:ident)+) => {
        mod $module {
            use crate::place::{Dialect, Place};

            $(
                #[tokio::test]
                async fn $test() {
                    super::$test(Place::fresh(Dialect::$dialect).await).await;
                }
            )+
        }
    };
}
pub(crate) use on_each_dialect;
