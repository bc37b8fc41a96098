//! A started operation.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::operation::Operation;
use crate::slow::SlowCause;

/// Runs until it is stopped. Dropped instead, it records no time and counts as abandoned.
#[derive(Debug)]
#[must_use = "a timer that is not stopped records nothing"]
pub struct Timer {
    operation: Operation,
    started: Duration,
    running: bool,
}

impl Timer {
    pub(crate) const fn new(operation: Operation, started: Duration) -> Self {
        Self { operation, started, running: true }
    }

    /// Records the time since the start, and returns it.
    pub fn stop(mut self, now: Duration) -> Duration {
        let elapsed = self.finish(now);
        self.operation.record(elapsed, now);
        elapsed
    }

    /// As [`stop`](Self::stop), under the outcome that is known only now.
    pub fn stop_as(mut self, outcome: &str, now: Duration) -> Duration {
        let elapsed = self.finish(now);
        self.sibling(outcome).record(elapsed, now);
        elapsed
    }

    /// As [`stop_as`](Self::stop_as), with what is known of where the time went.
    pub fn stop_split(mut self, outcome: &str, cause: SlowCause, now: Duration) -> Duration {
        let elapsed = self.finish(now);
        self.sibling(outcome).record_split(elapsed, cause, now);
        elapsed
    }

    const fn finish(&mut self, now: Duration) -> Duration {
        self.running = false;
        now.saturating_sub(self.started)
    }

    fn sibling(&self, outcome: &str) -> Operation {
        if outcome == self.operation.outcome() {
            return self.operation.clone();
        }
        self.operation.core.operation(self.operation.name(), outcome)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if self.running {
            self.operation.core.abandoned.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests;
