use std::{sync::LazyLock, time::Duration};

use secrecy::ExposeSecret;
use sqlx::{
    Connection, Executor, MySql, MySqlConnection, MySqlPool, SqlSafeStr,
    migrate::Migrator,
    mysql::{MySqlConnectOptions, MySqlSslMode},
    pool::PoolOptions,
};

use super::Mysql;
use crate::{
    SqlConfig, SqlError,
    config::{Address, Target, TlsMode},
    limits,
    server::{self, Server},
};

const NAME: &str = "mysql";
const PORT: u16 = 3306;

/// Other isolation than this makes gaps between keys lockable, and so deadlocks of writers that
/// never touch the same key.
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Not under the driver's own lock: `MariaDB` refuses to wait for ever, and the driver does not
/// look whether it has it.
static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx::migrate!("./migrations/mysql");
    migrations.set_locking(false);
    migrations
});

impl Mysql {
    pub(crate) async fn open(address: &Address, config: &SqlConfig) -> Result<Self, SqlError> {
        let options = options(address);
        let replica = match &config.reports {
            Some(Target::Mysql(address)) => {
                Some(pool(config, server::replica_options(config), self::options(address)))
            }
            _ => None,
        };
        let pools = (pool(config, server::pool_options(config), options.clone()), replica);
        let first = options.clone();
        let opening = Box::new(move || -> futures_util::future::BoxFuture<'static, _> {
            Box::pin(migrate(first.clone()))
        });
        let server = Server::open(NAME, config, pools, opening).await?;
        Ok(Self { server, options })
    }
}

fn options(address: &Address) -> MySqlConnectOptions {
    let tls = &address.tls;
    let mut options = MySqlConnectOptions::new()
        .host(&address.host)
        .port(address.port.unwrap_or(PORT))
        .username(&address.user)
        .database(&address.database)
        .ssl_mode(match tls.mode {
            TlsMode::Off => MySqlSslMode::Disabled,
            TlsMode::Prefer => MySqlSslMode::Preferred,
            TlsMode::Require => MySqlSslMode::Required,
            TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
            TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
        });
    if let Some(password) = &address.password {
        options = options.password(password.expose_secret());
    }
    if let Some(socket) = &address.socket {
        options = options.socket(socket);
    }
    if let Some(ca) = &tls.ca {
        options = options.ssl_ca(ca);
    }
    if let (Some(cert), Some(key)) = (&tls.cert, &tls.key) {
        options = options.ssl_client_cert(cert).ssl_client_key(key);
    }
    options
}

fn pool(config: &SqlConfig, pool: PoolOptions<MySql>, options: MySqlConnectOptions) -> MySqlPool {
    let session = session(config);
    pool.after_connect(move |connection, _| {
        let session = session.clone();
        Box::pin(async move {
            connection.execute(ISOLATION).await?;
            connection.execute(sqlx::AssertSqlSafe(session).into_sql_str()).await?;
            Ok(())
        })
    })
    .connect_lazy_with(options)
}

/// Only numbers of ours are put into the text. `MariaDB` and `MySQL` know other names for how long
/// a statement may take, each reads only its own comment.
fn session(config: &SqlConfig) -> String {
    let wait = config.acquire_timeout.as_secs().max(1);
    // What is too long is refused and not cut, whatever the server is set to.
    let mut text = format!(
        "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), \
         innodb_lock_wait_timeout = {wait}"
    );
    if let Some(length) = config.statement_timeout {
        let millis = length.max(Duration::from_millis(1)).as_millis();
        let (seconds, rest) = (millis / 1_000, millis % 1_000);
        text += &format!(" /*M!100100 , max_statement_time = {seconds}.{rest:03} */");
        text += &format!(" /*!50708 , max_execution_time = {millis} */");
    }
    text
}

/// Brings the tables to this release, one instance after the other.
async fn migrate(options: MySqlConnectOptions) -> sqlx::Result<()> {
    let mut connection = connect(&options).await?;
    take_turn(&mut connection, "migrate", limits::MIGRATION_LOCK_MAX).await?;
    forget_the_cut_off(&mut connection).await?;
    MIGRATIONS.run_direct(None, &mut connection, false).await?;
    // Its lock ends with it.
    connection.close().await
}

/// A connection of its own, without the limits of the pool.
pub(super) async fn connect(options: &MySqlConnectOptions) -> sqlx::Result<MySqlConnection> {
    MySqlConnection::connect_with(options).await
}

/// Takes a lock that all instances on this database know; it ends with the connection.
pub(super) async fn take_turn(
    connection: &mut MySqlConnection,
    what: &str,
    length: Duration,
) -> sqlx::Result<()> {
    let taken: Option<i64> =
        sqlx::query_scalar("SELECT GET_LOCK(CONCAT('cmcache.', ?, SHA1(DATABASE())), ?)")
            .bind(what)
            .bind(i64::try_from(length.as_secs()).unwrap_or(i64::MAX))
            .fetch_one(connection)
            .await?;
    if taken == Some(1) { Ok(()) } else { Err(sqlx::Error::PoolTimedOut) }
}

/// One who was killed in the middle left his migration marked as begun. Ours can be repeated.
async fn forget_the_cut_off(connection: &mut MySqlConnection) -> sqlx::Result<()> {
    let there: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name = '_sqlx_migrations'",
    )
    .fetch_optional(&mut *connection)
    .await?;
    if there.is_some() {
        connection.execute("DELETE FROM _sqlx_migrations WHERE success = FALSE").await?;
    }
    Ok(())
}
