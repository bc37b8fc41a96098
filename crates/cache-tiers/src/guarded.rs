//! A deadline and a breaker around one tier.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use clock::Clock;
use resilience::{Breaker, BreakerConfig, Outcome, Permit, State};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    Capability, Entry, Key, Tier, TierError, TierErrorKind, limits, metrics::GuardCounters,
};

/// A tier that answers in time or not at all, and is left alone while it fails.
///
/// # Cancel safety
/// A call that is dropped says nothing about the tier: the breaker forgets it.
#[derive(Debug)]
pub struct Guarded<T> {
    inner: T,
    deadline: Duration,
    breaker: Mutex<Breaker>,
    clock: Arc<dyn Clock>,
    counters: GuardCounters,
}

impl<T: Tier> Guarded<T> {
    /// With the breaker of [`Guarded::breaker_config`].
    #[must_use]
    pub fn new(inner: T, deadline: Duration, clock: Arc<dyn Clock>) -> Self {
        let config = Self::breaker_config(deadline);
        Self::with_breaker(inner, deadline, config, clock)
    }

    /// With a breaker of one's own.
    #[must_use]
    pub fn with_breaker(
        inner: T,
        deadline: Duration,
        config: BreakerConfig,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let seed = xxh3_64(inner.name().as_bytes());
        let counters = GuardCounters::new(inner.name());
        let breaker = Mutex::new(Breaker::with_seed(config, seed));
        Self { inner, deadline, breaker, clock, counters }
    }

    /// What suits a tier with that deadline.
    #[must_use]
    pub fn breaker_config(deadline: Duration) -> BreakerConfig {
        BreakerConfig {
            failures_to_open: limits::TIER_FAILURES_TO_OPEN,
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
        self.breaker().state(self.clock.now().since_epoch())
    }

    async fn guard<R: Send>(
        &self,
        call: impl Future<Output = Result<R, TierError>> + Send,
    ) -> Result<R, TierError> {
        let trial = self.trial()?;
        let timed = tokio::time::timeout(self.deadline, call).await;
        let outcome = timed.unwrap_or_else(|_| Err(self.error(TierErrorKind::TimedOut)));
        trial.end(if outcome.as_ref().is_err_and(|error| is_failure(error.kind)) {
            Outcome::Failure
        } else {
            Outcome::Success
        });
        outcome.inspect_err(|error| self.count(error.kind))
    }

    fn trial(&self) -> Result<Trial<'_, T>, TierError> {
        let permit = self.breaker().try_acquire(self.clock.now().since_epoch());
        match permit {
            Ok(permit) => Ok(Trial { guard: self, permit, outcome: Outcome::Neutral }),
            Err(_) => {
                self.count(TierErrorKind::Open);
                Err(self.error(TierErrorKind::Open))
            }
        }
    }

    fn record(&self, permit: Permit, outcome: Outcome) {
        let now = self.clock.now().since_epoch();
        let mut breaker = self.breaker();
        breaker.record(now, permit, outcome);
        let is_open = !matches!(breaker.state(now), State::Closed);
        self.counters.open.set(if is_open { 1.0 } else { 0.0 });
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
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

/// One permitted call. Dropped without an end, it was withdrawn.
struct Trial<'a, T: Tier> {
    guard: &'a Guarded<T>,
    permit: Permit,
    outcome: Outcome,
}

impl<T: Tier> Trial<'_, T> {
    fn end(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl<T: Tier> Drop for Trial<'_, T> {
    fn drop(&mut self) {
        self.guard.record(self.permit, self.outcome);
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
        self.inner.peek(key)
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        self.guard(async {
            let held = self.inner.get_many(keys).await?;
            if held.len() == keys.len() { Ok(held) } else { Err(self.error(TierErrorKind::Broken)) }
        })
        .await
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.guard(self.inner.put_many(items)).await
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.guard(self.inner.remove_many(keys)).await
    }
}

#[cfg(test)]
mod tests;
