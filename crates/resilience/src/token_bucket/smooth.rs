//! The smooth bucket, as the generic cell rate algorithm: one instant of state.

use std::time::Duration;

use super::Wait;

/// The shape of a [`TokenBucket`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketConfig {
    /// At most this many in any `window`.
    pub limit: u32,
    /// The length the limit is counted over.
    pub window: Duration,
    /// How many may go at once after a pause; from 1 to `limit`. What is held back for bursts is
    /// missing from the steady rate: `(limit - burst + 1)` per window.
    pub burst: u32,
}

impl BucketConfig {
    /// `limit` per minute, a tenth of it at once.
    #[must_use]
    pub const fn per_minute(limit: u32) -> Self {
        Self { limit, window: Duration::from_secs(60), burst: limit / 10 }
    }
}

/// Admits at most `limit` in any half-open window of its length, and spreads them out.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    /// The time one token takes to come back.
    interval: Duration,
    burst: u32,
    empty: bool,
    /// The instant at which the bucket will be full again.
    full_at: Duration,
}

impl TokenBucket {
    /// A full bucket; `burst` is brought into its range, a `limit` of 0 grants nothing.
    #[must_use]
    pub fn new(config: BucketConfig) -> Self {
        let burst = config.burst.clamp(1, config.limit.max(1));
        let per_window = config.limit.max(1) - burst + 1;
        Self {
            interval: div_up(config.window, per_window),
            burst,
            empty: config.limit == 0,
            full_at: Duration::ZERO,
        }
    }

    /// Takes `n` tokens, all or nothing.
    ///
    /// # Errors
    /// [`Wait`] until enough came back, or [`Wait::NEVER`] if `n` is beyond the burst.
    pub fn try_take(&mut self, now: Duration, n: u32) -> Result<(), Wait> {
        if n > self.burst || self.empty {
            return Err(Wait::NEVER);
        }
        let full_at = self.full_at.max(now).saturating_add(self.interval.saturating_mul(n));
        let until = full_at.saturating_sub(self.interval.saturating_mul(self.burst));
        if until > now {
            return Err(Wait { until });
        }
        self.full_at = full_at;
        Ok(())
    }

    /// Grants nothing before `until`: the server asked for a pause.
    pub fn pause_until(&mut self, until: Duration) {
        let emptied = until.saturating_add(self.interval.saturating_mul(self.burst - 1));
        self.full_at = self.full_at.max(emptied);
    }
}

/// Rounded up, so that the rate is never above the limit.
fn div_up(window: Duration, parts: u32) -> Duration {
    let floor = window / parts;
    if floor.saturating_mul(parts) < window { floor + Duration::from_nanos(1) } else { floor }
}
