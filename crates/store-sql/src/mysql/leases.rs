use sqlx::{MySql, MySqlConnection};

use super::frames;
use crate::{
    leases::{LeaseRow, Turn, lease_rows},
    limits,
    server::{Patience, Server},
};

// The clock is read while the rows are locked: the statement begins when it is not waiting.
lease_rows!(
    MySql, MySqlConnection,
    begin: "BEGIN",
    now: "CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)",
    lock: " FOR UPDATE",
    create: " ON DUPLICATE KEY UPDATE token = lease.token",
    replace: " ON DUPLICATE KEY UPDATE token = VALUES(token), until_ms = VALUES(until_ms)",
);

pub(super) async fn run(server: &Server<MySql>, ask: &Turn<'_>) -> sqlx::Result<Vec<LeaseRow>> {
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        match turn(&mut connection, ask).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return outcome,
        }
    }
}

/// By primary key, in its order: a deletion along the other index would lock in one of its own.
pub(super) async fn prune(
    server: &Server<MySql>,
    memory_ms: i64,
    n_max: usize,
) -> sqlx::Result<()> {
    let mut connection = server.primary().await?;
    let old: Vec<(Vec<u8>, i64)> = sqlx::query_as(
        "SELECT cache_key, until_ms FROM lease \
         WHERE until_ms < CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED) - ? \
         ORDER BY until_ms LIMIT ?",
    )
    .bind(memory_ms)
    .bind(i64::try_from(n_max).unwrap_or(i64::MAX))
    .fetch_all(&mut *connection)
    .await?;
    let newest = old.iter().map(|(_, until_ms)| *until_ms).max().unwrap_or(0);
    let mut keys: Vec<Vec<u8>> = old.into_iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        let beginning = "DELETE FROM lease WHERE cache_key IN (";
        let mut query = frames::with_keys(beginning, keys.iter().cloned());
        query.push(") AND until_ms <= ").push_bind(newest);
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}
