//! How long to wait before the next attempt.

use std::time::Duration;

/// How much of a delay is left to chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Jitter {
    /// None: for tests, and for a single caller.
    None,
    /// Anything between zero and the whole delay: spreads a herd best.
    #[default]
    Full,
    /// Half is certain, half is chance: keeps a minimum distance between attempts.
    Equal,
}

/// The shape of a [`Backoff`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackoffConfig {
    /// The delay before the first further attempt, before jitter.
    pub first: Duration,
    /// The delay never grows beyond this; only a server's hint may.
    pub max: Duration,
    /// How much of it is left to chance.
    pub jitter: Jitter,
}

impl Default for BackoffConfig {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            max: Duration::from_secs(8),
            jitter: Jitter::Full,
        }
    }
}

/// Exponential backoff: doubles with each attempt, up to a maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backoff {
    config: BackoffConfig,
}

impl Backoff {
    /// A backoff of this shape.
    #[must_use]
    pub const fn new(config: BackoffConfig) -> Self {
        Self { config }
    }

    /// The delay after attempt number `attempt` (the first is 0) failed.
    ///
    /// A server's `hint` (`Retry-After`) is a floor: the delay is never shorter, and up to one
    /// `first` longer, so that all who were told the same instant do not come back together. It is
    /// not cut to `max`: a caller whose deadline comes sooner gives up instead of asking too early.
    pub fn delay(&self, attempt: u32, hint: Option<Duration>, rng: &mut fastrand::Rng) -> Duration {
        let own = self.jittered(self.ceiling(attempt), rng);
        match hint {
            None => own,
            Some(hint) => own.max(hint.saturating_add(self.spread(rng))),
        }
    }

    /// The longest own delay after attempt number `attempt`.
    #[must_use]
    pub fn ceiling(&self, attempt: u32) -> Duration {
        let doubled = 2u32
            .checked_pow(attempt)
            .map_or(Duration::MAX, |factor| self.config.first.saturating_mul(factor));
        if self.config.first.is_zero() { Duration::ZERO } else { doubled.min(self.config.max) }
    }

    fn jittered(&self, ceiling: Duration, rng: &mut fastrand::Rng) -> Duration {
        match self.config.jitter {
            Jitter::None => ceiling,
            Jitter::Full => up_to(ceiling, rng),
            Jitter::Equal => {
                let certain = ceiling / 2;
                certain + up_to(ceiling - certain, rng)
            }
        }
    }

    fn spread(&self, rng: &mut fastrand::Rng) -> Duration {
        match self.config.jitter {
            Jitter::None => Duration::ZERO,
            Jitter::Full | Jitter::Equal => up_to(self.config.first, rng),
        }
    }
}

/// Uniform between zero and `limit`, both included.
pub(crate) fn up_to(limit: Duration, rng: &mut fastrand::Rng) -> Duration {
    Duration::from_nanos(rng.u64(0..=u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests;
