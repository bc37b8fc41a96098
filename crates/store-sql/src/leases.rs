//! Leases in a table: the database's clock decides, and the last token of a key stays there.

mod rows;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use cache_tiers::{Key, Lease, Leases, TierError, TierErrorKind, Version, limits::TOKEN_MEMORY};

use crate::{database::Database, error, limits};

pub(crate) use rows::{LeaseRow, Turn, lease_rows};

/// The leases in a database.
#[derive(Clone, Debug)]
pub struct SqlLeases {
    name: &'static str,
    database: Arc<dyn Database>,
    /// Keys asked for since the last pruning.
    n_asked: Arc<AtomicUsize>,
}

impl SqlLeases {
    pub(crate) fn new(name: &'static str, database: Arc<dyn Database>) -> Self {
        Self { name, database, n_asked: Arc::default() }
    }

    /// The rows as they were before the change, by key.
    async fn turn(
        &self,
        keys: BTreeSet<&[u8]>,
        is_taking: bool,
        change: &(dyn Fn(&LeaseRow) -> Option<LeaseRow> + Sync),
    ) -> Result<BTreeMap<Vec<u8>, LeaseRow>, TierError> {
        let keys: Vec<&[u8]> = keys.into_iter().collect();
        let turn = Turn { keys: &keys, is_taking, change };
        let rows = self.database.turn_leases(&turn).await;
        let rows = rows.map_err(|source| error::tier(self.name, source))?;
        Ok(rows.into_iter().map(|row| (row.key.clone(), row)).collect())
    }

    /// Now and then some old rows go, twice as many as may have come.
    async fn prune(&self, n_keys: usize) {
        let n_asked = self.n_asked.fetch_add(n_keys, Ordering::Relaxed) + n_keys;
        if n_asked < limits::PRUNE_STEP_ROWS_MAX / 2 {
            return;
        }
        self.n_asked.store(0, Ordering::Relaxed);
        let n_max = (n_asked * 2).min(limits::LEASES_PRUNED_MAX);
        if let Err(error) = self.database.prune_leases(millis(TOKEN_MEMORY), n_max).await {
            tracing::debug!(database = self.name, %error, "old leases stay until the next time");
        }
    }
}

#[async_trait]
impl Leases for SqlLeases {
    fn name(&self) -> &str {
        self.name
    }

    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let (proposed, length_ms) = (bits(proposed), millis(length));
        let take = move |row: &LeaseRow| row.taken(proposed, length_ms);
        let mut rows = self.turn(keys.iter().map(bytes).collect(), true, &take).await?;
        self.prune(keys.len()).await;
        let mut lease = |key: &Key| {
            let row = rows.get_mut(bytes(key)).ok_or_else(|| self.broken())?;
            let Some(taken) = take(row) else { return Ok(held(row)) };
            let after_another = row.token > 0;
            let token = Version::from_bits(taken.token.unsigned_abs());
            // Asked for twice in one batch, the second one comes too late.
            *row = taken;
            Ok(Lease::Taken { token, after_another })
        };
        keys.iter().map(&mut lease).collect()
    }

    async fn renew_many(
        &self,
        held: &[(Key, Version)],
        length: Duration,
    ) -> Result<Vec<bool>, TierError> {
        let (tokens, length_ms) = (tokens(held), millis(length));
        let renew = |row: &LeaseRow| {
            let is_ours = tokens.contains(&(row.key.as_slice(), row.token));
            (is_ours && row.is_held()).then(|| row.until(row.now_ms.saturating_add(length_ms)))
        };
        if held.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.turn(keys(held), false, &renew).await?;
        let is_renewed = |(key, token): &(Key, Version)| {
            rows.get(bytes(key)).is_some_and(|row| row.token == bits(*token) && row.is_held())
        };
        Ok(held.iter().map(is_renewed).collect())
    }

    async fn release_many(&self, held: &[(Key, Version)]) -> Result<(), TierError> {
        if held.is_empty() {
            return Ok(());
        }
        let tokens = tokens(held);
        let release = |row: &LeaseRow| {
            let is_ours = tokens.contains(&(row.key.as_slice(), row.token));
            (is_ours && row.is_held()).then(|| row.until(row.now_ms))
        };
        self.turn(keys(held), false, &release).await.map(drop)
    }
}

impl SqlLeases {
    fn broken(&self) -> TierError {
        TierError::new(self.name, TierErrorKind::Broken)
    }
}

fn held(row: &LeaseRow) -> Lease {
    let left = row.until_ms.saturating_sub(row.now_ms);
    Lease::Held { left: Duration::from_millis(left.unsigned_abs()) }
}

fn bytes(key: &Key) -> &[u8] {
    key.as_str().as_bytes()
}

fn keys(held: &[(Key, Version)]) -> BTreeSet<&[u8]> {
    held.iter().map(|(key, _)| bytes(key)).collect()
}

fn tokens(held: &[(Key, Version)]) -> BTreeSet<(&[u8], i64)> {
    held.iter().map(|(key, token)| (bytes(key), bits(*token))).collect()
}

fn bits(version: Version) -> i64 {
    i64::try_from(version.to_bits()).unwrap_or(i64::MAX)
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
