//! The measurements of this crate, with their handles kept: a call by name costs ten times more.

use std::{fmt, time::Duration};

use metrics::{Histogram, describe_histogram, histogram};

/// How long answers to the API took, from the head of the request to the answer, in seconds; label
/// `outcome`: `hit`, `partial`, `miss`, `stale`, `failed`, `refused`.
pub const ANSWER_SECONDS: &str = "cmcache_gateway_answer_seconds";

/// Every name of this crate, and what it measures.
pub const METRICS: [(&str, &str); 1] = [(
    ANSWER_SECONDS,
    "How long the gateway took to answer a request to the API, in seconds; label outcome: hit, \
     partial, miss, stale, failed, refused (no good request, no good token, or too many).",
)];

/// How an answer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Wholly cached.
    Hit,
    /// Partly cached.
    Partial,
    /// Bought.
    Miss,
    /// Old, because nothing newer could be had.
    Stale,
    /// Not at all.
    Failed,
    /// The engine was never asked.
    Refused,
}

impl Outcome {
    pub(crate) const ALL: [Self; 6] =
        [Self::Hit, Self::Partial, Self::Miss, Self::Stale, Self::Failed, Self::Refused];

    /// Its name, as latencies are told apart by it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Partial => "partial",
            Self::Miss => "miss",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

/// A histogram for each outcome, so that instances can be added up: a quantile cannot.
pub(crate) struct Answers([Histogram; Outcome::ALL.len()]);

impl Answers {
    /// Registers with whichever recorder is installed now.
    pub(crate) fn register() -> Self {
        METRICS.iter().for_each(|(name, what)| describe_histogram!(*name, *what));
        Self(Outcome::ALL.map(|outcome| histogram!(ANSWER_SECONDS, "outcome" => outcome.name())))
    }

    pub(crate) fn record(&self, outcome: Outcome, elapsed: Duration) {
        self.0[outcome as usize].record(elapsed.as_secs_f64());
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answers")
    }
}
