//! One breaker per endpoint: what fails is left alone for a while, the rest goes on.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use resilience::{Breaker, BreakerConfig, Outcome, Permit, State};

use crate::{
    call::Call,
    error::{UpstreamError, UpstreamErrorKind as Kind},
    metrics::{self, BreakerMetrics},
    reply::Reply,
    upstream::{Layer, Now, Upstream},
};

/// Makes upstreams that stop calling an endpoint that fails. Clones share their breakers.
#[derive(Clone)]
pub struct Breakers(Arc<Board>);

struct Board {
    config: BreakerConfig,
    now: Now,
    /// As many as the catalogue has paths.
    by_operation: Mutex<BTreeMap<Arc<str>, Watched>>,
}

struct Watched {
    breaker: Breaker,
    metrics: BreakerMetrics,
}

impl Breakers {
    /// Closed breakers of this shape, one per endpoint.
    #[must_use]
    pub fn new(config: BreakerConfig, now: Now) -> Self {
        Self(Arc::new(Board { config, now, by_operation: Mutex::default() }))
    }

    /// What the breaker of each endpoint that was ever called would do now.
    #[must_use]
    pub fn states(&self) -> Vec<(Arc<str>, State)> {
        let now = (self.0.now)();
        let board = self.0.by_operation.lock().unwrap_or_else(PoisonError::into_inner);
        board
            .iter()
            .map(|(operation, watched)| (Arc::clone(operation), watched.breaker.state(now)))
            .collect()
    }
}

impl<U: Upstream> Layer<U> for Breakers {
    type Upstream = Breaking<U>;

    fn layer(self, inner: U) -> Breaking<U> {
        Breaking { inner, board: self.0 }
    }
}

/// An upstream that stops calling an endpoint that fails.
pub struct Breaking<U> {
    inner: U,
    board: Arc<Board>,
}

#[async_trait]
impl<U: Upstream> Upstream for Breaking<U> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        if !call.operation().known {
            // One client's mistyped path must not close the door on another's unlisted one.
            return self.inner.call(call).await;
        }
        let permit = self.board.enter(&metrics::operation_of(call))?;
        let result = self.inner.call(call).await;
        permit.leave(result.as_ref().err());
        result
    }
}

/// What an error says about the endpoint.
const fn outcome_of(kind: Kind) -> Outcome {
    match kind {
        Kind::Connect | Kind::TimedOut | Kind::Interrupted | Kind::NotJson | Kind::ServerFault => {
            Outcome::Failure
        }
        // The endpoint works and says no: to the query, to the plan, to the key.
        Kind::Refused | Kind::PlanGate | Kind::Key | Kind::Payment => Outcome::Success,
        // Limits are about all endpoints together; they have their own keepers.
        Kind::MinuteLimit
        | Kind::DailyLimit
        | Kind::MonthlyLimit
        | Kind::IpLimit
        | Kind::BreakerOpen
        | Kind::Throttled => Outcome::Neutral,
    }
}

impl Board {
    fn enter(self: &Arc<Self>, operation: &Arc<str>) -> Result<Held, UpstreamError> {
        let now = (self.now)();
        self.with(operation, |watched| match watched.breaker.try_acquire(now) {
            Ok(permit) => Ok(Held {
                board: Arc::clone(self),
                operation: Arc::clone(operation),
                permit: Some(permit),
            }),
            Err(rejected) => {
                watched.metrics.rejected.increment(1);
                let pause = rejected.until.saturating_sub(now);
                Err(UpstreamError::unsent(Kind::BreakerOpen).with_retry_after(Some(pause)))
            }
        })
    }

    fn record(&self, operation: &Arc<str>, permit: Permit, outcome: Outcome) {
        let now = (self.now)();
        self.with(operation, |watched| {
            watched.breaker.record(now, permit, outcome);
            watched.show(now);
        });
    }

    /// The server named a time: it is obeyed, within what the breaker would do by itself.
    fn hold(&self, operation: &Arc<str>, pause: Duration) {
        let now = (self.now)();
        let until = now.saturating_add(pause.min(self.config.open_for_max));
        self.with(operation, |watched| {
            watched.breaker.hold_open(until);
            watched.show(now);
        });
    }

    fn with<T>(&self, operation: &Arc<str>, run: impl FnOnce(&mut Watched) -> T) -> T {
        let mut board = self.by_operation.lock().unwrap_or_else(PoisonError::into_inner);
        run(board.entry(Arc::clone(operation)).or_insert_with(|| Watched {
            breaker: Breaker::with_seed(self.config, fastrand::u64(..)),
            metrics: BreakerMetrics::of(operation),
        }))
    }
}

impl Watched {
    fn show(&self, now: Duration) {
        let closed = matches!(self.breaker.state(now), State::Closed);
        self.metrics.open.set(if closed { 0.0 } else { 1.0 });
    }
}

/// A permit that is given back even if the call is dropped.
struct Held {
    board: Arc<Board>,
    operation: Arc<str>,
    permit: Option<Permit>,
}

impl Held {
    fn leave(mut self, error: Option<&UpstreamError>) {
        let Some(permit) = self.permit.take() else { return };
        let outcome = error.map_or(Outcome::Success, |error| outcome_of(error.kind));
        self.board.record(&self.operation, permit, outcome);
        if let (Outcome::Failure, Some(pause)) = (outcome, error.and_then(|e| e.retry_after)) {
            self.board.hold(&self.operation, pause);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            self.board.record(&self.operation, permit, Outcome::Neutral);
        }
    }
}

impl fmt::Debug for Breakers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breakers").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl<U: fmt::Debug> fmt::Debug for Breaking<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaking")
            .field("config", &self.board.config)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
