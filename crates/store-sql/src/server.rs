//! What the dialects with a server have in common: the server may be away, also at the start.

mod gate;
mod patience;

use std::{io, time::Duration};

use sqlx::{
    Connection, Database, Pool,
    migrate::MigrateError,
    pool::{PoolConnection, PoolConnectionMetadata, PoolOptions},
};

pub(crate) use gate::{Gate, Opening};
pub(crate) use patience::Patience;

use crate::{SqlConfig, SqlError, database::Side, error, limits};

/// A connection that has been idle for longer is asked whether it still lives before it is used.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

tokio::task_local! {
    /// Whether the connection that is taken is taken at its word, however long it has rested.
    static IS_TRUSTED: bool;
}

/// Connections to a server, and perhaps to a copy of it. Nothing is asked of it before its tables
/// are those of this release.
#[derive(Debug)]
pub(crate) struct Server<DB: Database> {
    primary: Pool<DB>,
    replica: Option<Pool<DB>>,
    gate: Gate,
}

impl<DB: Database> Server<DB> {
    /// Tries to reach it. That it is away is no error: every use tries again, within reason.
    pub(crate) async fn open(
        name: &'static str,
        config: &SqlConfig,
        (primary, replica): (Pool<DB>, Option<Pool<DB>>),
        opening: Opening,
    ) -> Result<Self, SqlError> {
        let gate = Gate::new(opening);
        let first = tokio::time::timeout(config.acquire_timeout, gate.open()).await;
        match first {
            Ok(Err(error)) if is_final(&error) => {
                return Err(SqlError::Migrate { name, source: Box::new(error) });
            }
            Ok(Err(error)) => {
                tracing::warn!(database = name, %error, "away at the start; tried again on use");
            }
            Err(_) => tracing::warn!(database = name, "slow at the start; tried again on use"),
            Ok(Ok(())) => {}
        }
        Ok(Self { primary, replica, gate })
    }

    /// Waits until its tables are those of this release, or for a reason why not.
    pub(crate) async fn ready(&self) -> sqlx::Result<()> {
        self.gate.pass().await
    }

    /// A connection to the server itself, whose tables are those of this release.
    pub(crate) async fn primary(&self) -> sqlx::Result<PoolConnection<DB>> {
        self.ready().await?;
        acquire(&self.primary).await
    }

    /// As [`Server::primary`], but a connection that has rested is taken at its word: for what can
    /// be asked again over another one, and should cost one round trip.
    pub(crate) async fn trusted(&self) -> sqlx::Result<PoolConnection<DB>> {
        self.ready().await?;
        IS_TRUSTED.scope(true, acquire(&self.primary)).await
    }

    /// As [`Server::primary`], but a connection is asked first, however lately it was used: others
    /// have just been found gone.
    pub(crate) async fn asked(&self) -> sqlx::Result<PoolConnection<DB>> {
        self.ready().await?;
        IS_TRUSTED.scope(false, acquire(&self.primary)).await
    }

    /// One that reads, where there may be a copy to read from.
    pub(crate) async fn reading(&self, side: Side) -> sqlx::Result<PoolConnection<DB>> {
        match (side, &self.replica) {
            (Side::Replica, Some(replica)) => acquire(replica).await,
            (Side::Replica | Side::Primary, _) => self.primary().await,
        }
    }

    pub(crate) const fn has_replica(&self) -> bool {
        self.replica.is_some()
    }

    pub(crate) async fn close(&self) {
        if let Some(replica) = &self.replica {
            replica.close().await;
        }
        self.primary.close().await;
    }
}

/// A pool that connects when it is used.
pub(crate) fn pool_options<DB: Database>(config: &SqlConfig) -> PoolOptions<DB> {
    PoolOptions::<DB>::new()
        .max_connections(config.connections.max(1))
        .acquire_timeout(config.acquire_timeout)
        .idle_timeout(config.idle_timeout)
        .max_lifetime(config.max_lifetime)
        .test_before_acquire(false)
        .before_acquire(
            |connection: &mut DB::Connection, PoolConnectionMetadata { idle_for, .. }| {
                let said = IS_TRUSTED.try_with(|is_trusted| *is_trusted);
                let is_trusted = said.unwrap_or(idle_for < TRUSTED_FOR);
                Box::pin(async move { Ok(is_trusted || answers(connection).await) })
            },
        )
        // A caller that lost patience gives back a connection in the middle of an answer. The pool
        // asks it whether it lives, and would wait for ever if it leads nowhere.
        .after_release(|connection: &mut DB::Connection, _| {
            Box::pin(async move {
                let silent = || sqlx::Error::Io(io::ErrorKind::TimedOut.into());
                answers(connection).await.then_some(true).ok_or_else(silent)
            })
        })
}

/// Whether somebody is there, as soon as can be expected.
async fn answers<C: Connection>(connection: &mut C) -> bool {
    let answered = tokio::time::timeout(limits::PING_MAX, connection.ping()).await;
    answered.is_ok_and(|answered| answered.is_ok())
}

/// The same for a copy, whose absence shall not cost long.
pub(crate) fn replica_options<DB: Database>(config: &SqlConfig) -> PoolOptions<DB> {
    let timeout = config.acquire_timeout.min(limits::REPLICA_TIMEOUT);
    pool_options(config).acquire_timeout(timeout)
}

/// That all are busy and that there is none to be had are the same to a pool, but not to us.
async fn acquire<DB: Database>(pool: &Pool<DB>) -> sqlx::Result<PoolConnection<DB>> {
    pool.acquire().await.map_err(|error| match error {
        sqlx::Error::PoolTimedOut if pool.size() == 0 => sqlx::Error::Io(io::Error::new(
            io::ErrorKind::NotConnected,
            "the server did not answer in time",
        )),
        error => error,
    })
}

/// Whether waiting cannot help: the tables are of another release, or must not be changed.
fn is_final(error: &gate::Unready) -> bool {
    match error.cause() {
        sqlx::Error::Migrate(error) => match error.as_ref() {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                error::kind(error) == credits::ErrorKind::Invalid || error::is_denied(error)
            }
            _ => true,
        },
        _ => false,
    }
}
