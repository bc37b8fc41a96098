//! What waits to be written: bounded, one lane per tier, one entry per key.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use metrics::Gauge;
use tokio::sync::Notify;

use crate::{
    Entry, Key,
    limits::{SIGHTINGS_BYTES_MAX, SIGHTINGS_MAX, WRITE_BEHIND_BATCH_MAX, WRITE_BEHIND_BYTES_MAX},
    metrics::write_behind_bytes,
    stack::{fence::Since, level::Level, shadow::Sighting},
};

type Items = Vec<(Key, Entry)>;

/// What waits. Takes nothing unless somebody empties it.
pub(in crate::stack) struct Queue {
    waiting: Mutex<Waiting>,
    /// Per lane.
    changed: Vec<Notify>,
    bytes: Gauge,
}

#[derive(Debug, Default)]
struct Waiting {
    lanes: Vec<Lane>,
    /// Of puts.
    n_bytes: usize,
    n_pushed: u64,
    is_claimed: bool,
    is_closed: bool,
}

/// Removals are not in here, and so are not dropped with it: they are owed by their tier.
#[derive(Debug, Default)]
struct Lane {
    /// Each key that waits, once, by when it came first.
    order: VecDeque<(u64, Key)>,
    puts: HashMap<Key, (Entry, Since)>,
    sightings: VecDeque<Sighting>,
    n_sighted_bytes: usize,
}

pub(super) enum Next {
    Puts(Items, Since),
    Sightings(Vec<Sighting>),
    Empty,
    Ended,
}

impl Queue {
    pub(in crate::stack) fn new(n_tiers: usize) -> Self {
        let lanes = (0..n_tiers).map(|_| Lane::default()).collect();
        Self {
            waiting: Mutex::new(Waiting { lanes, ..Waiting::default() }),
            changed: (0..n_tiers).map(|_| Notify::new()).collect(),
            bytes: write_behind_bytes(),
        }
    }

    /// Gives the items back if nobody would write them. Of one key the newest waits; beyond the
    /// bound what came first is dropped.
    pub(in crate::stack) fn push(
        &self,
        tier: usize,
        items: Items,
        since: Since,
        levels: &[Level],
    ) -> Result<(), Items> {
        let mut waiting = self.waiting();
        if !waiting.is_claimed || waiting.is_closed {
            return Err(items);
        }
        let n_items = items.len();
        let n_new = items
            .into_iter()
            .map(|item| usize::from(waiting.push(tier, item, since)))
            .sum::<usize>();
        levels[tier].counters().put_coalesced.increment((n_items - n_new) as u64);
        while waiting.n_bytes > WRITE_BEHIND_BYTES_MAX {
            let Some(dropped) = waiting.drop_oldest() else { break };
            levels[dropped].counters().put_dropped.increment(1);
        }
        self.show(&waiting);
        drop(waiting);
        self.changed[tier].notify_one();
        Ok(())
    }

    /// Takes as many as fit.
    pub(in crate::stack) fn push_sightings(
        &self,
        tier: usize,
        sightings: impl Iterator<Item = Sighting>,
    ) {
        let mut waiting = self.waiting();
        if !waiting.is_claimed || waiting.is_closed {
            return;
        }
        let lane = &mut waiting.lanes[tier];
        for seen in sightings {
            let n_bytes = lane.n_sighted_bytes + seen.entry.weight(&seen.key);
            if lane.sightings.len() >= SIGHTINGS_MAX || n_bytes > SIGHTINGS_BYTES_MAX {
                break;
            }
            lane.n_sighted_bytes = n_bytes;
            lane.sightings.push_back(seen);
        }
        drop(waiting);
        self.changed[tier].notify_one();
    }

    pub(in crate::stack) fn close(&self) {
        self.waiting().is_closed = true;
        self.changed.iter().for_each(Notify::notify_one);
    }

    #[cfg(test)]
    pub(in crate::stack) fn n_bytes(&self) -> usize {
        self.waiting().n_bytes
    }

    /// Says whether nobody had claimed it yet.
    pub(super) fn claim(&self) -> bool {
        let mut waiting = self.waiting();
        let is_free = !waiting.is_claimed && !waiting.is_closed;
        waiting.is_claimed |= is_free;
        is_free
    }

    /// Nobody empties it any more: what waits is dropped.
    pub(super) fn release(&self, levels: &[Level]) {
        let mut waiting = self.waiting();
        waiting.is_claimed = false;
        waiting.n_bytes = 0;
        for (lane, level) in waiting.lanes.iter_mut().zip(levels) {
            level.counters().put_dropped.increment(lane.puts.len() as u64);
            *lane = Lane::default();
        }
        self.show(&waiting);
    }

    /// The next work of one lane, at most a batch.
    pub(super) fn next(&self, tier: usize) -> Next {
        let mut waiting = self.waiting();
        let is_closed = waiting.is_closed;
        let next = waiting.next(tier);
        self.show(&waiting);
        match next {
            Next::Empty if is_closed => Next::Ended,
            next => next,
        }
    }

    pub(super) async fn changed(&self, tier: usize) {
        self.changed[tier].notified().await;
    }

    fn show(&self, waiting: &Waiting) {
        // A gauge is a float; the bound is far below where that matters.
        self.bytes.set(u32::try_from(waiting.n_bytes).unwrap_or(u32::MAX));
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("n_bytes", &self.waiting().n_bytes).finish_non_exhaustive()
    }
}

impl Waiting {
    /// Says whether no other entry of that key waited.
    fn push(&mut self, tier: usize, (key, entry): (Key, Entry), since: Since) -> bool {
        let lane = &mut self.lanes[tier];
        let n_bytes = entry.weight(&key);
        if let Some((waits, first)) = lane.puts.get_mut(&key) {
            *first = since.min(*first);
            if waits.meta.version <= entry.meta.version {
                self.n_bytes = self.n_bytes + n_bytes - waits.weight(&key);
                *waits = entry;
            }
            return false;
        }
        self.n_pushed += 1;
        self.n_bytes += n_bytes;
        lane.order.push_back((self.n_pushed, key.clone()));
        lane.puts.insert(key, (entry, since));
        true
    }

    fn pop(&mut self, tier: usize) -> Option<(Key, Entry, Since)> {
        let lane = &mut self.lanes[tier];
        let (_, key) = lane.order.pop_front()?;
        let (entry, since) = lane.puts.remove(&key)?;
        self.n_bytes -= entry.weight(&key);
        Some((key, entry, since))
    }

    /// Says whose it was.
    fn drop_oldest(&mut self) -> Option<usize> {
        let first = |(tier, lane): (usize, &Lane)| Some((lane.order.front()?.0, tier));
        let (_, tier) = self.lanes.iter().enumerate().filter_map(first).min()?;
        self.pop(tier).map(|_| tier)
    }

    fn next(&mut self, tier: usize) -> Next {
        let Some((key, entry, mut first)) = self.pop(tier) else {
            return self.lanes[tier].next_sightings();
        };
        let mut items = vec![(key, entry)];
        while items.len() < WRITE_BEHIND_BATCH_MAX
            && let Some((key, entry, since)) = self.pop(tier)
        {
            items.push((key, entry));
            first = since.min(first);
        }
        Next::Puts(items, first)
    }
}

impl Lane {
    fn next_sightings(&mut self) -> Next {
        if self.sightings.is_empty() {
            return Next::Empty;
        }
        let n_taken = self.sightings.len().min(WRITE_BEHIND_BATCH_MAX);
        let taken: Vec<Sighting> = self.sightings.drain(..n_taken).collect();
        let n_bytes: usize = taken.iter().map(|seen| seen.entry.weight(&seen.key)).sum();
        self.n_sighted_bytes -= n_bytes;
        Next::Sightings(taken)
    }
}
