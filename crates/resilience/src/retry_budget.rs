//! Further attempts as a share of calls, so that retries cannot multiply an outage.

use std::time::Duration;

use crate::rolling::Rolling;

/// How much retrying is affordable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryBudgetConfig {
    /// The length over which calls and further attempts are compared.
    pub window: Duration,
    /// Further attempts allowed per call, 0.2 = one per five calls.
    pub share: f64,
    /// Further attempts always allowed per window, so that a quiet client may retry at all.
    pub floor: u32,
}

impl Default for RetryBudgetConfig {
    fn default() -> Self {
        Self { window: Duration::from_secs(10), share: 0.2, floor: 3 }
    }
}

/// Counts calls and further attempts, and says whether one more is affordable.
#[derive(Debug, Clone)]
pub struct RetryBudget {
    config: RetryBudgetConfig,
    /// `all` counts calls, `marked` further attempts.
    counts: Rolling,
}

impl RetryBudget {
    /// A budget of this shape; a share that is negative or no number counts as zero.
    #[must_use]
    pub fn new(config: RetryBudgetConfig) -> Self {
        let share = if config.share > 0.0 { config.share } else { 0.0 };
        let config = RetryBudgetConfig { share, ..config };
        Self { counts: Rolling::new(config.window), config }
    }

    /// Counts one call (its first attempt).
    pub fn record_call(&mut self, now: Duration) {
        self.counts.add(now, 1, 0);
    }

    /// Takes one further attempt from the budget, or says no.
    #[must_use]
    pub fn try_retry(&mut self, now: Duration) -> bool {
        let affordable = self.left(now) > 0;
        if affordable {
            self.counts.add(now, 0, 1);
        }
        affordable
    }

    /// Further attempts affordable now.
    pub fn left(&mut self, now: Duration) -> u64 {
        let counts = self.counts.sum(now);
        self.allowed(counts.all).saturating_sub(counts.marked)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a count of calls in a window is far below 2^52; the share is not negative"
    )]
    fn allowed(&self, n_calls: u64) -> u64 {
        // The tiny addition keeps 0.1 * 10 from being rounded down to 0.
        let by_share = (n_calls as f64).mul_add(self.config.share, 1e-9).floor() as u64;
        by_share.max(u64::from(self.config.floor))
    }
}

#[cfg(test)]
mod tests;
