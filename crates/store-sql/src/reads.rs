//! Reading where it disturbs least: from the copy, if there is one and it answers.

use std::sync::Arc;

use metrics::Counter;

use crate::{
    database::{Database, Side},
    metrics::REPLICA_AWAY_TOTAL,
};

/// A database, and whether its copy is asked first.
#[derive(Clone)]
pub(crate) struct Reads {
    pub(crate) database: Arc<dyn Database>,
    prefers_replica: bool,
    away: Counter,
}

impl Reads {
    /// From where everything is written: what was posted is there.
    pub(crate) fn of_primary(database: Arc<dyn Database>) -> Self {
        Self { database, prefers_replica: false, away: Counter::noop() }
    }

    /// From the copy first; what was posted moments ago may be missing.
    pub(crate) fn of_replica(name: &'static str, database: Arc<dyn Database>) -> Self {
        let away = metrics::counter!(REPLICA_AWAY_TOTAL, "tier" => name);
        Self { prefers_replica: database.has_replica(), database, away }
    }

    /// Asks one side, and the primary if the other does not answer.
    pub(crate) async fn read<'a, T>(
        &'a self,
        ask: impl Fn(&'a dyn Database, Side) -> Asked<'a, T> + Send,
    ) -> sqlx::Result<T> {
        if self.prefers_replica {
            match ask(&*self.database, Side::Replica).await {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    self.away.increment(1);
                    tracing::debug!(%error, "the copy for reports did not answer");
                }
            }
        }
        ask(&*self.database, Side::Primary).await
    }
}

/// What a database answers later.
pub(crate) type Asked<'a, T> = std::pin::Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'a>>;

impl std::fmt::Debug for Reads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reads").field("database", &self.database).finish_non_exhaustive()
    }
}
