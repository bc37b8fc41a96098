//! Who is told how long each call to a tier took, beside the histogram of this crate.

use std::{fmt::Debug, time::Duration};

/// What a tier is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// What it holds.
    Get,
    /// To keep.
    Put,
    /// To forget.
    Remove,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Get, Self::Put, Self::Remove];

    /// Its name in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Remove => "remove",
        }
    }
}

/// How a call to a tier ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ended {
    /// It held at least one of what was asked for.
    Found,
    /// It held nothing of it.
    Missing,
    /// It kept, or forgot.
    Done,
    /// It failed, or took longer than its deadline.
    Failed,
}

/// Hears of the calls to one tier. It is told on the way of an answer: it must not block, and
/// should take no longer than a counter does.
///
/// It is not told of calls that were not made (the tier is left alone) nor of those that were
/// withdrawn; of what a local tier gave at once, of one in [`PEEK_SAMPLE`].
///
/// [`PEEK_SAMPLE`]: crate::limits::PEEK_SAMPLE
pub trait Observer: Debug + Send + Sync + 'static {
    /// A call took `elapsed`.
    fn called(&self, verb: Verb, ended: Ended, elapsed: Duration);
}

/// Fails to compile if the port stops being usable as `dyn`.
const _: fn(&dyn Observer) = |observer| observer.called(Verb::Get, Ended::Found, Duration::ZERO);
