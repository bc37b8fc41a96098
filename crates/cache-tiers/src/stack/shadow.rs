//! Shadows: tiers that get every write and give no answer, until they hold what the others do.

use std::cmp::Ordering;

use metrics::Counter;

use super::{Found, Level, Shared, fence::Since};
use crate::{Entry, Key, metrics::ShadowCounters};

/// What a look found, to be compared with what a shadow holds.
#[derive(Debug)]
pub(super) struct Sighting {
    pub(super) key: Key,
    pub(super) entry: Entry,
    /// The entry has its whole life still, and can be given to the shadow.
    pub(super) is_whole: bool,
    pub(super) since: Since,
}

impl Shared {
    /// Has what a look found compared with each shadow, behind the answer. What does not fit into
    /// the queue is left out: a sample tells as much.
    pub(super) fn shadow(&self, keys: &[Key], best: &[Option<Found>], since: Since) {
        for tier in self.tiers(Level::is_shadow) {
            let found =
                keys.iter().zip(best).filter_map(|(key, found)| Some((key, found.as_ref()?)));
            let sightings = found.map(|(key, found)| Sighting {
                key: key.clone(),
                entry: found.entry.clone(),
                is_whole: self.levels[found.tier].keeps_all(),
                since,
            });
            self.queue.push_sightings(tier, sightings);
        }
    }

    /// Compares, counts, and gives the shadow what it lacks.
    pub(super) async fn compare(&self, tier: usize, sightings: Vec<Sighting>) {
        let level = &self.levels[tier];
        let Some(since) = sightings.iter().map(|seen| seen.since).min() else { return };
        let keys: Vec<Key> = sightings.iter().map(|seen| seen.key.clone()).collect();
        let Some(held) = level.get(&keys).await else {
            level.counters().shadow.failed.increment(keys.len() as u64);
            return;
        };
        let mut lacking = Vec::new();
        for (seen, held) in sightings.into_iter().zip(held) {
            let order = held.map(|held| held.meta.version.cmp(&seen.entry.meta.version));
            outcome(&level.counters().shadow, order).increment(1);
            if order.is_none_or(Ordering::is_lt) && seen.is_whole {
                lacking.push((seen.key, seen.entry));
            }
        }
        let lacking = level.accept(&lacking, self.clock.now());
        self.write(tier, lacking, since).await;
    }
}

const fn outcome(counters: &ShadowCounters, order: Option<Ordering>) -> &Counter {
    match order {
        Some(Ordering::Equal) => &counters.same,
        Some(Ordering::Less) => &counters.older,
        Some(Ordering::Greater) => &counters.newer,
        None => &counters.missing,
    }
}
