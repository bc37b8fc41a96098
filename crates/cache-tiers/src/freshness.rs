//! How old is too old: a pure function of an entry's times and of now.

use clock::Timestamp;

use crate::{Meta, limits::SKEW_MAX};

/// What an entry may be used for. The greater, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    /// For nothing.
    Expired,
    /// While a newer one is fetched, or because that failed.
    Stale,
    /// For an answer.
    Fresh,
}

/// Judges by the times of the entry alone, whichever tier it came from.
///
/// An entry from the future was written by a clock that runs ahead, and so its times lie too far
/// ahead as well: it is at best stale.
#[must_use]
pub fn of(meta: &Meta, now: Timestamp) -> Freshness {
    if now >= meta.usable_until {
        Freshness::Expired
    } else if now >= meta.fresh_until || is_from_the_future(meta, now) {
        Freshness::Stale
    } else {
        Freshness::Fresh
    }
}

/// Whether the load started later than any clock of ours should say.
#[must_use]
pub fn is_from_the_future(meta: &Meta, now: Timestamp) -> bool {
    meta.fetched_at > now.after(SKEW_MAX)
}

#[cfg(test)]
mod tests;
