//! The fixed window of a calendar minute.

use std::time::Duration;

use super::Wait;

const MINUTE_SECS: u64 = 60;

/// A limit per calendar minute, as CoinMarketCap counts: the count falls to zero at each full
/// minute.
///
/// The origin of `now` must lie on a full minute of the server's clock (the Unix epoch does).
#[derive(Debug, Clone)]
pub struct MinuteWindow {
    limit: u32,
    used: u32,
    minute: u64,
}

impl MinuteWindow {
    /// At most `limit` in each calendar minute; 0 grants nothing.
    #[must_use]
    pub const fn new(limit: u32) -> Self {
        Self { limit, used: 0, minute: 0 }
    }

    /// Takes `n` from the current minute, all or nothing.
    ///
    /// # Errors
    /// [`Wait`] until the next full minute, or [`Wait::NEVER`] if `n` is beyond the limit itself.
    pub const fn try_take(&mut self, now: Duration, n: u32) -> Result<(), Wait> {
        self.advance(now);
        if n > self.limit {
            return Err(Wait::NEVER);
        }
        if n > self.limit.saturating_sub(self.used) {
            return Err(Wait { until: self.next_minute() });
        }
        self.used += n;
        Ok(())
    }

    /// The server says that `used` were counted this minute: others may share the key.
    pub const fn observe(&mut self, now: Duration, used: u32) {
        self.advance(now);
        if used > self.used {
            self.used = used;
        }
    }

    /// The server says that this minute is full: nothing more until the next one.
    pub const fn exhaust(&mut self, now: Duration) {
        let limit = self.limit;
        self.observe(now, limit);
    }

    /// Another limit from now on (a changed plan); what was taken this minute stays taken.
    pub const fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// The limit per minute.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// How many are left in the current minute.
    pub const fn left(&mut self, now: Duration) -> u32 {
        self.advance(now);
        self.limit.saturating_sub(self.used)
    }

    const fn next_minute(&self) -> Duration {
        Duration::from_secs(self.minute.saturating_add(1).saturating_mul(MINUTE_SECS))
    }

    /// A clock that steps back stays in the newest minute, so nothing taken is forgotten.
    const fn advance(&mut self, now: Duration) {
        let minute = now.as_secs() / MINUTE_SECS;
        if minute > self.minute {
            self.minute = minute;
            self.used = 0;
        }
    }
}
