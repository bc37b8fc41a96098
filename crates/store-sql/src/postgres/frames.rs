use cache_tiers::{Key, Timestamp};
use sqlx::{Postgres, pool::PoolConnection};

use crate::{
    database::FrameRow,
    error, limits, rows,
    server::{Patience, Server},
};

const UPSERT: &str = "INSERT INTO cache_entry (cache_key, version, usable_until, frame) \
     SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[]) \
     ON CONFLICT (cache_key) DO UPDATE SET version = excluded.version, \
     usable_until = excluded.usable_until, frame = excluded.frame \
     WHERE excluded.version >= cache_entry.version";

/// Locks in the order of keys, as the upsert does.
const REMOVE: &str = "DELETE FROM cache_entry WHERE cache_key IN (\
     SELECT cache_key FROM cache_entry WHERE cache_key = ANY($1) ORDER BY cache_key FOR UPDATE)";

/// What somebody writes at this moment is left to the next time.
const PRUNE: &str = "DELETE FROM cache_entry WHERE cache_key IN (\
     SELECT cache_key FROM cache_entry WHERE usable_until <= $1 \
     ORDER BY usable_until LIMIT $2 FOR UPDATE SKIP LOCKED)";

pub(super) async fn get(
    server: &Server<Postgres>,
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
    mut connection: PoolConnection<Postgres>,
    keys: &[Key],
) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
    let mut rows = Vec::with_capacity(keys.len());
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        let keys: Vec<&[u8]> = keys.iter().map(|key| key.as_str().as_bytes()).collect();
        let found: Vec<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("SELECT cache_key, frame FROM cache_entry WHERE cache_key = ANY($1)")
                .bind(keys)
                .fetch_all(&mut *connection)
                .await?;
        rows.extend(
            found
                .into_iter()
                .filter_map(|(key, frame)| String::from_utf8(key).ok().map(|key| (key, frame))),
        );
    }
    Ok(rows)
}

/// Each statement is a transaction: shorter locks, and entries do not depend on each other.
pub(super) async fn put(server: &Server<Postgres>, rows: &[FrameRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut connection = server.primary().await?;
    for rows in rows::statements(rows) {
        let keys: Vec<&[u8]> = rows.iter().map(|row| row.key.as_str().as_bytes()).collect();
        let versions: Vec<i64> = rows.iter().map(|row| row.version).collect();
        let lives: Vec<i64> = rows.iter().map(|row| row.usable_until).collect();
        let frames: Vec<&[u8]> = rows.iter().map(|row| row.frame.as_slice()).collect();
        let mut patience = Patience::default();
        loop {
            let query = sqlx::query(UPSERT).bind(&keys).bind(&versions).bind(&lives).bind(&frames);
            match query.execute(&mut *connection).await {
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

pub(super) async fn remove(server: &Server<Postgres>, keys: &[Key]) -> sqlx::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let mut connection = server.primary().await?;
    for keys in keys.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        let keys: Vec<&[u8]> = keys.iter().map(|key| key.as_str().as_bytes()).collect();
        let mut patience = Patience::default();
        loop {
            match sqlx::query(REMOVE).bind(&keys).execute(&mut *connection).await {
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

pub(super) async fn prune(
    server: &Server<Postgres>,
    now: Timestamp,
    n_max: usize,
) -> sqlx::Result<u64> {
    let mut connection = server.primary().await?;
    let pruned = sqlx::query(PRUNE)
        .bind(now.as_millis())
        .bind(i64::try_from(n_max).unwrap_or(i64::MAX))
        .execute(&mut *connection)
        .await?;
    Ok(pruned.rows_affected())
}
