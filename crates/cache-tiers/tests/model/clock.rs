//! The time of the world, and clocks that disagree about it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use cache_tiers::{Clock, Timestamp};
use tokio::time::Instant;

const NOON: i64 = 1_791_201_600_000;

/// One instance's clock: what has passed in the paused time of the test, and how far it is off.
#[derive(Clone, Debug)]
pub(crate) struct SimClock {
    begun: Instant,
    skew_ms: Arc<AtomicI64>,
}

impl SimClock {
    pub(crate) fn new(begun: Instant, skew_ms: i64) -> Self {
        Self { begun, skew_ms: Arc::new(AtomicI64::new(skew_ms)) }
    }

    pub(crate) fn set_skew(&self, skew_ms: i64) {
        self.skew_ms.store(skew_ms, Ordering::Relaxed);
    }

    pub(crate) fn skew_ms(&self) -> i64 {
        self.skew_ms.load(Ordering::Relaxed)
    }

    /// Milliseconds that have truly passed.
    pub(crate) fn world_ms(&self) -> i64 {
        i64::try_from(self.begun.elapsed().as_millis()).expect("a test does not last so long")
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOON + self.world_ms() + self.skew_ms())
    }
}
