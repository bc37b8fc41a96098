//! When an old value is better than an error. Pure.

use std::{sync::Arc, time::Duration};

use cache_tiers::freshness;
use clock::Timestamp;

use crate::{
    error::FlightError,
    held::{Content, Held},
    policy::Ages,
};

/// What an asker accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The oldest age that counts as fresh.
    pub max_age: Duration,
    /// Between which ages pacing may move that; `None`: it may not.
    pub ages: Option<Ages>,
    /// How old a value may be when fetching fails; `None`: as old as the tiers keep it.
    pub max_stale: Option<Duration>,
    /// Nothing is fetched.
    pub only_if_cached: bool,
    /// How long the asker waits for a flight.
    pub patience: Duration,
    /// How much older than `max_age` a value may be that is served while a newer one is fetched.
    pub revalidate: Duration,
}

impl Demand {
    /// Whether `held` is fresh enough. That something does not exist is believed for its own time.
    #[must_use]
    pub fn accepts(&self, held: &Held, now: Timestamp) -> bool {
        let own =
            !matches!(held.content, Content::Absent | Content::Odd) || now < held.meta.fresh_until;
        // A value from the future has no age that could be judged: the clock was set back.
        let judged = !freshness::is_from_the_future(&held.meta, now);
        own && judged && now.since(held.meta.fetched_at) < self.max_age
    }

    /// Whether `held` may be served while a newer value is fetched.
    #[must_use]
    pub fn accepts_meanwhile(&self, held: &Held, now: Timestamp) -> bool {
        let is_there = !matches!(held.content, Content::Absent | Content::Odd);
        let most = self.max_age.saturating_add(self.revalidate);
        let judged = !freshness::is_from_the_future(&held.meta, now);
        let is_young = now.since(held.meta.fetched_at) < most && now < held.meta.usable_until;
        !self.revalidate.is_zero() && is_there && judged && is_young
    }

    /// Whether `held` may be served because fetching failed with `error`: not when upstream
    /// refused the query itself, and never beyond the value's own last use.
    #[must_use]
    pub fn accepts_instead(&self, held: &Held, error: &FlightError, now: Timestamp) -> bool {
        let refused = match error {
            FlightError::Upstream(error) => !error.is_outage(),
            FlightError::Paused { error, .. } => !error.is_outage(),
            FlightError::Unsendable(_) => true,
            _ => false,
        };
        !refused && self.spares(held, now)
    }

    /// Whether `held` may be served though it is older than demanded, so that nothing is bought.
    #[must_use]
    pub fn spares(&self, held: &Held, now: Timestamp) -> bool {
        let within = self
            .max_stale
            .is_none_or(|max| now.since(held.meta.fetched_at) < self.max_age.saturating_add(max));
        within && now < held.meta.usable_until
    }

    /// Chooses between what was fetched and what is held.
    ///
    /// # Errors
    ///
    /// The flight's error, if nothing held is usable.
    pub fn choose(
        &self,
        fetched: Result<Arc<Held>, FlightError>,
        held: Option<Arc<Held>>,
        now: Timestamp,
    ) -> Result<(Arc<Held>, bool), FlightError> {
        match (fetched, held) {
            (Ok(fetched), _) => Ok((fetched, false)),
            // It would have been fetched along, because it is nearly too old.
            (Err(_), Some(held)) if self.accepts(&held, now) => Ok((held, false)),
            (Err(error), Some(held)) if self.accepts_instead(&held, &error, now) => {
                Ok((held, true))
            }
            (Err(error), _) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
