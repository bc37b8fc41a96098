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
    time::Duration,
};

use cache_tiers::{Meta, Version};
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
    tombstones: Mutex<Tombstones>,
}

/// What was invalidated lately, bounded: when there is no room left, whatever was loaded before
/// counts as late. A copy less, never a dead value alive.
#[derive(Debug, Default)]
struct Tombstones {
    fences: HashMap<Entity, (Version, Timestamp)>,
    /// From, below: versions in between count as late, older ones are not under way any more.
    late: (Version, Version),
}

impl Tombstones {
    fn add(&mut self, entity: &Entity, fence: Version, now: Timestamp) {
        if self.fences.len() >= limits::TOMBSTONES_MAX {
            self.fences.retain(|_, (_, at)| now.since(*at) < limits::TOMBSTONE_LIFE);
        }
        if self.fences.len() >= limits::TOMBSTONES_MAX {
            self.fences.clear();
            self.late = (Version::at(now.before(limits::TOMBSTONE_LIFE), 0), fence);
        }
        self.fences.insert(entity.clone(), (fence, now));
    }

    fn fence_of(&self, entity: &Entity) -> Option<Version> {
        self.fences.get(entity).map(|(fence, _)| *fence)
    }
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

    /// When `entity` was fetched, and until when it is fresh for answers that may be `age` old, if
    /// it is held; not a question for it. It is kept for the most patient of all answers, which may
    /// take it long after others do not; but that something does not exist has one age for all.
    #[must_use]
    pub(crate) fn life(&self, entity: &Entity, age: Duration) -> Option<(Timestamp, Timestamp)> {
        let shard = self.shard(entity).read().unwrap_or_else(PoisonError::into_inner);
        let meta = &shard.get(entity)?.held.meta;
        let taken_until = meta.fetched_at.after(age);
        let is_shorter = taken_until < meta.fresh_until && !meta.is_negative();
        Some((meta.fetched_at, if is_shorter { taken_until } else { meta.fresh_until }))
    }

    /// Takes `held` in unless something newer is there or `entity` was invalidated since the
    /// load of `held` began. Says whether it was taken in.
    pub(crate) fn put(&self, entity: &Entity, held: Arc<Held>) -> bool {
        let weight = held.weight();
        let mut shard = self.shard(entity).write().unwrap_or_else(PoisonError::into_inner);
        // Under the shard's lock: an invalidation that is not seen here will remove what is put.
        if self.is_late(entity, held.meta.version) {
            return false;
        }
        let older = shard.get(entity).map(|slot| (slot.held.meta.version, slot.held.weight()));
        if older.is_some_and(|(version, _)| version > held.meta.version) {
            return false;
        }
        let before = older.map_or(0, |(_, weight)| weight);
        shard.insert(entity.clone(), Slot { held, touched: AtomicBool::new(false) });
        self.bytes.fetch_add(weight, Ordering::Relaxed);
        self.bytes.fetch_sub(before, Ordering::Relaxed);
        if shard.len() > limits::SLOTS_MAX / SHARDS {
            self.sweep(&mut shard, entity);
        }
        drop(shard);
        self.shrink(entity);
        self.generation.fetch_add(1, Ordering::AcqRel);
        true
    }

    /// Forgets `entity`, and whatever was loaded before `version`.
    pub(crate) fn invalidate(&self, entity: &Entity, version: Version, now: Timestamp) {
        {
            let mut tombstones = self.tombstones.lock().unwrap_or_else(PoisonError::into_inner);
            tombstones.add(entity, version, now);
        }
        let mut shard = self.shard(entity).write().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = shard.remove(entity) {
            self.bytes.fetch_sub(slot.held.weight(), Ordering::Relaxed);
        }
        drop(shard);
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Forgets whatever `is_dead`.
    pub(crate) fn drop_where(&self, is_dead: impl Fn(&Entity, &Meta) -> bool) {
        for shard in &self.shards {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            self.keep(&mut shard, |entity, slot| !is_dead(entity, &slot.held.meta));
        }
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Everything that is held, in no order.
    #[must_use]
    pub(crate) fn entities(&self) -> Vec<Entity> {
        let mut entities = Vec::new();
        for shard in &self.shards {
            entities.extend(shard.read().unwrap_or_else(PoisonError::into_inner).keys().cloned());
        }
        entities
    }

    /// How many entities are held, and how many bytes they weigh.
    #[must_use]
    pub(crate) fn size(&self) -> (usize, usize) {
        let count =
            |shard: &RwLock<Shard>| shard.read().unwrap_or_else(PoisonError::into_inner).len();
        (self.shards.iter().map(count).sum(), self.bytes.load(Ordering::Relaxed))
    }

    /// Whether a value of that version was loaded before `entity` was invalidated.
    #[must_use]
    pub(crate) fn is_fenced(&self, entity: &Entity, version: Version) -> bool {
        let tombstones = self.tombstones.lock().unwrap_or_else(PoisonError::into_inner);
        tombstones.fence_of(entity).is_some_and(|fence| version < fence)
    }

    /// Whether a value that arrives now may be one that was invalidated under way.
    fn is_late(&self, entity: &Entity, version: Version) -> bool {
        let tombstones = self.tombstones.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, below) = tombstones.late;
        (from <= version && version < below)
            || tombstones.fence_of(entity).is_some_and(|fence| version < fence)
    }

    /// Makes room in all shards, since a few large values may lie anywhere. The first round takes
    /// what nobody asked for, the next ones halve.
    fn shrink(&self, newcomer: &Entity) {
        for _ in 0..limits::SWEEPS_MAX {
            for shard in &self.shards {
                if self.bytes.load(Ordering::Relaxed) <= limits::SLOTS_BYTES_MAX {
                    return;
                }
                let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
                self.sweep(&mut shard, newcomer);
            }
        }
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
