//! What a tier says when it could not do its work.

use std::error::Error;

/// A tier failed as a whole. The stack turns it into misses and a count.
#[derive(Debug, thiserror::Error)]
#[error("tier {tier}: {kind}")]
pub struct TierError {
    /// The tier's name.
    pub tier: String,
    /// What went wrong.
    pub kind: TierErrorKind,
    /// What the driver said.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// What went wrong, as far as callers need to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TierErrorKind {
    /// No answer before the deadline: a put may or may not have happened.
    #[error("no answer before the deadline")]
    TimedOut,
    /// The breaker is open: it was not even asked.
    #[error("left alone after too many failures")]
    Open,
    /// It cannot be reached.
    #[error("cannot be reached")]
    Unavailable,
    /// It was reached, and refused.
    #[error("refused the call")]
    Rejected,
    /// It broke the contract of its trait, such as by an answer of another length.
    #[error("broke its contract")]
    Broken,
}

impl TierError {
    /// Without a source.
    #[must_use]
    pub fn new(tier: &str, kind: TierErrorKind) -> Self {
        Self { tier: tier.to_owned(), kind, source: None }
    }

    /// With what the driver said.
    #[must_use]
    pub fn caused(
        tier: &str,
        kind: TierErrorKind,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { source: Some(source.into()), ..Self::new(tier, kind) }
    }
}
