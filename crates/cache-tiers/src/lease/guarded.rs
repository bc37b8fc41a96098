//! A deadline and a breaker around leases: a store that hangs must not delay every load.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use clock::Clock;
use resilience::{Breaker, Outcome, Permit, State};
use tokio::time::timeout;
use xxhash_rust::xxh3::xxh3_64;

use super::{Lease, Leases};
use crate::{Guarded, Key, Tier, TierError, TierErrorKind, Version};

/// Leases that are given in time or not at all, and not asked for while their store fails.
///
/// # Cancel safety
/// A call that is dropped says nothing about the store: the breaker forgets it.
#[derive(Debug)]
pub struct GuardedLeases {
    inner: Arc<dyn Leases>,
    deadline: Duration,
    breaker: Mutex<Breaker>,
    clock: Arc<dyn Clock>,
}

impl GuardedLeases {
    /// With a breaker as tiers have one.
    #[must_use]
    pub fn new(inner: Arc<dyn Leases>, deadline: Duration, clock: Arc<dyn Clock>) -> Self {
        let config = Guarded::<Arc<dyn Tier>>::breaker_config(deadline);
        let seed = xxh3_64(inner.name().as_bytes());
        Self { inner, deadline, breaker: Mutex::new(Breaker::with_seed(config, seed)), clock }
    }

    /// Whether the breaker lets calls through.
    pub fn state(&self) -> State {
        self.breaker().state(self.clock.now().since_epoch())
    }

    async fn guard<R: Send>(
        &self,
        call: impl Future<Output = Result<R, TierError>> + Send,
    ) -> Result<R, TierError> {
        let permit = self.breaker().try_acquire(self.clock.now().since_epoch());
        let Ok(permit) = permit else { return Err(self.error(TierErrorKind::Open)) };
        let mut trial = Trial { guard: self, permit, outcome: Outcome::Neutral };
        let timed = timeout(self.deadline, call).await;
        let answered = timed.unwrap_or_else(|_| Err(self.error(TierErrorKind::TimedOut)));
        trial.outcome = match &answered {
            Err(error) if error.kind != TierErrorKind::Rejected => Outcome::Failure,
            _ => Outcome::Success,
        };
        answered
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, kind: TierErrorKind) -> TierError {
        TierError::new(self.inner.name(), kind)
    }
}

/// One permitted call. Dropped without an end, it was withdrawn.
struct Trial<'a> {
    guard: &'a GuardedLeases,
    permit: Permit,
    outcome: Outcome,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        let now = self.guard.clock.now().since_epoch();
        self.guard.breaker().record(now, self.permit, self.outcome);
    }
}

#[async_trait]
impl Leases for GuardedLeases {
    fn name(&self) -> &str {
        self.inner.name()
    }

    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError> {
        self.guard(async {
            let taken = self.inner.take_many(keys, proposed, length).await?;
            let is_whole = taken.len() == keys.len();
            if is_whole { Ok(taken) } else { Err(self.error(TierErrorKind::Broken)) }
        })
        .await
    }

    async fn renew_many(
        &self,
        held: &[(Key, Version)],
        length: Duration,
    ) -> Result<Vec<bool>, TierError> {
        self.guard(self.inner.renew_many(held, length)).await
    }

    async fn release_many(&self, held: &[(Key, Version)]) -> Result<(), TierError> {
        self.guard(self.inner.release_many(held)).await
    }
}

#[cfg(test)]
mod tests;
