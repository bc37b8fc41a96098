//! Put unless there is a newer one: look, compare, and swap if nobody came between.
//!
//! Memcached compares for equality only, so the comparison is ours: one exchange tells of each item
//! what is there (a stamp of its version, and its place in the server's order of writes), the next
//! one writes where ours is newer and where that place is still the same. A writer who was slow
//! meanwhile has an old place and is refused.

use std::collections::HashMap;

use bytes::Bytes;
use cache_tiers::{DecodeError, Entry, Key, TierErrorKind, Version};
use clock::{Clock, SystemClock};
use memcache::exp::{Get, GetResult, Meta, MutationResult, MutationStatus, Set};

use super::MemcachedTier;
use crate::{
    cost::{READING, WRITING},
    due::Due,
    life, limits,
    metrics::Counters,
    names::Name,
    sealed::{self, Opened},
    server::Server,
    trouble::{Trouble, Whose},
};

/// What is to be put.
#[derive(Debug)]
pub(super) struct Item<'a> {
    name: &'a Name,
    key: &'a Key,
    version: Version,
    value: Vec<u8>,
    life: u32,
}

impl MemcachedTier {
    pub(super) fn item<'a>(&self, name: &'a Name, (key, entry): &'a (Key, Entry)) -> Item<'a> {
        let frame = entry.encode_with(self.pool.config.compress_min_bytes);
        let value = sealed::seal(name, key, &frame);
        let life = life::until(entry.meta.usable_until, SystemClock.now());
        Item { name, key, version: entry.meta.version, value, life }
    }
}

/// Of each key the newest, the last of those of one version.
pub(super) fn newest<'a>(items: impl Iterator<Item = &'a (Key, Entry)>) -> Vec<&'a (Key, Entry)> {
    let mut places: HashMap<&Key, usize> = HashMap::new();
    let mut newest: Vec<&(Key, Entry)> = Vec::new();
    for item in items {
        match places.get(&item.0) {
            Some(place) if newest[*place].1.meta.version <= item.1.meta.version => {
                newest[*place] = item;
            }
            Some(_) => {}
            None => {
                places.insert(&item.0, newest.len());
                newest.push(item);
            }
        }
    }
    newest
}

/// Tries until each item is there, or a newer one is.
pub(super) async fn put(
    server: &Server,
    items: Vec<&Item<'_>>,
    counters: &Counters,
    due: Due,
) -> Vec<Result<(), Trouble>> {
    let mut outcomes: Vec<Option<Result<(), Trouble>>> = vec![None; items.len()];
    let mut last_trouble = Trouble::new(TierErrorKind::Rejected, Whose::Keys);
    for n_tried in 0..limits::PUT_TRIES_MAX {
        let open: Vec<usize> = (0..items.len()).filter(|&at| outcomes[at].is_none()).collect();
        if open.is_empty() {
            break;
        }
        if n_tried > 0 {
            counters.lost_races.increment(open.len() as u64);
        }
        let tried: Vec<&Item<'_>> = open.iter().map(|&at| items[at]).collect();
        for (at, outcome) in open.into_iter().zip(try_once(server, &tried, due).await) {
            match outcome {
                Ok(Tried::Settled) => outcomes[at] = Some(Ok(())),
                Ok(Tried::Overtaken) => {}
                Err(trouble) if trouble.whose == Whose::Neighbours => last_trouble = trouble,
                Err(trouble) => outcomes[at] = Some(Err(trouble)),
            }
        }
    }
    outcomes.into_iter().map(|at| at.unwrap_or_else(|| Err(last_trouble.clone()))).collect()
}

/// How one try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tried {
    /// It is there, or a newer one is.
    Settled,
    /// Somebody wrote between our look and our write.
    Overtaken,
}

/// What to do after a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Nothing: there is a newer one.
    Leave,
    /// Write if there is still nothing.
    Add,
    /// Write if that is still the last write.
    Swap(u64),
    /// The stamp does not decide: look at all of it.
    Read,
}

/// Two round trips; a third one for items whose stamp is that of what is there.
async fn try_once(server: &Server, items: &[&Item<'_>], due: Due) -> Vec<Result<Tried, Trouble>> {
    let looks = items.iter().map(|item| look(item).without_value()).collect();
    let seen = server.run(looks, &READING, due).await;
    let mut steps: Vec<Result<Step, Trouble>> =
        items.iter().zip(seen).map(|(item, seen)| Ok(by_stamp(item, &seen?))).collect();
    let unclear = places(&steps, |step| step == Step::Read);
    if !unclear.is_empty() {
        let looks = unclear.iter().map(|&at| look(items[at])).collect();
        let seen = server.run(looks, &READING, due).await;
        for (at, seen) in unclear.into_iter().zip(seen) {
            steps[at] = seen.map(|seen| by_version(items[at], seen));
        }
    }
    let writing = places(&steps, |step| step != Step::Leave);
    let sets = writing.iter().filter_map(|&at| Some(set(items[at], steps[at].as_ref().ok()?)));
    let mut written = server.run(sets.collect(), &WRITING, due).await.into_iter();
    let settle = |step: Result<Step, Trouble>| match step? {
        Step::Leave => Ok(Tried::Settled),
        _ => written.next().map_or(Ok(Tried::Overtaken), |result| Ok(outcome(&result?))),
    };
    steps.into_iter().map(settle).collect()
}

fn places(steps: &[Result<Step, Trouble>], which: impl Fn(Step) -> bool) -> Vec<usize> {
    let steps = steps.iter().enumerate();
    steps
        .filter(|(_, step)| step.as_ref().is_ok_and(|step| which(*step)))
        .map(|(at, _)| at)
        .collect()
}

fn look(item: &Item<'_>) -> Get {
    Get::new(item.name.as_str()).meta(Meta::NONE.cas())
}

fn by_stamp(item: &Item<'_>, seen: &GetResult) -> Step {
    let Some(place) = seen.item.cas else { return Step::Add };
    match seen.client_flags.unwrap_or(0).cmp(&stamp(item.version)) {
        std::cmp::Ordering::Less => Step::Swap(place),
        std::cmp::Ordering::Equal => Step::Read,
        std::cmp::Ordering::Greater => Step::Leave,
    }
}

fn by_version(item: &Item<'_>, seen: GetResult) -> Step {
    let Some(place) = seen.item.cas else { return Step::Add };
    let held = match sealed::open(item.name, item.key, seen.value.unwrap_or_default().into()) {
        Opened::Ours(frame) => version(&frame),
        Opened::AnotherKey | Opened::Foreign => None,
    };
    if held > Some(item.version) { Step::Leave } else { Step::Swap(place) }
}

/// The version of a frame, even of one that a newer release wrote; none if it is no frame.
fn version(frame: &Bytes) -> Option<Version> {
    match Entry::decode(frame.clone()) {
        Ok(entry) => Some(entry.meta.version),
        Err(DecodeError::Format(_) | DecodeError::Schema(_) | DecodeError::Codec(_)) => {
            let bits = frame.get(12..20)?.try_into().ok()?;
            Some(Version::from_bits(u64::from_le_bytes(bits)))
        }
        Err(_) => None,
    }
}

fn set(item: &Item<'_>, step: &Step) -> Set {
    let set = Set::new(item.name.as_str(), &item.value)
        .client_flags(stamp(item.version))
        .ttl_raw(item.life);
    match step {
        Step::Swap(place) => set.compare_cas(*place),
        Step::Add | Step::Read | Step::Leave => set.add(),
    }
}

fn outcome(result: &MutationResult) -> Tried {
    match result.status {
        MutationStatus::Applied => Tried::Settled,
        _ => Tried::Overtaken,
    }
}

/// What of a version fits the 32 bits that a server keeps beside a value: about its second. Never
/// less for a greater version.
fn stamp(version: Version) -> u32 {
    u32::try_from(version.to_bits() >> 26).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
