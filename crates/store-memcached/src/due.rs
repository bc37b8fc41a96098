//! When a call has to be over.

use std::{future::Future, time::Duration};

use clock::Stopwatch;
use tokio::time::{self, error::Elapsed};

/// When a call has to be over, whatever it still waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due {
    begun: Stopwatch,
    within: Duration,
}

impl Due {
    /// That long after now.
    pub(crate) fn within(within: Duration) -> Self {
        Self { begun: Stopwatch::start(), within }
    }

    /// What is left until then.
    pub(crate) fn left(self) -> Duration {
        self.within.saturating_sub(self.begun.elapsed())
    }

    /// Waits for it until then.
    pub(crate) async fn wait<T>(self, what: impl Future<Output = T>) -> Result<T, Elapsed> {
        time::timeout(self.left(), what).await
    }
}
