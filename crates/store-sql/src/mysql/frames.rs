use cache_tiers::{Key, Timestamp};
use sqlx::{MySql, QueryBuilder, pool::PoolConnection};

use crate::{
    database::FrameRow,
    error, limits, rows,
    server::{Patience, Server},
};

pub(super) async fn get(
    server: &Server<MySql>,
    keys: &[Key],
) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    match read(server.trusted().await?, keys).await {
        // Where the server was restarted meanwhile, another one has to be asked first.
        Err(error) if error::is_gone(&error) => read(server.asked().await?, keys).await,
        read => read,
    }
}

async fn read(
    mut connection: PoolConnection<MySql>,
    keys: &[Key],
) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
    let mut rows = Vec::with_capacity(keys.len());
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        let beginning = "SELECT cache_key, frame FROM cache_entry WHERE cache_key IN (";
        let mut query = with_keys(beginning, keys.iter().map(|key| key.as_str().into()));
        query.push(")");
        let found: Vec<(Vec<u8>, Vec<u8>)> =
            query.build_query_as().fetch_all(&mut *connection).await?;
        rows.extend(
            found
                .into_iter()
                .filter_map(|(key, frame)| String::from_utf8(key).ok().map(|key| (key, frame))),
        );
    }
    Ok(rows)
}

/// Each statement is a transaction: shorter locks, and entries do not depend on each other.
pub(super) async fn put(server: &Server<MySql>, rows: &[FrameRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut connection = server.primary().await?;
    for rows in rows::statements(rows).flat_map(rows::powers_of_two) {
        let mut patience = Patience::default();
        loop {
            match upsert(rows).build().execute(&mut *connection).await {
                Err(error) if patience.bears(&error).await => {}
                outcome => {
                    outcome?;
                    break;
                }
            }
        }
    }
    Ok(())
}

pub(super) async fn remove(server: &Server<MySql>, keys: &[Key]) -> sqlx::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<&[u8]> = keys.iter().map(|key| key.as_str().as_bytes()).collect();
    keys.sort_unstable();
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        delete(server, keys, i64::MAX).await?;
    }
    Ok(())
}

/// By primary key: a deletion along the other index would lock in an order of its own.
pub(super) async fn prune(
    server: &Server<MySql>,
    now: Timestamp,
    n_max: usize,
) -> sqlx::Result<u64> {
    let mut connection = server.primary().await?;
    let keys: Vec<(Vec<u8>,)> = sqlx::query_as(
        "SELECT cache_key FROM cache_entry WHERE usable_until <= ? \
         ORDER BY usable_until LIMIT ?",
    )
    .bind(now.as_millis())
    .bind(i64::try_from(n_max).unwrap_or(i64::MAX))
    .fetch_all(&mut *connection)
    .await?;
    drop(connection);
    let mut keys: Vec<&[u8]> = keys.iter().map(|(key,)| key.as_slice()).collect();
    keys.sort_unstable();
    let mut n_pruned = 0;
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        n_pruned += delete(server, keys, now.as_millis()).await?;
    }
    Ok(n_pruned)
}

/// Deletes those that are not usable after `until`.
async fn delete(server: &Server<MySql>, keys: &[&[u8]], until: i64) -> sqlx::Result<u64> {
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        let beginning = "DELETE FROM cache_entry WHERE cache_key IN (";
        let mut query = with_keys(beginning, keys.iter().map(|&key| key.to_owned()));
        query.push(") AND usable_until <= ").push_bind(until);
        match query.build().execute(&mut *connection).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return Ok(outcome?.rows_affected()),
        }
    }
}

/// Assignments are made from left to right: the version, which decides, is the last.
fn upsert(rows: &[FrameRow]) -> QueryBuilder<MySql> {
    let mut query =
        QueryBuilder::new("INSERT INTO cache_entry (cache_key, version, usable_until, frame) ");
    query.push_values(rows, |mut values, row| {
        values
            .push_bind(row.key.as_str().as_bytes().to_vec())
            .push_bind(row.version)
            .push_bind(row.usable_until)
            .push_bind(row.frame.clone());
    });
    query.push(
        " ON DUPLICATE KEY UPDATE \
         frame = IF(VALUES(version) >= version, VALUES(frame), frame), \
         usable_until = IF(VALUES(version) >= version, VALUES(usable_until), usable_until), \
         version = GREATEST(version, VALUES(version))",
    );
    query
}

/// The list is filled up with its last key to a power of two: few texts, so that the prepared
/// statements of a connection serve nearly every batch. One that is prepared for once costs more
/// than its round trip: its closing has no answer, and what follows waits for the line (Nagle).
pub(super) fn with_keys(
    beginning: &'static str,
    keys: impl ExactSizeIterator<Item = Vec<u8>>,
) -> QueryBuilder<MySql> {
    let mut query = QueryBuilder::new(beginning);
    let n_filling = keys.len().next_power_of_two() - keys.len();
    let mut list = query.separated(", ");
    let mut last = Vec::new();
    for key in keys {
        last.clone_from(&key);
        list.push_bind(key);
    }
    for _ in 0..n_filling {
        list.push_bind(last.clone());
    }
    query
}
