//! Two breakers as one: for a tier that fails, and for one that answers too slowly.

use std::time::Duration;

use resilience::{Breaker, BreakerConfig, FailureShare, Outcome, Permit, State};

use crate::limits;

/// A slow answer is an answer, and a few of them are forgiven; a tier most of whose answers are
/// slow costs every look nearly its deadline, and never fails.
#[derive(Debug)]
pub(super) struct Gate {
    failing: Breaker,
    slow: Breaker,
    /// What the clock said last, and how much time it has let pass.
    clock_at: Duration,
    passed: Duration,
}

/// Leave of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permits {
    failing: Permit,
    slow: Permit,
}

impl Gate {
    pub(super) fn new(config: BreakerConfig, seed: u64) -> Self {
        let slow = BreakerConfig { failures_to_open: u32::MAX, share: Some(share()), ..config };
        Self {
            failing: Breaker::with_seed(config, seed),
            slow: Breaker::with_seed(slow, seed.rotate_left(32)),
            clock_at: Duration::ZERO,
            passed: Duration::ZERO,
        }
    }

    pub(super) fn try_acquire(&mut self, now: Duration) -> Option<Permits> {
        let now = self.passed(now);
        let failing = self.failing.try_acquire(now).ok()?;
        let Ok(slow) = self.slow.try_acquire(now) else {
            self.failing.record(now, failing, Outcome::Neutral);
            return None;
        };
        Some(Permits { failing, slow })
    }

    /// `is_slow`: whether the answer took too long, if one came.
    pub(super) fn record(
        &mut self,
        now: Duration,
        permits: Permits,
        outcome: Outcome,
        is_slow: Option<bool>,
    ) {
        let now = self.passed(now);
        self.failing.record(now, permits.failing, outcome);
        let slow = match is_slow {
            Some(true) => Outcome::Failure,
            Some(false) => Outcome::Success,
            None => Outcome::Neutral,
        };
        self.slow.record(now, permits.slow, slow);
    }

    /// The stricter of both.
    pub(super) fn state(&mut self, now: Duration) -> State {
        let now = self.passed(now);
        match self.failing.state(now) {
            State::Closed => self.slow.state(now),
            state @ (State::Open { .. } | State::HalfOpen { .. }) => state,
        }
    }

    /// A clock that is set back lets no time pass; else a tier would be left alone for as long as
    /// it was set back.
    fn passed(&mut self, now: Duration) -> Duration {
        self.passed += now.saturating_sub(self.clock_at);
        self.clock_at = now;
        self.passed
    }
}

/// The share of calls that is too much.
pub(super) const fn share() -> FailureShare {
    FailureShare {
        window: limits::TIER_SHARE_WINDOW,
        min_calls: limits::TIER_SHARE_CALLS_MIN,
        percent: limits::TIER_SHARE_PERCENT,
    }
}
