use std::time::Duration;

use clock::Timestamp;
use credits::Credits;
use serde::{Deserialize, Serialize};

use crate::events::What;

/// How long after a reading all that was charged before it is in the books: postings are written
/// behind the answer, by each instance.
const SETTLED_AFTER: Duration = Duration::from_secs(30);

/// What the key said of the credits of its month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) at: Timestamp,
    /// When that month began.
    pub(crate) period: Timestamp,
    pub(crate) used: Credits,
}

impl Reading {
    pub(super) fn is_settled(&self, now: Timestamp) -> bool {
        now.since(self.at) >= SETTLED_AFTER
    }
}

/// The key's own count against the books: what is more was spent by somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Elsewhere {
    /// The month, in milliseconds.
    period: i64,
    /// When the key was asked, in milliseconds.
    at: i64,
    /// What the key said.
    pub(crate) upstream: u64,
    /// What is booked in the same month.
    pub(crate) booked: u64,
    /// What was spent elsewhere before anybody looked for the first time.
    before: u64,
    /// What was told as new.
    told: u64,
}

impl Elsewhere {
    /// When the key was asked.
    pub(crate) const fn at(&self) -> Timestamp {
        Timestamp::from_millis(self.at)
    }

    /// Credits of the key that the books do not know.
    pub(crate) const fn credits(&self) -> u64 {
        self.upstream.saturating_sub(self.booked)
    }

    /// Compares, and tells use elsewhere when it is seen first and each time it has doubled. What
    /// was used before the books began is no news.
    ///
    /// The reading is older than the books: whatever they lack of it, somebody else has spent.
    pub(super) fn judge(
        last: Option<&Self>,
        reading: Reading,
        booked: Credits,
    ) -> (Self, Option<What>) {
        let period = reading.period.as_millis();
        let (upstream, booked) = (reading.used.get(), booked.get());
        let elsewhere = upstream.saturating_sub(booked);
        let (before, told) = match last {
            None => (elsewhere, 0),
            Some(last) if last.period != period => (0, 0),
            Some(last) => (last.before, last.told),
        };
        let new = elsewhere.saturating_sub(before);
        let is_news = new > 0 && new >= told.saturating_mul(2);
        let told = if is_news { new } else { told };
        let what = is_news.then_some(What::KeyUsedElsewhere { upstream, booked, elsewhere, new });
        (Self { period, at: reading.at.as_millis(), upstream, booked, before, told }, what)
    }
}
