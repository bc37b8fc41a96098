//! Plans kept ready under the text of their request, with the answer they led to: the same
//! request again needs no parsing, and no composing while nothing has changed.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use cache_tiers::Meta;
use clock::Timestamp;
use cmc_api::Query;
use credits::Credits;
use smallvec::SmallVec;

use crate::{
    answer::{Answer, CacheState, Root},
    compose::compose,
    entity::{Entity, Want},
    fingerprint::Fingerprint,
    held::{Content, Held},
    hot::Hot,
    limits,
    pacing::{Lot, Pacing},
    plan::{Plan, Shape},
    policy::Ages,
    stale::Demand,
};

const SHARDS: usize = 16;

/// A plan that is ready, and its last answer.
#[derive(Debug)]
pub(crate) struct Prepared {
    query: Arc<Query>,
    plan: Plan,
    roots: Vec<Root>,
    ages: Ages,
    pacing: Arc<Pacing>,
    /// What the query costs without a cache.
    worth: Credits,
    last: ArcSwapOption<Kept>,
    room: Room,
    touched: AtomicBool,
    /// How often it was answered since that was last counted.
    asked: AtomicU32,
}

/// An answer's data, and how long it may be served.
#[derive(Debug)]
struct Composed {
    generation: u64,
    made: Timestamp,
    oldest: Timestamp,
    /// The oldest part of each lot.
    lots: SmallVec<[(Option<Arc<Lot>>, Timestamp); 2]>,
    /// That something does not exist is believed for its own, shorter time.
    absent_until: Timestamp,
    etag: u64,
    total_count: Option<u64>,
    data: Bytes,
}

/// An answer that is kept, and the room that it takes until it is dropped.
#[derive(Debug)]
struct Kept {
    composed: Composed,
    _place: Place,
}

/// How many bytes of composed answers are kept at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room(Arc<AtomicUsize>);

/// A share of a [`Room`], given back on drop.
#[derive(Debug)]
struct Place {
    room: Room,
    n_bytes: usize,
}

impl Room {
    fn take(&self, n_bytes: usize) -> Option<Place> {
        let before = self.0.fetch_add(n_bytes, Ordering::Relaxed);
        // Made before it is judged: if there is no room, the drop gives the share back.
        let place = Place { room: self.clone(), n_bytes };
        (before + n_bytes <= limits::PREPARED_BYTES_MAX).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.0.fetch_sub(self.n_bytes, Ordering::Relaxed);
    }
}

/// When an answer is composed: by the hot tier's generation before its parts were read, and by
/// the clock.
#[derive(Clone, Copy, Debug)]
struct Then {
    generation: u64,
    now: Timestamp,
}

impl Composed {
    /// The age of an answer is that of its oldest part, the order of a ranking included; names
    /// do not count, because they do not age.
    fn of(prepared: &Prepared, held: &[Arc<Held>], data: Bytes, then: Then) -> Self {
        let Then { generation, now } = then;
        held.iter().for_each(|held| held.need());
        let wants = prepared.plan.wants.iter().map(|want| &want.entity);
        let wanted = wants.zip(held.iter().map(|held| &held.meta));
        let roots = prepared.roots.iter().filter(|root| !root.is_names);
        let named = wanted.chain(roots.map(|root| (&root.entity, &root.meta)));
        let parts = || named.clone().map(|(_, meta)| meta);
        // An answer without parts, such as an empty list, is as old as the question.
        let oldest = parts().map(|meta| meta.fetched_at).min().unwrap_or(now).min(now);
        let mut fingerprint = Fingerprint::new();
        named.clone().for_each(|(entity, meta)| fingerprint.add(entity, meta.version));
        let etag = fingerprint.finish();
        let absent = parts().filter(|meta| meta.is_negative()).map(|meta| meta.fresh_until);
        let absent_until = absent.min().unwrap_or(Timestamp::MAX);
        let lots = prepared.lots(named.clone());
        let total_count = prepared.plan.total_count.or_else(|| total_of(&prepared.plan, held));
        Self { generation, made: now, oldest, lots, absent_until, etag, total_count, data }
    }

    /// Until when it is as young as the operator wants it.
    fn natural_until(&self, ages: &Ages) -> Timestamp {
        self.oldest.after(ages.natural).min(self.absent_until)
    }

    /// Until when it is young enough, as the budget is at present.
    fn fresh_until(&self, ages: &Ages) -> Timestamp {
        let lots = self.lots.iter().map(|(lot, oldest)| {
            oldest.after(lot.as_ref().map_or(ages.natural, |lot| lot.age(ages)))
        });
        lots.min().unwrap_or_else(|| self.oldest.after(ages.natural)).min(self.absent_until)
    }
}

impl Prepared {
    pub(crate) fn new(
        (query, plan): (Arc<Query>, Plan),
        roots: Vec<Root>,
        (ages, pacing): (Ages, Arc<Pacing>),
        room: Room,
    ) -> Self {
        let last = ArcSwapOption::empty();
        let (worth, touched) = (Credits::ZERO, AtomicBool::new(true));
        let asked = AtomicU32::new(0);
        Self { query, plan, roots, ages, pacing, worth, last, room, touched, asked }
    }

    /// As it is, worth so much.
    pub(crate) fn worth(self, worth: Credits) -> Self {
        Self { worth, ..self }
    }

    /// The lots that an answer is made of, and the oldest part of each.
    fn lots<'a>(
        &self,
        parts: impl Iterator<Item = (&'a Entity, &'a Meta)>,
    ) -> SmallVec<[(Option<Arc<Lot>>, Timestamp); 2]> {
        let mut lots: SmallVec<[(&Entity, Timestamp); 2]> = SmallVec::new();
        for (entity, meta) in parts {
            let is_same = |(known, _): &&mut (&Entity, Timestamp)| {
                !self.pacing.is_on() || Pacing::is_same_lot(known, entity)
            };
            match lots.iter_mut().find(is_same) {
                Some((_, oldest)) => *oldest = meta.fetched_at.min(*oldest),
                None => lots.push((entity, meta.fetched_at)),
            }
        }
        let kept = lots.into_iter();
        kept.map(|(entity, at)| (self.pacing.lot_within(entity, &self.ages), at)).collect()
    }

    /// Whether its plan holds no text of an answer: what is kept ready is counted by its answers.
    pub(crate) const fn is_light(&self) -> bool {
        !matches!(&self.plan.shape, Shape::Coins(coins) if coins.head.is_some())
    }

    /// The answer made of `held`, which was read when the hot tier's generation was `generation`.
    pub(crate) fn first(
        &self,
        generation: u64,
        held: &[Arc<Held>],
        data: Bytes,
        now: Timestamp,
    ) -> Answer {
        let composed = Composed::of(self, held, data, Then { generation, now });
        let answer = self.answer(&composed, now);
        self.remember(composed);
        answer
    }

    fn remember(&self, composed: Composed) {
        let n_bytes = composed.data.len();
        if n_bytes > limits::PREPARED_ANSWER_BYTES_MAX {
            return;
        }
        if let Some(place) = self.room.take(n_bytes) {
            self.last.store(Some(Arc::new(Kept { composed, _place: place })));
        }
    }

    /// The answer as it stands at `now`, all of it from memory.
    fn answer(&self, composed: &Composed, now: Timestamp) -> Answer {
        composed.lots.iter().filter_map(|(lot, _)| lot.as_ref()).for_each(|lot| lot.ask());
        let fresh_until = composed.fresh_until(&self.ages);
        Answer {
            query: Arc::clone(&self.query),
            operation: Arc::clone(&self.query.operation),
            style: self.plan.style,
            data: composed.data.clone(),
            total_count: composed.total_count,
            age: now.since(composed.oldest),
            fresh_for: fresh_until.since(now),
            stale_for: now.since(fresh_until),
            paced_for: now.since(composed.natural_until(&self.ages)),
            cache: CacheState::Full,
            charged: Credits::ZERO,
            worth: self.worth,
            etag: composed.etag,
            at: now,
        }
    }

    /// The answer if memory alone can give it, fresh.
    fn peek(&self, hot: &Hot, now: Timestamp) -> Option<Answer> {
        let generation = hot.generation();
        if let Some(Kept { composed: last, .. }) = self.last.load().as_deref()
            && last.generation == generation
            // Earlier than it was made: the clock was set back, and every age is to be judged anew.
            && (last.made..last.fresh_until(&self.ages)).contains(&now)
        {
            return Some(self.answer(last, now));
        }
        self.recompose(hot, generation, now)
    }

    fn recompose(&self, hot: &Hot, generation: u64, now: Timestamp) -> Option<Answer> {
        let demand = Demand {
            max_age: self.ages.natural,
            ages: Some(self.ages),
            max_stale: None,
            only_if_cached: true,
            patience: Duration::ZERO,
            revalidate: Duration::ZERO,
        };
        for root in &self.roots {
            let held = hot.hold(&root.entity)?;
            let is_same = held.meta.version == root.meta.version;
            let demand = self.pacing.towards(&demand, &root.entity);
            if !is_same || !(root.is_names || demand.accepts(&held, now)) {
                return None;
            }
        }
        let hold = |want: &Want| {
            let demand = self.pacing.towards(&demand, &want.entity);
            hot.hold(&want.entity).filter(|held| demand.accepts(held, now))
        };
        let held: Vec<Arc<Held>> = self.plan.wants.iter().map(hold).collect::<Option<_>>()?;
        let data = compose(&self.plan, &held).ok()?;
        Some(self.first(generation, &held, data, now))
    }
}

/// The count that upstream sent with a whole answer.
fn total_of(plan: &Plan, held: &[Arc<Held>]) -> Option<u64> {
    match (&plan.shape, held.first().map(|held| &held.content)) {
        (Shape::Whole, Some(Content::Whole { total_count, .. })) => *total_count,
        _ => None,
    }
}

type Shard = HashMap<Box<str>, Arc<Prepared>>;

/// The prepared plans by the text of their request, bounded.
#[derive(Debug)]
pub(crate) struct PreparedPlans {
    /// What all their answers together may take.
    pub(crate) room: Room,
    shards: Vec<RwLock<Shard>>,
    hasher: RandomState,
}

impl PreparedPlans {
    pub(crate) fn new() -> Self {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Self { room: Room::default(), shards, hasher: RandomState::new() }
    }

    pub(crate) fn keep(&self, target: &str, prepared: Prepared) {
        if target.len() > limits::PREPARED_TARGET_BYTES_MAX || prepared.ages.natural.is_zero() {
            return;
        }
        let mut shard = self.shard(target).write().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= limits::PREPARED_MAX / SHARDS {
            // Second chance: what was not asked for since the last sweep goes, else everything.
            shard.retain(|_, prepared| prepared.touched.swap(false, Ordering::Relaxed));
            if shard.len() >= limits::PREPARED_MAX / SHARDS {
                shard.clear();
            }
        }
        shard.insert(target.into(), Arc::new(prepared));
    }

    /// The answer to the same request text, if memory alone can give it, fresh.
    pub(crate) fn peek(&self, target: &str, hot: &Hot, now: Timestamp) -> Option<Answer> {
        let prepared = {
            let shard = self.shard(target).read().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(shard.get(target)?)
        };
        if !prepared.touched.load(Ordering::Relaxed) {
            prepared.touched.store(true, Ordering::Relaxed);
        }
        let answer = prepared.peek(hot, now)?;
        prepared.asked.fetch_add(1, Ordering::Relaxed);
        Some(answer)
    }

    /// Tells `count` what was asked for how often since the last time.
    pub(crate) fn count_askings(&self, mut count: impl FnMut(&[Want], u32)) {
        for shard in &self.shards {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            let asked = shard.values().filter(|plan| plan.asked.load(Ordering::Relaxed) > 0);
            asked.for_each(|plan| count(&plan.plan.wants, plan.asked.swap(0, Ordering::Relaxed)));
        }
    }

    fn shard(&self, target: &str) -> &RwLock<Shard> {
        let hash = usize::try_from(self.hasher.hash_one(target) >> 32).unwrap_or(0);
        &self.shards[hash % SHARDS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_bounded_and_given_back() {
        // Thousands of long answers kept ready would be a leak by another name.
        let room = Room::default();
        let all = room.take(limits::PREPARED_BYTES_MAX).unwrap();
        assert!(room.take(1).is_none());
        drop(all);
        assert!(room.take(1).is_some());
    }
}
