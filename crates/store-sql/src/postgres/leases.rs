use sqlx::{PgConnection, Postgres};

use crate::{
    leases::{LeaseRow, Turn, lease_rows},
    server::{Patience, Server},
};

// A conflict that changes nothing locks: the row cannot be pruned before it is read.
lease_rows!(
    Postgres, PgConnection,
    begin: "BEGIN",
    now: "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
    lock: " FOR UPDATE",
    create: " ON CONFLICT (cache_key) DO UPDATE SET token = lease.token",
    replace: " ON CONFLICT (cache_key) DO UPDATE SET token = excluded.token, \
              until_ms = excluded.until_ms",
);

pub(super) async fn run(server: &Server<Postgres>, ask: &Turn<'_>) -> sqlx::Result<Vec<LeaseRow>> {
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        match turn(&mut connection, ask).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return outcome,
        }
    }
}

/// What somebody takes at this moment is left to the next time.
pub(super) async fn prune(
    server: &Server<Postgres>,
    memory_ms: i64,
    n_max: usize,
) -> sqlx::Result<()> {
    let mut connection = server.primary().await?;
    sqlx::query(
        "DELETE FROM lease WHERE cache_key IN (SELECT cache_key FROM lease \
         WHERE until_ms < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $1 \
         ORDER BY until_ms LIMIT $2 FOR UPDATE SKIP LOCKED)",
    )
    .bind(memory_ms)
    .bind(i64::try_from(n_max).unwrap_or(i64::MAX))
    .execute(&mut *connection)
    .await?;
    Ok(())
}
