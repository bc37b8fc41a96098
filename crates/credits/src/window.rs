use std::fmt;

use clock::Timestamp;
use jiff::{
    civil::{Date, date},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// A stretch of time over which spending is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// A calendar minute; calls are counted in it, not credits.
    Minute,
    /// A calendar day, UTC.
    Day,
    /// A billing month, from one [`BillingAnchor`] to the next.
    Month,
}

impl Window {
    /// All of them, shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Day, Self::Month];

    /// When the window that `now` lies in began.
    #[must_use]
    pub fn start(self, now: Timestamp, anchor: BillingAnchor) -> Timestamp {
        self.bounds(now, anchor).0
    }

    /// When the window that `now` lies in ends and the next one begins.
    #[must_use]
    pub fn reset(self, now: Timestamp, anchor: BillingAnchor) -> Timestamp {
        self.bounds(now, anchor).1
    }

    /// Start and reset at once; `start <= now < reset`.
    #[must_use]
    pub fn bounds(self, now: Timestamp, anchor: BillingAnchor) -> (Timestamp, Timestamp) {
        match self {
            Self::Minute => aligned(now, MINUTE_MS),
            Self::Day => aligned(now, DAY_MS),
            Self::Month => anchor.bounds(now),
        }
    }

    /// As in messages and settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn aligned(now: Timestamp, length_ms: i64) -> (Timestamp, Timestamp) {
    let start = now.as_millis().div_euclid(length_ms) * length_ms;
    (Timestamp::from_millis(start), Timestamp::from_millis(start + length_ms))
}

/// The instant of a month at which billing starts anew: a day and a time of that day, UTC.
///
/// A day that a month lacks means its last day, for that month only: the 31st is the 28th of
/// February and the 31st of March again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BillingAnchor {
    day: i8,
    of_day_ms: i64,
}

impl BillingAnchor {
    /// The first of the month, midnight.
    pub const FIRST: Self = Self { day: 1, of_day_ms: 0 };

    /// The anchor that makes a billing month begin at `reset`, as the API announces it.
    #[must_use]
    pub fn at(reset: Timestamp) -> Self {
        let millis = within_calendar(reset).as_millis();
        Self { day: civil_date(reset).day(), of_day_ms: millis.rem_euclid(DAY_MS) }
    }

    fn bounds(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let now = within_calendar(now);
        let today = civil_date(now);
        let months = i32::from(today.year()) * 12 + i32::from(today.month()) - 1;
        let here = self.in_month(months);
        if here <= now {
            (here, self.in_month(months + 1))
        } else {
            (self.in_month(months - 1), here)
        }
    }

    /// `months` counts from the year 0.
    fn in_month(self, months: i32) -> Timestamp {
        let year = i16::try_from(months.div_euclid(12)).unwrap_or(i16::MAX);
        let month = i8::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
        if year > 9_999 {
            return Timestamp::MAX.after(std::time::Duration::from_millis(1));
        }
        let first = date(year, month, 1);
        let day = self.day.min(first.days_in_month());
        let midnight = date(year, month, day)
            .to_zoned(TimeZone::UTC)
            .map_or(Timestamp::MAX.as_millis(), |zoned| zoned.timestamp().as_millisecond());
        Timestamp::from_millis(midnight + self.of_day_ms)
    }
}

impl Default for BillingAnchor {
    fn default() -> Self {
        Self::FIRST
    }
}

fn within_calendar(at: Timestamp) -> Timestamp {
    at.clamp(Timestamp::EPOCH, Timestamp::MAX)
}

pub(crate) fn civil_date(at: Timestamp) -> Date {
    jiff::Timestamp::from_millisecond(within_calendar(at).as_millis())
        .expect("the years 1970 to 9999 are in the calendar")
        .to_zoned(TimeZone::UTC)
        .date()
}

#[cfg(test)]
mod tests;
