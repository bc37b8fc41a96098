use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::{
    Connection, PgConnection, PgPool,
    migrate::Migrator,
    pool::PoolOptions,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::Postgres;
use crate::{
    SqlConfig, SqlError,
    config::{Address, Target, TlsMode},
    limits,
    server::{self, Server},
};

const NAME: &str = "postgres";
const PORT: u16 = 5432;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/postgres");

impl Postgres {
    pub(crate) async fn open(address: &Address, config: &SqlConfig) -> Result<Self, SqlError> {
        let options = options(address);
        let replica = match &config.reports {
            Some(Target::Postgres(address)) => {
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

fn options(address: &Address) -> PgConnectOptions {
    let tls = &address.tls;
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&address.host)
        .port(address.port.unwrap_or(PORT))
        .username(&address.user)
        .database(&address.database)
        .application_name("cmcache")
        .ssl_mode(match tls.mode {
            TlsMode::Off => PgSslMode::Disable,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        });
    if let Some(password) = &address.password {
        options = options.password(password.expose_secret());
    }
    if let Some(socket) = &address.socket {
        options = options.socket(socket);
    }
    if let Some(ca) = &tls.ca {
        options = options.ssl_root_cert(ca);
    }
    if let (Some(cert), Some(key)) = (&tls.cert, &tls.key) {
        options = options.ssl_client_cert(cert).ssl_client_key(key);
    }
    options
}

fn pool(
    config: &SqlConfig,
    pool: PoolOptions<sqlx::Postgres>,
    options: PgConnectOptions,
) -> PgPool {
    let (statement, lock) = (config.statement_timeout, config.acquire_timeout);
    pool.after_connect(move |connection, _| Box::pin(limit(connection, statement, lock)))
        .connect_lazy_with(options)
}

/// How long a statement may take, a lock be waited for, a transaction be left alone.
pub(super) async fn limit(
    connection: &mut PgConnection,
    statement: Option<Duration>,
    lock: Duration,
) -> sqlx::Result<()> {
    // Nothing is no limit.
    let millis = |length: Option<Duration>| {
        length.map_or_else(|| "0".to_owned(), |length| length.as_millis().max(1).to_string())
    };
    sqlx::query(
        "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false), \
         set_config('idle_in_transaction_session_timeout', $3, false)",
    )
    .bind(millis(statement))
    .bind(millis(Some(lock)))
    .bind(millis(Some(limits::STATEMENT_TIMEOUT)))
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings the tables to this release; the driver's lock lets one instance do it after the other.
async fn migrate(options: PgConnectOptions) -> sqlx::Result<()> {
    let mut connection = connect(&options, limits::MIGRATION_LOCK_MAX).await?;
    MIGRATIONS.run_direct(None, &mut connection, false).await?;
    connection.close().await
}

/// A connection of its own, without the limits of the pool.
pub(super) async fn connect(
    options: &PgConnectOptions,
    lock: Duration,
) -> sqlx::Result<PgConnection> {
    let mut connection = PgConnection::connect_with(options).await?;
    limit(&mut connection, None, lock).await?;
    Ok(connection)
}
