use sqlx::{Sqlite, SqliteConnection, SqlitePool};

use crate::leases::{LeaseRow, Turn, lease_rows};

lease_rows!(
    Sqlite, SqliteConnection,
    begin: "BEGIN IMMEDIATE",
    now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
    lock: "",
    create: " ON CONFLICT (cache_key) DO NOTHING",
    replace: " ON CONFLICT (cache_key) DO UPDATE SET token = excluded.token, \
              until_ms = excluded.until_ms",
);

/// After an error the connection is given up, as everywhere where it writes.
pub(super) async fn run(pool: &SqlitePool, ask: &Turn<'_>) -> sqlx::Result<Vec<LeaseRow>> {
    let mut connection = pool.acquire().await?;
    let rows = turn(&mut connection, ask).await;
    if rows.is_err() {
        connection.close_on_drop();
    }
    rows
}

pub(super) async fn prune(pool: &SqlitePool, memory_ms: i64, n_max: usize) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM lease WHERE cache_key IN (SELECT cache_key FROM lease \
         WHERE until_ms < CAST(unixepoch('subsec') * 1000 AS INTEGER) - ? \
         ORDER BY until_ms LIMIT ?)",
    )
    .bind(memory_ms)
    .bind(i64::try_from(n_max).unwrap_or(i64::MAX))
    .execute(pool)
    .await?;
    Ok(())
}
