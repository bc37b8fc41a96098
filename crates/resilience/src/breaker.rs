//! Closed, open, half-open: as a value, with `now` passed in.

mod config;

use std::time::Duration;

use crate::backoff::up_to;
use crate::rolling::Rolling;

pub use config::{BreakerConfig, FailureShare};

/// Leave to make one call; give it back through [`Breaker::record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a permit is reported with `Breaker::record`, else a probe is lost until it times out"]
pub enum Permit {
    /// The breaker is closed.
    Closed {
        /// Which closed phase it was given in.
        phase: u64,
    },
    /// The breaker is half-open, and this is the one call that tries.
    Probe {
        /// Which probe it is.
        phase: u64,
    },
}

impl Permit {
    /// Whether this call is the one that tries.
    #[must_use]
    pub const fn is_probe(self) -> bool {
        matches!(self, Self::Probe { .. })
    }
}

/// No call may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected {
    /// The earliest instant at which it is worth asking again.
    pub until: Duration,
}

/// How a permitted call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The other side did its work (a refusal of a bad query is its work too).
    Success,
    /// It did not, or too slowly.
    Failure,
    /// The call says nothing about the other side: it was withdrawn before it could tell.
    Neutral,
}

/// What a breaker would do, for gauges and health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Calls go through.
    Closed,
    /// None do.
    Open {
        /// When the first probe may go.
        until: Duration,
    },
    /// One call at a time tries.
    HalfOpen {
        /// Whether one is trying now.
        probing: bool,
    },
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Closed,
    Open { until: Duration },
    HalfOpen { probe_expires: Option<Duration> },
}

/// Stops calls to a part that fails, and finds out with single probes when it is well again.
#[derive(Debug, Clone)]
pub struct Breaker {
    config: BreakerConfig,
    phase: Phase,
    /// Grows with each closed phase and each probe, so that old permits are told apart.
    phase_number: u64,
    failures_in_a_row: u32,
    probes_passed: u32,
    /// How often it opened since it was last closed: doubles the open time.
    n_opened: u32,
    /// `all` counts calls, `marked` failures.
    recent: Option<Rolling>,
    rng: fastrand::Rng,
}

impl Breaker {
    /// A closed breaker. Its jitter, if any, comes from a fixed seed: see [`Breaker::with_seed`].
    #[must_use]
    pub fn new(config: BreakerConfig) -> Self {
        Self::with_seed(config, 0)
    }

    /// A closed breaker whose jitter differs from that of breakers with other seeds.
    #[must_use]
    pub fn with_seed(config: BreakerConfig, seed: u64) -> Self {
        Self {
            recent: config.share.map(|share| Rolling::new(share.window)),
            config,
            phase: Phase::Closed,
            phase_number: 0,
            failures_in_a_row: 0,
            probes_passed: 0,
            n_opened: 0,
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// Asks whether a call may go out.
    ///
    /// # Errors
    /// [`Rejected`] while open, and while a probe is under way.
    pub fn try_acquire(&mut self, now: Duration) -> Result<Permit, Rejected> {
        match self.phase {
            Phase::Closed => return Ok(Permit::Closed { phase: self.phase_number }),
            Phase::Open { until } if now < until => return Err(Rejected { until }),
            Phase::HalfOpen { probe_expires: Some(until) } if now < until => {
                return Err(Rejected { until });
            }
            Phase::Open { .. } | Phase::HalfOpen { .. } => {}
        }
        self.phase_number += 1;
        let expires = now.saturating_add(self.config.probe_timeout);
        self.phase = Phase::HalfOpen { probe_expires: Some(expires) };
        Ok(Permit::Probe { phase: self.phase_number })
    }

    /// Reports how a permitted call ended. Permits of an earlier phase change nothing.
    pub fn record(&mut self, now: Duration, permit: Permit, outcome: Outcome) {
        match (permit, self.phase) {
            (Permit::Closed { phase }, Phase::Closed) if phase == self.phase_number => {
                self.record_closed(now, outcome);
            }
            (Permit::Probe { phase }, Phase::HalfOpen { .. }) if phase == self.phase_number => {
                self.record_probe(now, outcome);
            }
            _ => {}
        }
    }

    /// Opens at least until `until`: the other side said when it is worth coming back.
    pub fn hold_open(&mut self, until: Duration) {
        let until = match self.phase {
            Phase::Open { until: before } => before.max(until),
            Phase::Closed | Phase::HalfOpen { .. } => until,
        };
        self.probes_passed = 0;
        self.phase = Phase::Open { until };
    }

    /// What it would do now.
    #[must_use]
    pub fn state(&self, now: Duration) -> State {
        match self.phase {
            Phase::Closed => State::Closed,
            Phase::Open { until } if now < until => State::Open { until },
            Phase::Open { .. } => State::HalfOpen { probing: false },
            Phase::HalfOpen { probe_expires } => {
                State::HalfOpen { probing: probe_expires.is_some_and(|until| now < until) }
            }
        }
    }

    fn record_closed(&mut self, now: Duration, outcome: Outcome) {
        match outcome {
            Outcome::Neutral => return,
            Outcome::Success => self.failures_in_a_row = 0,
            Outcome::Failure => self.failures_in_a_row += 1,
        }
        if let Some(recent) = &mut self.recent {
            recent.add(now, 1, u64::from(outcome == Outcome::Failure));
        }
        let in_a_row = self.failures_in_a_row >= self.config.failures_to_open.max(1);
        if outcome == Outcome::Failure && (in_a_row || self.share_exceeded(now)) {
            self.open(now);
        }
    }

    fn record_probe(&mut self, now: Duration, outcome: Outcome) {
        match outcome {
            Outcome::Failure => self.open(now),
            Outcome::Neutral => self.phase = Phase::HalfOpen { probe_expires: None },
            Outcome::Success => {
                self.probes_passed += 1;
                if self.probes_passed >= self.config.probes_to_close {
                    self.close();
                } else {
                    self.phase = Phase::HalfOpen { probe_expires: None };
                }
            }
        }
    }

    fn share_exceeded(&mut self, now: Duration) -> bool {
        let (Some(share), Some(recent)) = (self.config.share, &mut self.recent) else {
            return false;
        };
        let counts = recent.sum(now);
        counts.all >= u64::from(share.min_calls)
            && counts.marked.saturating_mul(100) >= counts.all.saturating_mul(share.percent.into())
    }

    fn open(&mut self, now: Duration) {
        let open_for = self.config.open_time(self.n_opened);
        let jitter = up_to(self.config.open_jitter, &mut self.rng);
        self.phase = Phase::Open { until: now.saturating_add(open_for).saturating_add(jitter) };
        self.n_opened = self.n_opened.saturating_add(1);
        self.probes_passed = 0;
    }

    fn close(&mut self) {
        self.phase = Phase::Closed;
        self.phase_number += 1;
        self.failures_in_a_row = 0;
        self.probes_passed = 0;
        self.n_opened = 0;
        if let Some(recent) = &mut self.recent {
            recent.clear();
        }
    }
}

#[cfg(test)]
mod tests;
