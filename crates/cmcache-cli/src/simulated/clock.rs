//! The instant on a stage: where the play began, and what passed of tokio's time since.

use cmcache::clock::{Clock, Timestamp};
use tokio::time::Instant;

/// Follows the paused time of the runtime in which it was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StageClock {
    began: Timestamp,
    since: Instant,
}

impl StageClock {
    /// Says `at` now. Must be made on the runtime whose time it follows.
    pub(crate) fn starting(at: Timestamp) -> Self {
        Self { began: at, since: Instant::now() }
    }

    /// The instant of tokio's clock at which this clock says `at`.
    pub(crate) fn instant_of(&self, at: Timestamp) -> Instant {
        self.since + at.since(self.began)
    }
}

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        self.began.after(self.since.elapsed())
    }
}
