//! Our own minute limit, so that the API never has to enforce its.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use resilience::MinuteWindow;

use crate::{
    call::Call,
    error::{UpstreamError, UpstreamErrorKind},
    metrics::RateMetrics,
    reply::Reply,
    upstream::{Layer, Now, Upstream},
};

const MINUTE: Duration = Duration::from_secs(60);

/// How many requests a minute, and how long a call may wait for its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateConfig {
    /// Requests per calendar minute, as the plan says.
    pub per_minute: u32,
    /// A call that would wait longer is refused at once.
    pub wait_max: Duration,
    /// How far into a new minute to wait, because the API's clock may be behind ours.
    pub skew: Duration,
}

impl Default for RateConfig {
    fn default() -> Self {
        Self {
            // The smallest plan of 2026.
            per_minute: 50,
            wait_max: Duration::from_secs(10),
            skew: Duration::from_millis(500),
        }
    }
}

/// Makes upstreams that keep the minute limit. Clones share the count.
#[derive(Clone)]
pub struct RateLimit(Arc<Limiter>);

struct Limiter {
    config: RateConfig,
    now: Now,
    window: Mutex<MinuteWindow>,
    /// At most as many as `wait_max` has places for.
    n_waiting: AtomicU32,
    metrics: RateMetrics,
}

impl RateLimit {
    /// A limit; the origin of `now` must lie on a full minute.
    #[must_use]
    pub fn new(config: RateConfig, now: Now) -> Self {
        Self(Arc::new(Limiter {
            window: Mutex::new(MinuteWindow::new(config.per_minute)),
            config,
            now,
            n_waiting: AtomicU32::new(0),
            metrics: RateMetrics::default(),
        }))
    }

    /// Another limit from now on: the plan changed, or is known only now.
    pub fn set_limit(&self, per_minute: u32) {
        self.0.with_window(|window, _| window.set_limit(per_minute));
    }

    /// The API says that `used` requests were counted this minute: others share the key.
    pub fn observe(&self, used: u32) {
        self.0.with_window(|window, now| window.observe(now, used));
    }

    /// How many requests are left in the current minute.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.0.with_window(MinuteWindow::left)
    }
}

impl<U: Upstream> Layer<U> for RateLimit {
    type Upstream = RateLimited<U>;

    fn layer(self, inner: U) -> RateLimited<U> {
        RateLimited { inner, limiter: self.0 }
    }
}

/// An upstream that keeps the minute limit.
pub struct RateLimited<U> {
    inner: U,
    limiter: Arc<Limiter>,
}

#[async_trait]
impl<U: Upstream> Upstream for RateLimited<U> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let waited = self.limiter.enter().await?;
        let sent = (self.limiter.now)();
        let mut result = self.inner.call(call).await;
        match &mut result {
            Ok(reply) => reply.timing.queue = reply.timing.queue.saturating_add(waited),
            Err(error) if error.kind == UpstreamErrorKind::MinuteLimit => {
                self.limiter.exhaust(sent);
            }
            Err(_) => {}
        }
        result
    }
}

impl Limiter {
    /// Waits for a place; tells how long it took.
    async fn enter(&self) -> Result<Duration, UpstreamError> {
        let began = (self.now)();
        while let Err(pause) = self.try_take() {
            let waited = (self.now)().saturating_sub(began);
            if waited.saturating_add(pause) > self.config.wait_max {
                return Err(self.throttled(pause));
            }
            let _waiting = Waiting::among(&self.n_waiting);
            tokio::time::sleep(pause).await;
        }
        let waited = (self.now)().saturating_sub(began);
        self.metrics.wait.record(waited);
        Ok(waited)
    }

    /// Takes a place, or says how long to wait: to the next minute, and further if those who wait
    /// already fill it.
    fn try_take(&self) -> Result<(), Duration> {
        self.with_window(|window, now| {
            let taken = window.try_take(now, 1);
            self.metrics.left.set(f64::from(window.left(now)));
            taken.map_err(|wait| {
                let minutes_full = self.n_waiting.load(Ordering::Relaxed) / window.limit().max(1);
                wait.from(now)
                    .saturating_add(MINUTE.saturating_mul(minutes_full))
                    .saturating_add(self.config.skew)
            })
        })
    }

    fn throttled(&self, pause: Duration) -> UpstreamError {
        self.metrics.throttled.increment(1);
        // A limit of 0 never has room: there is no time to come back.
        let retry_after = (pause < Duration::MAX / 2).then_some(pause);
        UpstreamError::unsent(UpstreamErrorKind::Throttled).with_retry_after(retry_after)
    }

    /// The API says that the minute of `sent` is full. If it is over, that no longer matters.
    fn exhaust(&self, sent: Duration) {
        self.with_window(|window, now| {
            if minute_of(sent) == minute_of(now) {
                window.exhaust(now);
            }
            self.metrics.left.set(f64::from(window.left(now)));
        });
    }

    fn with_window<T>(&self, run: impl FnOnce(&mut MinuteWindow, Duration) -> T) -> T {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        run(&mut window, (self.now)())
    }
}

const fn minute_of(now: Duration) -> u64 {
    now.as_secs() / MINUTE.as_secs()
}

/// One who waits, also counted out if its future is dropped.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn among(n_waiting: &'a AtomicU32) -> Self {
        n_waiting.fetch_add(1, Ordering::Relaxed);
        Self(n_waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl<U: fmt::Debug> fmt::Debug for RateLimited<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimited")
            .field("config", &self.limiter.config)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
