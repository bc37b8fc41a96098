//! Requests per minute: counted as the server counts, or spread out evenly.

mod minute;
mod smooth;

use std::time::Duration;

pub use minute::MinuteWindow;
pub use smooth::{BucketConfig, TokenBucket};

/// No room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The earliest instant at which the same request can be granted.
    pub until: Duration,
}

impl Wait {
    /// More was asked for than the limit ever grants.
    pub const NEVER: Self = Self { until: Duration::MAX };

    /// How long to wait from `now` on.
    #[must_use]
    pub const fn from(self, now: Duration) -> Duration {
        self.until.saturating_sub(now)
    }
}

#[cfg(test)]
mod tests;
