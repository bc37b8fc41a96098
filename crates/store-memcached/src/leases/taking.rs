//! Taking leases.

use std::time::Duration;

use cache_tiers::{Key, Lease, Version};
use memcache::exp::{Get, GetResult, Meta, MutationStatus, Set};

use crate::{
    cost::{READING, WRITING},
    due::Due,
    limits,
    metrics::Counters,
    names::Name,
    server::Server,
    trouble::Trouble,
};

use super::held::{self, Record};

/// What is wanted of each key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) proposed: Version,
    pub(super) length: Duration,
    /// Of the item, in seconds.
    pub(super) life: u32,
}

/// Two round trips for who takes a lease, one for who finds it held. Of those who find it free
/// together, the first to write has it.
pub(super) async fn take(
    server: &Server,
    wanted: Vec<(&Name, &Key)>,
    wish: Wish,
    counters: &Counters,
    due: Due,
) -> Vec<Result<Lease, Trouble>> {
    let mut outcomes: Vec<Option<Result<Lease, Trouble>>> = vec![None; wanted.len()];
    for n_tried in 0..limits::LEASE_TRIES_MAX {
        let open: Vec<usize> = (0..wanted.len()).filter(|&at| outcomes[at].is_none()).collect();
        if open.is_empty() {
            break;
        }
        if n_tried > 0 {
            counters.lost_races.increment(open.len() as u64);
        }
        let tried: Vec<_> = open.iter().map(|&at| wanted[at]).collect();
        for (at, outcome) in open.into_iter().zip(try_once(server, &tried, wish, due).await) {
            outcomes[at] = outcome.transpose();
        }
    }
    // Always another one came first: then another one has it, for at most as long as we wanted.
    let held = Lease::Held { left: wish.length };
    outcomes.into_iter().map(|at| at.unwrap_or(Ok(held))).collect()
}

/// None where another one came between our look and our write.
async fn try_once(
    server: &Server,
    wanted: &[(&Name, &Key)],
    wish: Wish,
    due: Due,
) -> Vec<Result<Option<Lease>, Trouble>> {
    let looks = wanted
        .iter()
        .map(|(name, _)| Get::new(name.as_str()).meta(Meta::NONE.cas().ttl()).lease_ttl(wish.life));
    let seen = server.run(looks.collect(), &READING, due).await;
    let found: Vec<Result<Found, Trouble>> = wanted
        .iter()
        .zip(seen)
        .map(|((name, key), seen)| Ok(Found::of(name, key, &seen?, wish.proposed)))
        .collect();
    let free = wanted.iter().zip(&found).filter_map(|((name, key), found)| match found {
        Ok(Found::Free { place, token, .. }) => {
            Some(placed(held::record(name, key, *token, wish.life), *place))
        }
        _ => None,
    });
    let mut written = server.run(free.collect(), &WRITING, due).await.into_iter();
    let settle = |found: Result<Found, Trouble>| match found? {
        Found::Held { left } => Ok(Some(Lease::Held { left })),
        Found::Free { token, after_another, .. } => {
            let is_ours = match written.next() {
                Some(result) => result?.status == MutationStatus::Applied,
                None => false,
            };
            Ok(is_ours.then_some(Lease::Taken { token, after_another }))
        }
    };
    found.into_iter().map(settle).collect()
}

/// Only if that is still the last write; if there was none, only if there still is none.
fn placed(set: Set, place: Option<u64>) -> Set {
    match place {
        Some(place) => set.compare_cas(place),
        None => set.add(),
    }
}

/// What a look has found.
#[derive(Clone, Copy, Debug)]
enum Found {
    Held { left: Duration },
    Free { place: Option<u64>, token: Version, after_another: bool },
}

impl Found {
    fn of(name: &Name, key: &Key, seen: &GetResult, proposed: Version) -> Self {
        let record = Record::of(name, key, seen);
        if let Some(left) = record.left.filter(|_| !seen.won_lease()) {
            return Self::Held { left };
        }
        let after = record.token.map(|last| Version::from_bits(last.to_bits().saturating_add(1)));
        Self::Free {
            place: seen.item.cas,
            token: after.map_or(proposed, |after| after.max(proposed)),
            after_another: record.token.is_some(),
        }
    }
}
