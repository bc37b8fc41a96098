//! How many requests got what.

use std::sync::atomic::{AtomicU64, Ordering};

use engine::{Answer, AnswerError, CacheState};

use crate::status::Requests;

/// Counts requests by how much of their answer was cached. Those that a peek answers are counted
/// by the engine: the short way has no time for a second counter.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    full: AtomicU64,
    partial: AtomicU64,
    cold: AtomicU64,
    stale: AtomicU64,
    failed: AtomicU64,
}

impl Counted {
    pub(crate) fn count(
        &self,
        answered: Result<Answer, AnswerError>,
    ) -> Result<Answer, AnswerError> {
        let counter = match answered.as_ref().map(|answer| answer.cache) {
            Ok(CacheState::Full) => &self.full,
            Ok(CacheState::Partial) => &self.partial,
            Ok(CacheState::Cold) => &self.cold,
            Ok(CacheState::Stale) => &self.stale,
            Err(_) => &self.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        answered
    }

    /// The numbers, with those that a peek answered.
    pub(crate) fn read(&self, n_peeked: u64) -> Requests {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Requests {
            full: read(&self.full) + n_peeked,
            partial: read(&self.partial),
            cold: read(&self.cold),
            stale: read(&self.stale),
            failed: read(&self.failed),
        }
    }
}
