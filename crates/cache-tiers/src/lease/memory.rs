//! Leases within one process: the reference.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use clock::{Clock, Timestamp};

use super::{Lease, Leases};
use crate::{
    Key, TierError, Version,
    limits::{LEASES_MAX, TOKEN_MEMORY},
};

/// Leases in memory, for instances in one process: the reference for every store.
#[derive(Debug)]
pub struct MemoryLeases {
    clock: Arc<dyn Clock>,
    records: Mutex<HashMap<Key, Record>>,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    token: Version,
    until: Timestamp,
}

impl MemoryLeases {
    /// None taken yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, records: Mutex::default() }
    }

    fn records(&self) -> MutexGuard<'_, HashMap<Key, Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets tokens that nobody alive can hold any more; all that have ended, if that is not enough.
fn make_room(records: &mut HashMap<Key, Record>, now: Timestamp) {
    if records.len() < LEASES_MAX {
        return;
    }
    records.retain(|_, record| now < record.until.after(TOKEN_MEMORY));
    if records.len() >= LEASES_MAX {
        records.retain(|_, record| now < record.until);
    }
}

fn take(
    records: &mut HashMap<Key, Record>,
    key: &Key,
    (proposed, now, until): (Version, Timestamp, Timestamp),
) -> Lease {
    let last = records.get(key).copied();
    if let Some(record) = last.filter(|record| now < record.until) {
        return Lease::Held { left: record.until.since(now) };
    }
    let above = last.map_or(Version::ZERO, |record| record.token.next());
    let token = proposed.max(above).max(Version::at(now, 0));
    records.insert(key.clone(), Record { token, until });
    Lease::Taken { token, after_another: last.is_some() }
}

#[async_trait]
impl Leases for MemoryLeases {
    fn name(&self) -> &str {
        "memory"
    }

    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError> {
        let now = self.clock.now();
        let mut records = self.records();
        make_room(&mut records, now);
        let ask = (proposed, now, now.after(length));
        Ok(keys.iter().map(|key| take(&mut records, key, ask)).collect())
    }

    async fn renew_many(
        &self,
        held: &[(Key, Version)],
        length: Duration,
    ) -> Result<Vec<bool>, TierError> {
        let now = self.clock.now();
        let mut records = self.records();
        let mut renew = |(key, token): &(Key, Version)| match records.get_mut(key) {
            Some(record) if record.token == *token && now < record.until => {
                record.until = now.after(length);
                true
            }
            _ => false,
        };
        Ok(held.iter().map(&mut renew).collect())
    }

    async fn release_many(&self, held: &[(Key, Version)]) -> Result<(), TierError> {
        let now = self.clock.now();
        let mut records = self.records();
        for (key, token) in held {
            if let Some(record) = records.get_mut(key).filter(|record| record.token == *token) {
                record.until = record.until.min(now);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
