//! Another attempt, if the last one is known to have cost nothing.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use resilience::{Backoff, BackoffConfig, RetryBudget, RetryBudgetConfig};

use crate::{
    call::Call,
    error::{Charge, UpstreamError, UpstreamErrorKind},
    metrics::RetryMetrics,
    reply::Reply,
    upstream::{Layer, Now, Upstream},
};

const MINUTE: Duration = Duration::from_secs(60);

/// When another attempt is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryConfig {
    /// Attempts per call, the first included; 0 counts as 1.
    pub attempts_max: u32,
    /// Pauses between attempts.
    pub backoff: BackoffConfig,
    /// How many further attempts all calls together may make.
    pub budget: RetryBudgetConfig,
    /// No attempt starts later than this after the call began.
    pub deadline: Duration,
    /// The shortest pause after the API limited our address, unless it names one.
    pub ip_pause: Duration,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            attempts_max: 3,
            backoff: BackoffConfig::default(),
            budget: RetryBudgetConfig::default(),
            deadline: Duration::from_secs(20),
            ip_pause: Duration::from_secs(30),
        }
    }
}

/// Makes upstreams that try again.
#[derive(Clone)]
pub struct Retry {
    config: RetryConfig,
    now: Now,
    seed: u64,
}

impl Retry {
    /// Tries again as `config` says.
    #[must_use]
    pub fn new(config: RetryConfig, now: Now) -> Self {
        Self { config, now, seed: fastrand::u64(..) }
    }

    /// With a fixed seed of the jitter, for tests.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}

impl<U: Upstream> Layer<U> for Retry {
    type Upstream = Retrying<U>;

    fn layer(self, inner: U) -> Retrying<U> {
        Retrying {
            inner,
            config: self.config,
            now: self.now,
            shared: Mutex::new(Shared {
                budget: RetryBudget::new(self.config.budget),
                rng: fastrand::Rng::with_seed(self.seed),
            }),
            metrics: RetryMetrics::default(),
        }
    }
}

/// An upstream that tries again.
pub struct Retrying<U> {
    inner: U,
    config: RetryConfig,
    now: Now,
    shared: Mutex<Shared>,
    metrics: RetryMetrics,
}

struct Shared {
    budget: RetryBudget,
    rng: fastrand::Rng,
}

#[async_trait]
impl<U: Upstream> Upstream for Retrying<U> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let began = (self.now)();
        self.with_shared(|shared| shared.budget.record_call(began));
        let mut earlier: Option<UpstreamError> = None;
        let mut n_tried = 0;
        loop {
            let made = earlier.as_ref().map_or(0, |error| error.attempts);
            let mut error = match self.inner.call(call).await {
                Ok(mut reply) => {
                    reply.timing.attempts = reply.timing.attempts.saturating_add(made);
                    return Ok(reply);
                }
                Err(error) => error,
            };
            n_tried += 1;
            if let Some(before) = earlier.filter(|_| error.attempts == 0) {
                // Decided here, without asking the API: the error before tells more.
                return Err(before.with_retry_after(error.retry_after));
            }
            error.attempts = error.attempts.saturating_add(made);
            error.retry_after = self.hint(&error);
            let Some(pause) = self.pause(&error, n_tried, began) else { return Err(error) };
            self.metrics.made(error.kind.name());
            earlier = Some(error);
            tokio::time::sleep(pause).await;
        }
    }
}

impl<U> Retrying<U> {
    /// When it is worth coming back: what the server says, else what the kind implies.
    fn hint(&self, error: &UpstreamError) -> Option<Duration> {
        error.retry_after.or_else(|| match error.kind {
            UpstreamErrorKind::MinuteLimit => Some(until_next_minute((self.now)())),
            UpstreamErrorKind::IpLimit => Some(self.config.ip_pause),
            _ => None,
        })
    }

    /// How long to pause before the next attempt; `None` if there is none.
    fn pause(&self, error: &UpstreamError, n_tried: u32, began: Duration) -> Option<Duration> {
        if !error.is_retryable() {
            return None;
        }
        match self.affordable_pause(error, n_tried, began) {
            Ok(pause) => Some(pause),
            Err(reason) => {
                self.metrics.refused(reason);
                None
            }
        }
    }

    fn affordable_pause(
        &self,
        error: &UpstreamError,
        n_tried: u32,
        began: Duration,
    ) -> Result<Duration, &'static str> {
        if error.charge != Charge::Nothing {
            return Err("charge");
        }
        if n_tried >= self.config.attempts_max {
            return Err("attempts");
        }
        let now = (self.now)();
        let backoff = Backoff::new(self.config.backoff);
        self.with_shared(|shared| {
            let pause = backoff.delay(n_tried - 1, error.retry_after, &mut shared.rng);
            if now.saturating_add(pause) > began.saturating_add(self.config.deadline) {
                return Err("deadline");
            }
            if shared.budget.try_retry(now) { Ok(pause) } else { Err("budget") }
        })
    }

    fn with_shared<T>(&self, run: impl FnOnce(&mut Shared) -> T) -> T {
        run(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn until_next_minute(now: Duration) -> Duration {
    let into = Duration::new(now.as_secs() % MINUTE.as_secs(), now.subsec_nanos());
    MINUTE.saturating_sub(into)
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry").field("config", &self.config).finish_non_exhaustive()
    }
}

impl<U: fmt::Debug> fmt::Debug for Retrying<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying")
            .field("config", &self.config)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
