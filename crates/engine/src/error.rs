use std::time::Duration;

use clock::Timestamp;
use cmc_api::{CallError, QueryError, UpstreamError};
use credits::Denied;
use thiserror::Error;

use crate::compose::NotComposed;

/// Why a flight brought nothing. Shared by everyone who waited for it.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum FlightError {
    /// The budget does not allow the call.
    #[error("the budget does not allow the call: {0}")]
    Denied(std::sync::Arc<Denied>),
    /// Upstream failed or refused.
    #[error("upstream: {0}")]
    Upstream(Box<UpstreamError>),
    /// Upstream failed a moment ago and is left alone until then.
    #[error("upstream failed a moment ago and is left alone until {until}: {error}")]
    Paused {
        /// When the next call may go out.
        until: Timestamp,
        /// How it failed.
        error: Box<UpstreamError>,
    },
    /// The reply was not what the call asked for.
    #[error("upstream's reply could not be read as {0}")]
    Unreadable(&'static str),
    /// The asker's deadline passed; the flight goes on.
    #[error("the deadline passed before upstream answered")]
    Deadline,
    /// Too many flights are waiting.
    #[error("too many calls are waiting; try again shortly")]
    Overloaded,
    /// No call can be made of the request.
    #[error("no call can be made of the request: {0}")]
    Unsendable(String),
    /// The flight ended without a word: a bug, or the process is going down.
    #[error("the call ended without an answer")]
    Lost,
}

impl From<Denied> for FlightError {
    fn from(denied: Denied) -> Self {
        Self::Denied(std::sync::Arc::new(denied))
    }
}

impl From<CallError> for FlightError {
    fn from(error: CallError) -> Self {
        Self::Unsendable(error.to_string())
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The query is wrong: the API's own words.
    #[error("{}", .0.message)]
    Bad(Box<QueryError>),
    /// Nothing usable is held, and fetching failed.
    #[error(transparent)]
    Failed(#[from] FlightError),
    /// Only what is cached was allowed, and it is not.
    #[error("not cached, and only-if-cached was asked for")]
    NotCached,
    /// The answer would cost more than the client allows.
    #[error("the answer would cost {price} credits, more than the {max} allowed")]
    TooDear {
        /// What it would cost.
        price: credits::Credits,
        /// What the client allows.
        max: credits::Credits,
    },
}

impl From<NotComposed> for AnswerError {
    fn from(error: NotComposed) -> Self {
        match error {
            NotComposed::Nothing(error) => Self::Bad(error),
            NotComposed::NoSource(_) => {
                Self::Failed(FlightError::Unreadable("the fields asked for"))
            }
        }
    }
}

impl AnswerError {
    /// When it is worth asking again.
    #[must_use]
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        match self {
            Self::Failed(FlightError::Denied(denied)) => denied.retry_at().map(|at| at.since(now)),
            Self::Failed(FlightError::Paused { until, .. }) => Some(until.since(now)),
            Self::Failed(FlightError::Upstream(error)) => error.retry_after,
            Self::Failed(FlightError::Overloaded | FlightError::Deadline) => {
                Some(Duration::from_secs(1))
            }
            _ => None,
        }
    }
}
