use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use crate::Timestamp;

/// Tells the present instant.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The system's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Timestamp::EPOCH.after(since.unwrap_or(Duration::ZERO))
    }
}

/// A clock that stands still until it is moved. Clones share the time.
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Stands at `at`.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.as_millis())))
    }

    /// Moves forward.
    pub fn advance(&self, length: Duration) {
        self.set(self.now().after(length));
    }

    /// Jumps to `at`, forward or back.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_millis(), Ordering::Release);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Acquire))
    }
}

/// What another clock said at the last [`CoarseClock::tick`]: a reading costs one atomic load,
/// not a system call. Its owner ticks it every few milliseconds; it lags by at most that much.
#[derive(Clone, Debug)]
pub struct CoarseClock {
    source: Arc<dyn Clock>,
    last: Arc<AtomicI64>,
}

impl CoarseClock {
    /// Reads `source` once now, and again at each tick.
    #[must_use]
    pub fn over(source: Arc<dyn Clock>) -> Self {
        let last = Arc::new(AtomicI64::new(source.now().as_millis()));
        Self { source, last }
    }

    /// Asks the source again.
    pub fn tick(&self) {
        self.last.store(self.source.now().as_millis(), Ordering::Relaxed);
    }
}

impl Clock for CoarseClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.last.load(Ordering::Relaxed))
    }
}

/// Measures one length, finer than a [`Clock`] tells instants.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// The length since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests;
