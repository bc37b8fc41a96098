//! How upstream was when its key was asked last: seen by one instance, known to all.
//!
//! Asking the key is free, but counts as a request. Instances with a shared store ask in turn: what
//! one has seen is pinned there, and holds for the others as if they had seen it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use clock::{Clock, Stopwatch, Timestamp};
use cmc_api::UpstreamError;
use health::Finding;
use serde::{Deserialize, Serialize};

use crate::cmcache::Inner;

/// How long a sighting holds.
pub(crate) const HOLDS: Duration = Duration::from_secs(30);
/// How long a probe waits for an answer: less than its check may take, so that it is told.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// Mean milliseconds above which upstream is slow, and above which it is as good as away.
const SLOW: (f64, f64) = (2_000.0, 5_000.0);
/// Under which name it hangs, and under which it is agreed on who asks.
const PIN: &str = "key";
/// How often one who does not ask looks for what another one sees, and how far apart.
const LOOKS: usize = 16;
const PAUSE: Duration = Duration::from_millis(250);

/// One look at upstream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sighting {
    /// When, in milliseconds since 1970.
    at_ms: i64,
    /// How long it took to answer.
    took_ms: f64,
    /// What was wrong; absent if it answered.
    trouble: Option<String>,
    /// Whether it can be bought from.
    pub(crate) is_usable: bool,
    /// Whether another instance has seen it.
    #[serde(skip)]
    is_told: bool,
}

/// What was seen last.
#[derive(Debug, Default)]
pub(crate) struct Sightings(Mutex<Option<Sighting>>);

impl Sightings {
    /// Begins with what the start has seen.
    pub(crate) fn begun_with(first: Option<Sighting>) -> Self {
        Self(Mutex::new(first))
    }

    fn last(&self) -> Option<Sighting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, seen: Sighting) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
    }

    /// Whether upstream could be bought from; until somebody has looked, it is believed to be.
    pub(crate) fn is_usable(&self) -> bool {
        self.last().is_none_or(|last| last.is_usable)
    }
}

impl Sighting {
    /// What asking at `at` has come to by `now`.
    pub(crate) fn of<T>(
        (at, now): (Timestamp, Timestamp),
        watch: &Stopwatch,
        asked: &Result<T, UpstreamError>,
    ) -> Self {
        // The clock may be a simulated one, which a stopwatch does not follow.
        let took = watch.elapsed().max(now.since(at));
        Self {
            at_ms: now.as_millis(),
            took_ms: took.as_secs_f64() * 1_000.0,
            trouble: asked.as_ref().err().map(ToString::to_string),
            is_usable: !asked.as_ref().is_err_and(UpstreamError::is_outage),
            is_told: false,
        }
    }

    /// Nobody answered within `patience`.
    pub(crate) fn silence(now: Timestamp, patience: Duration) -> Self {
        Self {
            at_ms: now.as_millis(),
            took_ms: patience.as_secs_f64() * 1_000.0,
            trouble: Some(format!("no answer within {patience:?}")),
            is_usable: false,
            is_told: false,
        }
    }

    /// A clock that was set back makes what was seen in the future worth nothing.
    fn holds(&self, now: Timestamp) -> bool {
        now.since_epoch().abs_diff(Timestamp::from_millis(self.at_ms).since_epoch()) < HOLDS
    }

    /// What a check makes of it.
    pub(crate) fn finding(&self) -> Finding {
        match &self.trouble {
            Some(trouble) => Finding::unhealthy(trouble.clone()),
            None => Finding::by_thresholds(self.took_ms, "ms", SLOW),
        }
    }
}

impl Inner {
    /// How upstream is: as it was seen lately, here or elsewhere, else as one of all instances sees
    /// it now.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing but the look.
    pub(crate) async fn sighted(&self) -> Sighting {
        let last = self.sightings.last();
        if let Some(last) = last.clone().filter(|last| last.holds(self.clock.now())) {
            return last;
        }
        if !self.engine.is_shared() {
            return self.sight().await;
        }
        if last.is_some_and(|last| !last.is_usable && !last.is_told) {
            // Its own way may be what is broken: others go first.
            tokio::time::sleep(PAUSE).await;
        }
        for _ in 0..LOOKS {
            if let Some(told) = self.told().await {
                return told;
            }
            let seen = self.engine.alone(PIN, async {
                // It may have been seen since it was not.
                match self.told().await {
                    Some(told) => told,
                    None => self.sight_for_all().await,
                }
            });
            if let Some(seen) = seen.await {
                return seen;
            }
            tokio::time::sleep(PAUSE).await;
        }
        // The one who asks cannot tell.
        self.sight().await
    }

    /// What another instance has seen lately.
    async fn told(&self) -> Option<Sighting> {
        let told: Sighting = serde_json::from_str(&self.engine.pinned(PIN).await?).ok()?;
        let told = told.holds(self.clock.now()).then_some(Sighting { is_told: true, ..told })?;
        self.sightings.keep(told.clone());
        Some(told)
    }

    async fn sight_for_all(&self) -> Sighting {
        let seen = self.sight().await;
        if let Ok(text) = serde_json::to_string(&seen) {
            self.engine.pin(PIN, text, HOLDS).await;
        }
        seen
    }

    async fn sight(&self) -> Sighting {
        if tokio::time::timeout(PATIENCE, self.ask_plan()).await.is_err() {
            self.sightings.keep(Sighting::silence(self.clock.now(), PATIENCE));
        }
        // Asking has left it there.
        self.sightings.last().unwrap_or_else(|| Sighting::silence(self.clock.now(), PATIENCE))
    }

    /// Remembers what asking the key has come to.
    pub(crate) fn saw<T>(
        &self,
        at: Timestamp,
        watch: &Stopwatch,
        asked: &Result<T, UpstreamError>,
    ) {
        self.sightings.keep(Sighting::of((at, self.clock.now()), watch, asked));
    }
}

#[cfg(test)]
mod tests;
