use crate::LeaseTerms;

/// How an account asks its meter, and what happens while the meter is away.
///
/// A meter in the memory of the process is never away, and asking it is as quick as a leased
/// block: there, all three are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Each call asks. Nothing is spent that was not counted before.
    Closed,
    /// Calls draw from a block that was leased ahead, and go on doing so for its
    /// [life](LeaseTerms::life) while the meter is away; then nothing is spent.
    Lease(LeaseTerms),
    /// As `Lease`, and when no block is left, spending goes on uncounted. What was spent is
    /// booked when the meter is back; until then no limit holds.
    Open(LeaseTerms),
}

impl Policy {
    /// The terms on which blocks are leased, if they are.
    #[must_use]
    pub const fn terms(&self) -> Option<&LeaseTerms> {
        match self {
            Self::Closed => None,
            Self::Lease(terms) | Self::Open(terms) => Some(terms),
        }
    }

    /// Whether spending goes on while nobody counts.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::Lease(LeaseTerms::default())
    }
}
