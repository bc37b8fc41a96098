//! What happened lately, moment by moment: enough to draw a curve, in bounded memory.
//!
//! Counters only grow; a [`Moment`] holds how much they grew since the one before. The fine ring
//! covers an hour, the coarse one a day, summed up from the fine moments.

mod latencies;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clock::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

use crate::{ages::AgeCounts, status::Requests};

pub use latencies::{Latencies, Quantiles, TierLatency};

/// The length of a fine moment.
pub const FINE: Duration = Duration::from_secs(5);
/// Fine moments kept: an hour.
pub const FINE_MAX: usize = 720;
/// Fine moments that make a coarse one: two minutes.
pub const FINE_PER_COARSE: usize = 24;
/// Coarse moments kept: a day.
pub const COARSE_MAX: usize = 720;

/// What is known at one instant, since the start. Two of these make a [`Moment`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) at: Timestamp,
    pub(crate) requests: Requests,
    /// Entities found, by where: decoded in memory, the tiers in their order, upstream.
    pub(crate) found: Vec<(String, u64)>,
    pub(crate) ages: AgeCounts,
    /// Credits booked in the billing month.
    pub(crate) credits_used: u64,
    pub(crate) latencies: Latencies,
    pub(crate) tiers: Vec<TierLatency>,
    pub(crate) held: HeldNow,
}

/// What is held at the end of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HeldNow {
    /// Entities decoded in memory.
    pub entities: usize,
    /// Flights under way.
    pub flights: usize,
    /// Resident memory, where the system tells it.
    pub resident_bytes: Option<u64>,
}

/// A stretch of time, and what happened in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// Its end, in milliseconds since 1970.
    pub at_ms: i64,
    /// Its length.
    pub seconds: f64,
    /// Requests, by how much of their answer was cached.
    pub requests: Requests,
    /// Entities found, by where: memory, the tiers in their order, upstream.
    pub found: Vec<(String, u64)>,
    /// Answers by age: see `age_bounds_s` of [`Timeline`].
    pub ages: AgeCounts,
    /// Credits booked meanwhile.
    pub credits: u64,
    /// Credits booked in the billing month by the end of it.
    pub credits_used: u64,
    /// At its end, over the minute before.
    pub latencies: Latencies,
    /// Those tiers that were asked, at its end, over the minute before.
    pub tiers: Vec<TierLatency>,
    /// At its end.
    pub held: HeldNow,
}

/// The moments of a time, oldest first.
#[derive(Clone, Debug, Serialize)]
pub struct Timeline {
    /// The upper bounds of [`Moment::ages`], in seconds; the last number counts what is older.
    pub age_bounds_s: Vec<u64>,
    /// The moments.
    pub moments: Vec<Arc<Moment>>,
}

/// The rings, and whoever waits for the next moment.
#[derive(Debug)]
pub(crate) struct Timelines {
    rings: Mutex<Rings>,
    latest: watch::Sender<Option<Arc<Moment>>>,
}

#[derive(Debug, Default)]
struct Rings {
    last: Option<Reading>,
    fine: VecDeque<Arc<Moment>>,
    coarse: VecDeque<Arc<Moment>>,
    /// Fine moments since the last coarse one.
    n_loose: usize,
}

impl Default for Timelines {
    fn default() -> Self {
        Self { rings: Mutex::default(), latest: watch::Sender::new(None) }
    }
}

impl Timelines {
    /// Closes the moment that ends with `reading`; the very first reading only opens one.
    pub(crate) fn add(&self, reading: Reading) {
        let moment = {
            let mut rings = self.rings();
            let moment = rings.last.as_ref().and_then(|last| between(last, &reading));
            let moment = moment.map(Arc::new);
            if let Some(moment) = &moment {
                rings.push(Arc::clone(moment));
            }
            rings.last = Some(reading);
            moment
        };
        if let Some(moment) = moment {
            self.latest.send_replace(Some(moment));
        }
    }

    /// The moments that ended within `length` before `now`: fine ones where these reach so far.
    pub(crate) fn since(&self, length: Duration, now: Timestamp) -> Vec<Arc<Moment>> {
        let rings = self.rings();
        let reach = FINE.saturating_mul(u32::try_from(FINE_MAX).unwrap_or(u32::MAX));
        let ring = if length <= reach { &rings.fine } else { &rings.coarse };
        let from = now.before(length).as_millis();
        ring.iter().filter(|moment| moment.at_ms > from).map(Arc::clone).collect()
    }

    /// Tells of each moment from now on; whoever is slow gets the latest.
    pub(crate) fn listen(&self) -> watch::Receiver<Option<Arc<Moment>>> {
        self.latest.subscribe()
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rings {
    fn push(&mut self, moment: Arc<Moment>) {
        bounded(&mut self.fine, moment, FINE_MAX);
        self.n_loose += 1;
        if self.n_loose == FINE_PER_COARSE {
            self.n_loose = 0;
            let summed = sum(self.fine.iter().rev().take(FINE_PER_COARSE));
            if let Some(summed) = summed {
                bounded(&mut self.coarse, Arc::new(summed), COARSE_MAX);
            }
        }
    }
}

fn bounded(ring: &mut VecDeque<Arc<Moment>>, moment: Arc<Moment>, max: usize) {
    if ring.len() == max {
        ring.pop_front();
    }
    ring.push_back(moment);
}

/// What happened between two readings. `None` if no time has passed: a clock may be set back.
fn between(before: &Reading, after: &Reading) -> Option<Moment> {
    let length = after.at.since(before.at);
    if length.is_zero() {
        return None;
    }
    let found = after.found.iter().map(|(name, n)| {
        let known = before.found.iter().find(|(known, _)| known == name);
        (name.clone(), n.saturating_sub(known.map_or(0, |(_, n)| *n)))
    });
    Some(Moment {
        at_ms: after.at.as_millis(),
        seconds: length.as_secs_f64(),
        requests: after.requests.since(before.requests),
        found: found.collect(),
        ages: std::array::from_fn(|age| after.ages[age].saturating_sub(before.ages[age])),
        // A new billing month begins at nothing.
        credits: match after.credits_used.checked_sub(before.credits_used) {
            Some(spent) => spent,
            None => after.credits_used,
        },
        credits_used: after.credits_used,
        latencies: after.latencies,
        tiers: after.tiers.clone(),
        held: after.held,
    })
}

/// Several moments, the newest first, as one. What holds at an instant is the newest's.
fn sum<'a>(mut newest_first: impl Iterator<Item = &'a Arc<Moment>>) -> Option<Moment> {
    let mut total = Moment::clone(newest_first.next()?);
    for moment in newest_first {
        total.seconds += moment.seconds;
        total.requests = total.requests.and(moment.requests);
        for ((_, n), (_, more)) in total.found.iter_mut().zip(&moment.found) {
            *n += more;
        }
        for (n, more) in total.ages.iter_mut().zip(&moment.ages) {
            *n += more;
        }
        total.credits += moment.credits;
    }
    Some(total)
}

#[cfg(test)]
mod tests;
