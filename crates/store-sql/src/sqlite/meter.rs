use sqlx::{Sqlite, SqliteConnection, SqlitePool};

use crate::meter::meter_rows;

meter_rows!(
    Sqlite, SqliteConnection,
    begin: "BEGIN IMMEDIATE",
    lock: "",
    create: " ON CONFLICT (account) DO NOTHING",
    replace: " ON CONFLICT (account, id) DO UPDATE SET state = excluded.state, \
              price = excluded.price, at_ms = excluded.at_ms, lost_at = excluded.lost_at, \
              ended = excluded.ended, booked = excluded.booked, calls = excluded.calls",
);

/// After an error the connection is given up, as everywhere where it writes.
pub(super) async fn run(pool: &SqlitePool, ask: &Step<'_>) -> sqlx::Result<Outcome> {
    let mut connection = pool.acquire().await?;
    let outcome = step(&mut connection, ask).await;
    if outcome.is_err() {
        connection.close_on_drop();
    }
    outcome
}

pub(super) async fn prune(pool: &SqlitePool, before: i64) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    let pruned = prune_some(&mut connection, before).await;
    if pruned.is_err() {
        connection.close_on_drop();
    }
    pruned
}
