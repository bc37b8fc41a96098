//! Leases that are held: what their items say, renewing and releasing.

use std::time::Duration;

use bytes::{Buf, Bytes};
use cache_tiers::{Key, Version};
use memcache::exp::{Delete, Get, GetResult, Meta, MutationResult, MutationStatus, Set};

use super::memory_secs;
use crate::{
    cost::{READING, REMOVING, WRITING},
    due::Due,
    names::Name,
    sealed::{self, Opened},
    server::Server,
    trouble::Trouble,
};

/// A token with its beginning: 12 bytes.
const MAGIC: [u8; 4] = *b"cmL\x01";

/// What an item says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The last token. None if nobody has written one yet, or something else lies there.
    pub(super) token: Option<Version>,
    /// How long its lease is still in force.
    pub(super) left: Option<Duration>,
}

impl Record {
    pub(super) fn of(name: &Name, key: &Key, seen: &GetResult) -> Self {
        let value = seen.value.clone().unwrap_or_default();
        let token = match sealed::open(name, key, value.into()) {
            Opened::Ours(value) => token(value),
            Opened::AnotherKey | Opened::Foreign => None,
        };
        let secs = seen.item.ttl.unwrap_or(0) - i64::from(memory_secs());
        let left = u64::try_from(secs).ok().filter(|secs| *secs > 0 && !seen.is_stale());
        Self { token, left: left.map(Duration::from_secs) }
    }
}

/// Says of each lease whether it was in force; then it is for longer.
pub(super) async fn renew(
    server: &Server,
    held: Vec<(&Name, &(Key, Version))>,
    life: u32,
    due: Due,
) -> Vec<Result<bool, Trouble>> {
    let places = places(server, &held, due).await;
    let sets = held.iter().zip(&places).filter_map(|((name, (key, token)), place)| {
        let place = place.as_ref().ok().copied().flatten()?;
        Some(record(name, key, *token, life).compare_cas(place))
    });
    let renewed = server.run(sets.collect(), &WRITING, due).await;
    settle(places, renewed)
}

/// Marks those stale that are in force: the token is remembered, the lease is over.
pub(super) async fn release(
    server: &Server,
    held: Vec<(&Name, &(Key, Version))>,
    due: Due,
) -> Vec<Result<bool, Trouble>> {
    let places = places(server, &held, due).await;
    let marks = held.iter().zip(&places).filter_map(|((name, _), place)| {
        let place = place.as_ref().ok().copied().flatten()?;
        let delete = Delete::new(name.as_str()).compare_cas(place);
        Some(delete.invalidate().stale_for_raw(memory_secs()))
    });
    let marked = server.run(marks.collect(), &REMOVING, due).await;
    settle(places, marked)
}

/// What is written for a lease.
pub(super) fn record(name: &Name, key: &Key, token: Version, life: u32) -> Set {
    let value = [MAGIC.as_slice(), &token.to_bits().to_le_bytes()].concat();
    Set::new(name.as_str(), sealed::seal(name, key, &value)).ttl_raw(life)
}

/// Where each lease stands in its server's order of writes, if it is in force.
async fn places(
    server: &Server,
    held: &[(&Name, &(Key, Version))],
    due: Due,
) -> Vec<Result<Option<u64>, Trouble>> {
    let looks = held.iter().map(|(name, _)| Get::new(name.as_str()).meta(Meta::NONE.cas().ttl()));
    let seen = server.run(looks.collect(), &READING, due).await;
    let place = |(name, (key, token)): &(&Name, &(Key, Version)), seen: &GetResult| {
        let record = Record::of(name, key, seen);
        seen.item.cas.filter(|_| record.left.is_some() && record.token == Some(*token))
    };
    held.iter().zip(seen).map(|(held, seen)| Ok(place(held, &seen?))).collect()
}

/// `written` has an outcome for each that was in force.
fn settle(
    places: Vec<Result<Option<u64>, Trouble>>,
    written: Vec<Result<MutationResult, Trouble>>,
) -> Vec<Result<bool, Trouble>> {
    let mut written = written.into_iter();
    let settle = |place: Result<Option<u64>, Trouble>| match place? {
        None => Ok(false),
        Some(_) => match written.next() {
            Some(result) => Ok(result?.status == MutationStatus::Applied),
            None => Ok(false),
        },
    };
    places.into_iter().map(settle).collect()
}

fn token(mut value: Bytes) -> Option<Version> {
    if value.len() != MAGIC.len() + 8 || !value.starts_with(&MAGIC) {
        return None;
    }
    value.advance(MAGIC.len());
    Some(Version::from_bits(value.get_u64_le()))
}
