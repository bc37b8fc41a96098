//! How long a flight waits for company: not at all where none is to be expected. Pure, but for the
//! watch that the desk looks at.

use std::time::Duration;

use tokio::time::Instant;

/// How much of the latest gap goes into the average.
const WEIGHT: f64 = 0.5;
/// After this many windows without anybody the desk counts as idle.
const IDLE_WINDOWS: f64 = 4.0;
/// Company that is worth waiting for.
const COMPANY_MIN: f64 = 0.5;

/// The time in which the desk waits: the runtime's own, which stands still where a test stops it.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The gaps between those who board.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boarding {
    most: Duration,
    /// In seconds.
    gap: f64,
}

impl Boarding {
    /// Nobody came yet; `most` is the longest that anybody waits.
    pub(super) const fn new(most: Duration) -> Self {
        Self { most, gap: f64::INFINITY }
    }

    /// Somebody boards, `since` the one before.
    pub(super) fn boards(&mut self, since: Duration) {
        let most = IDLE_WINDOWS * self.most.as_secs_f64();
        let since = since.as_secs_f64();
        // A pause ends whatever was going on: what comes after it is judged by itself.
        let gap = if since >= most { most } else { self.gap.min(most) };
        self.gap = (1.0 - WEIGHT) * gap + WEIGHT * since.min(most);
    }

    /// How long the first one waits.
    pub(super) fn window(&self) -> Duration {
        let most = self.most.as_secs_f64();
        if most / self.gap < COMPANY_MIN { Duration::ZERO } else { self.most }
    }
}

#[cfg(test)]
mod tests;
