use cache_tiers::{Key, Timestamp};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::writing;
use crate::{database::FrameRow, limits};

pub(super) async fn get(pool: &SqlitePool, keys: &[Key]) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
    let mut rows = Vec::with_capacity(keys.len());
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        let mut query = with_keys("SELECT key, frame FROM cache_entry WHERE key IN (", keys);
        rows.extend(query.build_query_as().persistent(keys.len() == 1).fetch_all(pool).await?);
    }
    Ok(rows)
}

pub(super) async fn put(pool: &SqlitePool, rows: &[FrameRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writing::all(pool, rows.chunks(limits::ROWS_PER_STATEMENT_MAX).map(upsert)).await
}

pub(super) async fn remove(pool: &SqlitePool, keys: &[Key]) -> sqlx::Result<()> {
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        let mut query = with_keys("DELETE FROM cache_entry WHERE key IN (", keys);
        query.build().persistent(keys.len() == 1).execute(pool).await?;
    }
    Ok(())
}

pub(super) async fn prune(pool: &SqlitePool, now: Timestamp, n_max: usize) -> sqlx::Result<u64> {
    let pruned = sqlx::query(
        "DELETE FROM cache_entry WHERE key IN \
         (SELECT key FROM cache_entry WHERE usable_until <= ? ORDER BY usable_until LIMIT ?)",
    )
    .bind(now.as_millis())
    .bind(i64::try_from(n_max).unwrap_or(i64::MAX))
    .execute(pool)
    .await?;
    Ok(pruned.rows_affected())
}

/// The same version replaces itself: a repeated write may carry a shortened life.
fn upsert(rows: &[FrameRow]) -> QueryBuilder<Sqlite> {
    let mut query =
        QueryBuilder::new("INSERT INTO cache_entry (key, version, usable_until, frame) ");
    query.push_values(rows, |mut values, row| {
        values
            .push_bind(row.key.as_str().to_owned())
            .push_bind(row.version)
            .push_bind(row.usable_until)
            .push_bind(row.frame.clone());
    });
    query.push(
        " ON CONFLICT (key) DO UPDATE SET version = excluded.version, \
         usable_until = excluded.usable_until, frame = excluded.frame \
         WHERE excluded.version >= cache_entry.version",
    );
    query
}

fn with_keys(beginning: &'static str, keys: &[Key]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(beginning);
    let mut list = query.separated(", ");
    for key in keys {
        list.push_bind(key.as_str().to_owned());
    }
    query.push(")");
    query
}
