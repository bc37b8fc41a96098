use std::{error::Error, io};

use clock::Timestamp;

use crate::{Priority, Refusal, limits};

/// What a caller may branch on when a store fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Not reachable, or too slow to answer.
    Unavailable,
    /// Reachable, but busy with others; soon again.
    Busy,
    /// It may not be written to.
    ReadOnly,
    /// No room left.
    Full,
    /// What it holds does not make sense.
    Corrupt,
    /// The asker is wrong.
    Invalid,
}

impl ErrorKind {
    /// As in messages and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
            Self::ReadOnly => "read-only",
            Self::Full => "full",
            Self::Corrupt => "corrupt",
            Self::Invalid => "invalid",
        }
    }
}

/// A meter did not do what it was asked. New spending is denied; what is cached is still served.
#[derive(Debug, thiserror::Error)]
#[error("the meter could not {operation}: {}", .kind.name())]
pub struct MeterError {
    /// The method.
    pub operation: &'static str,
    /// For branching.
    pub kind: ErrorKind,
    /// What the store said.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// A ledger did not do what it was asked. Postings wait in the account until it does.
#[derive(Debug, thiserror::Error)]
#[error("the ledger could not {operation}: {}", .kind.name())]
pub struct LedgerError {
    /// The method.
    pub operation: &'static str,
    /// For branching.
    pub kind: ErrorKind,
    /// What the store said.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// The call may not be made.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// It does not fit the budget.
    #[error(
        "the {} budget of {} is {}: {} used, {} held, {} asked",
        .0.window, .0.limit, .0.reason.name(), .0.used, .0.reserved, .0.asked
    )]
    Budget(Refusal),
    /// Nobody counts, so nobody spends.
    #[error("no spending while the meter is away")]
    MeterDown(#[source] MeterError),
    /// It could not be written down before it went out.
    #[error("no spending that cannot be journalled")]
    JournalDown(#[source] io::Error),
    /// Only clients of a higher priority may spend now.
    #[error("the budget is short: only clients whose priority is {floor} or higher may spend now")]
    Withheld {
        /// The lowest priority that may.
        floor: Priority,
        /// When it is worth asking again.
        retry_at: Timestamp,
    },
    /// Somebody has stopped all spending.
    #[error("paid calls are paused by the operator: only what is cached is served")]
    Stopped,
    /// The ledger has been away for too long.
    #[error("no spending while {waiting} postings wait for the ledger")]
    LedgerBehind {
        /// How many.
        waiting: usize,
    },
}

impl Denied {
    /// The refusal, when it is a matter of budget.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Budget(refusal) => Some(refusal),
            Self::MeterDown(_)
            | Self::JournalDown(_)
            | Self::LedgerBehind { .. }
            | Self::Stopped
            | Self::Withheld { .. } => None,
        }
    }

    /// When asking again can help, if that is known.
    #[must_use]
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Withheld { retry_at, .. } => Some(*retry_at),
            _ => self.refusal().and_then(|refusal| refusal.retry_at),
        }
    }
}

/// An account could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// What was under way when the last run ended cannot be read.
    #[error("the journal of the last run cannot be read")]
    Journal(#[source] io::Error),
    /// What was spent so far is not known.
    #[error("what was spent so far cannot be read")]
    Ledger(#[from] LedgerError),
    /// What was spent so far cannot be set.
    #[error("the meter cannot be set to what was spent so far")]
    Meter(#[from] MeterError),
}

impl LedgerError {
    pub(crate) const fn full(operation: &'static str) -> Self {
        Self { operation, kind: ErrorKind::Full, source: None }
    }
}

impl MeterError {
    /// Nobody has told it yet what was spent.
    pub(crate) const fn uninformed() -> Self {
        Self { operation: "learn what was spent", kind: ErrorKind::Unavailable, source: None }
    }

    /// It was away a moment ago, and is not asked again by everybody.
    pub(crate) const fn resting() -> Self {
        Self { operation: "answer a moment ago", kind: ErrorKind::Unavailable, source: None }
    }

    pub(crate) const fn full(operation: &'static str) -> Self {
        Self { operation, kind: ErrorKind::Full, source: None }
    }
}

pub(crate) const fn too_many_waiting(waiting: usize) -> Option<Denied> {
    if waiting < limits::POSTINGS_WAITING_MAX {
        None
    } else {
        Some(Denied::LedgerBehind { waiting })
    }
}
