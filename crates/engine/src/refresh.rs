//! When what is still fresh is fetched anew: the knob between the fewest credits and the freshest
//! answers. The decisions are pure; chance is drawn from a counter.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use cache_tiers::Meta;
use clock::Timestamp;

use crate::limits;

/// What is refreshed before it has grown old.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Eagerness {
    /// Nothing but what fills calls that are made anyway.
    #[default]
    Fewest,
    /// What is asked for shortly before its end, so that nobody waits for it. Each asker has a
    /// chance to be the one who sends for it that grows towards the end, so that a crowd sends
    /// once, and a value that nobody asks for is not fetched.
    Ahead,
    /// Whatever is asked for in the second half of its life.
    Freshest,
}

/// How eagerly values are refreshed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refresh {
    /// Before their end.
    pub eagerness: Eagerness,
    /// How much longer than its age allows a value is served while a newer one is fetched; its
    /// answer tells its true age. Nothing by default.
    pub stale_while_revalidate: Duration,
}

impl Refresh {
    /// How long before its end a value is refreshed at the earliest.
    #[must_use]
    pub fn lead(&self, life: Duration) -> Duration {
        match self.eagerness {
            Eagerness::Fewest => Duration::ZERO,
            Eagerness::Ahead => limits::REFRESH_AHEAD_MAX.min(life / 4),
            Eagerness::Freshest => life / 2,
        }
    }

    /// Whether the one who asks for this value now should send for a new one. `chance` is drawn
    /// evenly from 0 to 1.
    ///
    /// Ahead of the end this is the rule that was proved best against stampedes (Vattani,
    /// Chierichetti and Lowenstein, 2015): with `load` the time that fetching takes, at `left`
    /// before the end one asker in `exp(left / load)` sends.
    #[must_use]
    pub fn is_due(&self, meta: &Meta, now: Timestamp, chance: f64) -> bool {
        let life = meta.fresh_until.since(meta.fetched_at);
        let left = meta.fresh_until.since(now);
        if left.is_zero() || left > self.lead(life) {
            return false;
        }
        match self.eagerness {
            Eagerness::Fewest => false,
            Eagerness::Freshest => true,
            Eagerness::Ahead => {
                let load = meta.load.max(limits::REFRESH_LOAD_MIN).as_secs_f64();
                left.as_secs_f64() <= -load * chance.max(f64::MIN_POSITIVE).ln()
            }
        }
    }
}

/// The policy in force, and the chance that it needs.
#[derive(Debug)]
pub(crate) struct Refresher {
    policy: ArcSwap<Refresh>,
    drawn: AtomicU64,
    seed: RandomState,
}

impl Refresher {
    pub(crate) fn new() -> Self {
        let (policy, drawn) = (ArcSwap::default(), AtomicU64::new(0));
        Self { policy, drawn, seed: RandomState::new() }
    }

    pub(crate) fn set(&self, policy: Refresh) {
        self.policy.store(Arc::new(policy));
    }

    pub(crate) fn policy(&self) -> Refresh {
        **self.policy.load()
    }

    /// Evenly from 0 to 1.
    pub(crate) fn chance(&self) -> f64 {
        let hash = self.seed.hash_one(self.drawn.fetch_add(1, Ordering::Relaxed));
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests;
