//! A deadline and a breaker around one tier.

mod gate;
mod timings;

use std::{
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use clock::{Clock, Stopwatch};
use resilience::{BreakerConfig, Outcome, State};
use tokio::time::timeout;
use tracing::{Instrument, Span, trace_span};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    Capability, Ended, Entry, Key, Observer, Tier, TierError, TierErrorKind, Verb, limits,
    metrics::GuardCounters,
};
use gate::{Gate, Permits};
use timings::Timings;

/// A tier that answers in time or not at all, and is left alone while it fails, or while most of
/// its answers come only just in time. Calls that are made and come to an end are timed.
///
/// # Cancel safety
/// A call that is dropped says nothing about the tier: the breaker forgets it.
#[derive(Debug)]
pub struct Guarded<T> {
    inner: T,
    deadline: Duration,
    gate: Mutex<Gate>,
    clock: Arc<dyn Clock>,
    counters: GuardCounters,
    timings: Timings,
}

impl<T: Tier> Guarded<T> {
    /// With the breaker of [`Guarded::breaker_config`].
    #[must_use]
    pub fn new(inner: T, deadline: Duration, clock: Arc<dyn Clock>) -> Self {
        let config = Self::breaker_config(deadline);
        Self::with_breaker(inner, deadline, config, clock)
    }

    /// With a breaker of one's own. Slow answers are judged as in [`Guarded::new`].
    #[must_use]
    pub fn with_breaker(
        inner: T,
        deadline: Duration,
        config: BreakerConfig,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let seed = xxh3_64(inner.name().as_bytes());
        let counters = GuardCounters::new(inner.name());
        let gate = Mutex::new(Gate::new(config, seed));
        let timings = Timings::new(inner.name(), None);
        Self { inner, deadline, gate, clock, counters, timings }
    }

    /// Whoever is told how long calls take, too.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.timings = Timings::new(self.inner.name(), Some(observer));
        self
    }

    /// What suits a tier with that deadline.
    #[must_use]
    pub fn breaker_config(deadline: Duration) -> BreakerConfig {
        BreakerConfig {
            failures_to_open: limits::TIER_FAILURES_TO_OPEN,
            share: Some(gate::share()),
            open_for: limits::TIER_OPEN_FOR,
            open_for_max: limits::TIER_OPEN_FOR_MAX,
            open_jitter: limits::TIER_OPEN_JITTER,
            probe_timeout: deadline.saturating_mul(2).max(limits::TIER_OPEN_FOR),
            ..BreakerConfig::default()
        }
    }

    /// The tier inside.
    pub const fn inner(&self) -> &T {
        &self.inner
    }

    /// Whether the breaker lets calls through, for gauges and health.
    pub fn state(&self) -> State {
        self.gate().state(self.clock.now().since_epoch())
    }

    /// `ended`: how it ended, of one that went well.
    async fn guard<R: Send>(
        &self,
        (verb, ended): (Verb, fn(&R) -> Ended),
        call: impl Future<Output = Result<R, TierError>> + Send,
    ) -> Result<R, TierError> {
        let mut trial = self.trial()?;
        let watch = Stopwatch::start();
        let slow_after = self.deadline.saturating_mul(limits::TIER_SLOW_PERCENT) / 100;
        let mut call = pin!(call);
        let mut timed = timeout(slow_after, &mut call).await;
        let is_slow = timed.is_err();
        if is_slow {
            timed = timeout(self.deadline.saturating_sub(slow_after), call).await;
        }
        let outcome = timed.unwrap_or_else(|_| Err(self.error(TierErrorKind::TimedOut)));
        let ended = outcome.as_ref().map_or(Ended::Failed, ended);
        self.timings.record(verb, ended, watch.elapsed());
        let failed =
            outcome.as_ref().err().map(|error| error.kind).filter(|kind| is_failure(*kind));
        trial.outcome = if failed.is_some() { Outcome::Failure } else { Outcome::Success };
        // A tier that cannot be reached says so quickly, which is no sign of speed.
        if matches!(failed, None | Some(TierErrorKind::TimedOut)) {
            trial.is_slow = Some(is_slow);
        }
        drop(trial);
        outcome.inspect_err(|error| self.count(error.kind))
    }

    /// The span of one call, for those who export traces.
    fn span(&self, verb: Verb, n_keys: usize) -> Span {
        let verb = verb.name();
        trace_span!(target: "traced", "tier", tier = self.inner.name(), verb, n_keys)
    }

    fn trial(&self) -> Result<Trial<'_, T>, TierError> {
        match self.gate().try_acquire(self.clock.now().since_epoch()) {
            Some(permits) => {
                Ok(Trial { guard: self, permits, outcome: Outcome::Neutral, is_slow: None })
            }
            None => {
                self.count(TierErrorKind::Open);
                Err(self.error(TierErrorKind::Open))
            }
        }
    }

    fn record(&self, permits: Permits, outcome: Outcome, is_slow: Option<bool>) {
        let now = self.clock.now().since_epoch();
        let mut gate = self.gate();
        gate.record(now, permits, outcome, is_slow);
        let is_open = !matches!(gate.state(now), State::Closed);
        self.counters.open.set(if is_open { 1.0 } else { 0.0 });
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, kind: TierErrorKind) -> TierError {
        TierError::new(self.inner.name(), kind)
    }

    fn count(&self, kind: TierErrorKind) {
        let index = match kind {
            TierErrorKind::TimedOut => 0,
            TierErrorKind::Open => 1,
            TierErrorKind::Unavailable => 2,
            TierErrorKind::Rejected => 3,
            TierErrorKind::Broken => 4,
        };
        self.counters.failed[index].increment(1);
    }
}

/// A refusal is an answer, too; only silence, absence and nonsense open the breaker.
const fn is_failure(kind: TierErrorKind) -> bool {
    matches!(kind, TierErrorKind::TimedOut | TierErrorKind::Unavailable | TierErrorKind::Broken)
}

/// One permitted call. Dropped as it was begun, it was withdrawn.
struct Trial<'a, T: Tier> {
    guard: &'a Guarded<T>,
    permits: Permits,
    outcome: Outcome,
    is_slow: Option<bool>,
}

impl<T: Tier> Drop for Trial<'_, T> {
    fn drop(&mut self) {
        self.guard.record(self.permits, self.outcome, self.is_slow);
    }
}

#[async_trait]
impl<T: Tier> Tier for Guarded<T> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capability(&self) -> Capability {
        self.inner.capability()
    }

    fn peek(&self, key: &Key) -> Option<Entry> {
        if !timings::is_turn_of_peek() || !self.capability().local {
            return self.inner.peek(key);
        }
        let watch = Stopwatch::start();
        let held = self.inner.peek(key);
        let ended = if held.is_some() { Ended::Found } else { Ended::Missing };
        self.timings.record(Verb::Get, ended, watch.elapsed());
        held
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        let get = async {
            let held = self.inner.get_many(keys).await?;
            if held.len() == keys.len() { Ok(held) } else { Err(self.error(TierErrorKind::Broken)) }
        };
        let span = self.span(Verb::Get, keys.len());
        self.guard((Verb::Get, |held: &Vec<_>| found(held)), get).instrument(span).await
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        let put = self.inner.put_many(items);
        self.guard((Verb::Put, done), put).instrument(self.span(Verb::Put, items.len())).await
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        let remove = self.inner.remove_many(keys);
        let span = self.span(Verb::Remove, keys.len());
        self.guard((Verb::Remove, done), remove).instrument(span).await
    }
}

fn found(held: &[Option<Entry>]) -> Ended {
    if held.iter().any(Option::is_some) { Ended::Found } else { Ended::Missing }
}

const fn done((): &()) -> Ended {
    Ended::Done
}

#[cfg(test)]
mod tests;
