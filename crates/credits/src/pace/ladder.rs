use std::{fmt, time::Duration};

use clock::Timestamp;
use serde::{Deserialize, Serialize};

/// How far an answer may stand back behind the budget. The greater, the tighter.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Ages are those that the operator has set.
    #[default]
    Fresh,
    /// Ages are stretched, so that the plan lasts.
    Paced,
    /// Even the longest ages would not last: what is held is served as it is, and only what
    /// nobody holds is bought.
    Stale,
    /// Nothing is bought, but for essential clients.
    CacheOnly,
}

impl Step {
    /// All of them, the loosest first.
    pub const ALL: [Self; 4] = [Self::Fresh, Self::Paced, Self::Stale, Self::CacheOnly];

    /// As in messages and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Paced => "paced",
            Self::Stale => "stale",
            Self::CacheOnly => "cache-only",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the step depends on; shares of what is planned to be spent until the reset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// What the operator's own ages would take.
    pub at_natural: f64,
    /// What the longest ages would take.
    pub at_longest: f64,
    /// What is left above that which only essential clients may spend, in credits.
    pub left: f64,
}

/// A tighter step is taken at once, a looser one only when there is something to spare and the
/// last step is not too recent: a ladder that is climbed every minute would be noise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    step: Step,
    since: Option<Timestamp>,
}

/// What must be to spare before a looser step is taken.
const SPARE: f64 = 0.9;
/// How long a step lasts at least before a looser one.
const DWELL: Duration = Duration::from_secs(300);
/// What must be left before anything is bought again.
const AGAIN_CREDITS: f64 = 3.0;

impl Ladder {
    /// Where it stands.
    #[must_use]
    pub const fn step(self) -> Step {
        self.step
    }

    /// Since when; `None` if it was never climbed.
    #[must_use]
    pub const fn since(self) -> Option<Timestamp> {
        self.since
    }

    /// Where it stands after `signal`.
    #[must_use]
    pub fn next(self, signal: &Signal, now: Timestamp) -> Self {
        let wanted = due(signal, 1.0, 1.0);
        if wanted > self.step {
            return Self { step: wanted, since: Some(now) };
        }
        let spared = due(signal, SPARE, AGAIN_CREDITS);
        // A step from the future was taken by a clock that has been set back since.
        let rested = self.since.is_none_or(|since| since > now || now.since(since) >= DWELL);
        if spared < self.step && rested {
            return Self { step: spared, since: Some(now) };
        }
        self
    }

    /// A budget without limits, or one that begins anew, owes nothing to the past.
    #[must_use]
    pub fn reset(self, now: Timestamp) -> Self {
        let since = if self.step == Step::Fresh { self.since } else { Some(now) };
        Self { step: Step::Fresh, since }
    }
}

fn due(signal: &Signal, share: f64, credits: f64) -> Step {
    if signal.left < credits {
        Step::CacheOnly
    } else if signal.at_longest > share {
        Step::Stale
    } else if signal.at_natural > share {
        Step::Paced
    } else {
        Step::Fresh
    }
}
