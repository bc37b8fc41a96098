//! The nearest tier: entities held decoded, with the pieces that answers are spliced from.
//!
//! A look here is synchronous and judges nothing but versions; ages are judged by who asks.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use cache_tiers::Version;
use clock::Timestamp;

use crate::{entity::Entity, held::Held, limits};

const SHARDS: usize = 16;

/// A slot of the table: what is held now, and whether it was asked for since the last sweep.
#[derive(Debug)]
struct Slot {
    held: Arc<Held>,
    touched: AtomicBool,
}

type Shard = HashMap<Entity, Slot>;

/// The decoded entities, bounded by number and bytes.
#[derive(Debug)]
pub(crate) struct Hot {
    shards: Vec<RwLock<Shard>>,
    hasher: RandomState,
    generation: AtomicU64,
    bytes: AtomicUsize,
    tombstones: Mutex<HashMap<Entity, (Version, Timestamp)>>,
}

impl Hot {
    /// Empty.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            hasher: RandomState::new(),
            generation: AtomicU64::new(0),
            bytes: AtomicUsize::new(0),
            tombstones: Mutex::default(),
        }
    }

    /// Changes with every value that enters or leaves: while it stands still, so does every answer.
    #[must_use]
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// What is held of `entity`.
    #[must_use]
    pub(crate) fn hold(&self, entity: &Entity) -> Option<Arc<Held>> {
        let shard = self.shard(entity).read().unwrap_or_else(PoisonError::into_inner);
        let slot = shard.get(entity)?;
        if !slot.touched.load(Ordering::Relaxed) {
            slot.touched.store(true, Ordering::Relaxed);
        }
        Some(Arc::clone(&slot.held))
    }

    /// Takes `held` in unless something newer is there or `entity` was invalidated since the
    /// load of `held` began. Says whether it was taken in.
    pub(crate) fn put(&self, entity: &Entity, held: Arc<Held>) -> bool {
        if self.is_fenced(entity, held.meta.version) {
            return false;
        }
        let weight = held.weight();
        let mut shard = self.shard(entity).write().unwrap_or_else(PoisonError::into_inner);
        let older = shard.get(entity).map(|slot| (slot.held.meta.version, slot.held.weight()));
        if older.is_some_and(|(version, _)| version > held.meta.version) {
            return false;
        }
        let before = older.map_or(0, |(_, weight)| weight);
        shard.insert(entity.clone(), Slot { held, touched: AtomicBool::new(false) });
        self.bytes.fetch_add(weight, Ordering::Relaxed);
        self.bytes.fetch_sub(before, Ordering::Relaxed);
        if shard.len() > limits::SLOTS_MAX / SHARDS
            || self.bytes.load(Ordering::Relaxed) > limits::SLOTS_BYTES_MAX
        {
            self.sweep(&mut shard, entity);
        }
        drop(shard);
        self.generation.fetch_add(1, Ordering::AcqRel);
        true
    }

    /// Forgets `entity`, and whatever was loaded before `version`.
    pub(crate) fn invalidate(&self, entity: &Entity, version: Version, now: Timestamp) {
        {
            let mut tombstones = self.tombstones.lock().unwrap_or_else(PoisonError::into_inner);
            tombstones.insert(entity.clone(), (version, now));
            if tombstones.len() > limits::TOMBSTONES_MAX {
                tombstones.retain(|_, (_, at)| now.since(*at) < limits::TOMBSTONE_LIFE);
            }
        }
        let mut shard = self.shard(entity).write().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = shard.remove(entity) {
            self.bytes.fetch_sub(slot.held.weight(), Ordering::Relaxed);
        }
        drop(shard);
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// How many entities are held, and how many bytes they weigh.
    #[must_use]
    pub(crate) fn size(&self) -> (usize, usize) {
        let count =
            |shard: &RwLock<Shard>| shard.read().unwrap_or_else(PoisonError::into_inner).len();
        (self.shards.iter().map(count).sum(), self.bytes.load(Ordering::Relaxed))
    }

    fn is_fenced(&self, entity: &Entity, version: Version) -> bool {
        let tombstones = self.tombstones.lock().unwrap_or_else(PoisonError::into_inner);
        tombstones.get(entity).is_some_and(|(fence, _)| version < *fence)
    }

    /// Second chance: what was not asked for since the last sweep goes; what was, is unmarked.
    /// If everything was asked for, half goes, but never `newcomer`.
    fn sweep(&self, shard: &mut Shard, newcomer: &Entity) {
        let before = shard.len();
        self.keep(shard, |entity, slot| {
            slot.touched.swap(false, Ordering::Relaxed) || entity == newcomer
        });
        if shard.len() == before {
            let mut odd = false;
            self.keep(shard, |entity, _| {
                odd = !odd;
                odd || entity == newcomer
            });
        }
    }

    fn keep(&self, shard: &mut Shard, mut stays: impl FnMut(&Entity, &Slot) -> bool) {
        shard.retain(|entity, slot| {
            let stays = stays(entity, slot);
            if !stays {
                self.bytes.fetch_sub(slot.held.weight(), Ordering::Relaxed);
            }
            stays
        });
    }

    fn shard(&self, entity: &Entity) -> &RwLock<Shard> {
        let hash = usize::try_from(self.hasher.hash_one(entity) >> 32).unwrap_or(0);
        &self.shards[hash % SHARDS]
    }
}

impl Default for Hot {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
