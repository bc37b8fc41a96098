//! Months: made ahead of their time, dropped after it.

use cache_tiers::Timestamp;
use jiff::{civil::date, tz::TimeZone};

use crate::{limits, rows};

/// What [`SqlStore::maintain`](crate::SqlStore::maintain) did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintained {
    /// Months that have a partition of their own now, such as `2026-11`.
    pub created: Vec<String>,
    /// Months whose partitions are gone, with all that was in them.
    pub dropped: Vec<String>,
    /// Postings that were too old and lay in no partition of such a month.
    pub deleted: u64,
    /// Something is left to do: another instance is at it, or somebody held what was needed for
    /// longer than writers should wait. To be called again, in minutes.
    pub postponed: bool,
}

/// What has to be there after maintenance. Months are counted from the year zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// The first month that is kept.
    pub(crate) first: i64,
    /// This month.
    pub(crate) current: i64,
    /// The last month that is made.
    pub(crate) last: i64,
}

impl Plan {
    pub(crate) fn new(now: Timestamp, retention_months: u32) -> Self {
        let current = rows::month(now);
        let first = current + 1 - i64::from(retention_months.max(1));
        Self { first, current, last: current + limits::MONTHS_AHEAD }
    }

    /// Everything before this instant may go.
    pub(crate) fn cut(&self) -> i64 {
        start_of(self.first)
    }
}

/// The first instant of a month, in milliseconds.
pub(crate) fn start_of(month: i64) -> i64 {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(i16::MAX).clamp(0, 9_999);
    let number = i8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
    let start = date(year, number, 1).to_zoned(TimeZone::UTC);
    start.map_or(i64::MAX, |start| start.timestamp().as_millisecond())
}

/// As in names of partitions: `202611`.
pub(crate) fn digits(month: i64) -> String {
    format!("{:04}{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// What [`digits`] wrote.
pub(crate) fn from_digits(text: &str) -> Option<i64> {
    let (year, month) = text.split_at_checked(4)?;
    let (year, month): (i64, i64) = (year.parse().ok()?, month.parse().ok()?);
    (text.len() == 6 && (1..=12).contains(&month)).then(|| year * 12 + month - 1)
}

/// As people write it: `2026-11`.
pub(crate) fn shown(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}
