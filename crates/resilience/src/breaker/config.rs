//! When a breaker opens, and for how long.

use std::time::Duration;

/// Opens when too large a share of recent calls failed, though never many in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureShare {
    /// The length looked back over.
    pub window: Duration,
    /// Fewer calls than this in the window prove nothing.
    pub min_calls: u32,
    /// From this share of failures on it opens.
    pub percent: u8,
}

/// The shape of a [`Breaker`](crate::Breaker).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerConfig {
    /// Failures in a row that open it; 0 counts as 1.
    pub failures_to_open: u32,
    /// Opens by share of failures too; `None` looks only at failures in a row.
    pub share: Option<FailureShare>,
    /// How long it stays open the first time.
    pub open_for: Duration,
    /// The open time doubles with each failed probe, up to this.
    pub open_for_max: Duration,
    /// Up to this much is added by chance, so that many instances do not probe together.
    pub open_jitter: Duration,
    /// A probe that was not reported after this long no longer holds the place.
    pub probe_timeout: Duration,
    /// Probes that must pass, one after the other, to close it.
    pub probes_to_close: u32,
}

impl BreakerConfig {
    /// How long to stay open after having opened `n_opened` times without closing.
    pub(super) fn open_time(&self, n_opened: u32) -> Duration {
        let factor = 2u32.checked_pow(n_opened).unwrap_or(u32::MAX);
        self.open_for.saturating_mul(factor).min(self.open_for_max.max(self.open_for))
    }
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            failures_to_open: 5,
            share: None,
            open_for: Duration::from_secs(5),
            open_for_max: Duration::from_secs(120),
            open_jitter: Duration::ZERO,
            probe_timeout: Duration::from_secs(30),
            probes_to_close: 1,
        }
    }
}
