//! Windows of history: from `time_start`, `time_end`, `count` and `interval` to instants.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::depth::Depth;
use crate::operations::Ask;
use crate::refusal::Refusal;
use crate::time::{self, DAY, HOUR, MINUTE, Millis};

/// Snapshots are taken so often.
pub(crate) const SNAPSHOT: Millis = 5 * MINUTE;
const DEFAULT_COUNT: usize = 10;
const MOST: usize = 10_000;

/// The distance between points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interval {
    /// Steps from an anchor.
    Every(Millis),
    /// Starts of hours, days or weeks: a length, and an offset from 1970.
    Period(Millis, Millis),
    /// Starts of every so many months: 1 or 12.
    Months(i8),
}

/// 1970 began on a Thursday; weeks begin on Mondays.
const MONDAY: Millis = 4 * DAY;

impl Interval {
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "hourly" => return Self::Period(HOUR, 0),
            "daily" => return Self::Period(DAY, 0),
            "weekly" => return Self::Period(7 * DAY, MONDAY),
            "monthly" => return Self::Months(1),
            "yearly" => return Self::Months(12),
            _ => {}
        }
        let (number, unit) = word.split_at(word.len().saturating_sub(1));
        let unit = match unit {
            "m" => MINUTE,
            "h" => HOUR,
            _ => DAY,
        };
        Self::Every(number.parse::<Millis>().unwrap_or(1).max(1) * unit)
    }

    /// Which of a plan's depths counts.
    pub(crate) const fn depth(self) -> Depth {
        match self {
            Self::Every(length) | Self::Period(length, _) if length < DAY => Depth::Intraday,
            Self::Every(_) | Self::Period(..) | Self::Months(_) => Depth::Daily,
        }
    }

    /// At least a day.
    pub(crate) fn at_least(self, length: Millis) -> Self {
        match self {
            Self::Every(own) if own < length => Self::Every(length),
            Self::Period(own, _) if own < length => Self::Period(length, 0),
            other => other,
        }
    }

    /// The last start of a period at or before `ms`; relative steps start anywhere.
    pub(crate) fn floor(self, ms: Millis) -> Millis {
        match self {
            Self::Every(_) => ms,
            Self::Period(length, offset) => (ms - offset).div_euclid(length) * length + offset,
            Self::Months(months) => {
                let date = time::date(ms);
                let month = if months == 12 { 1 } else { date.month() };
                Date::new(date.year(), month, 1).map_or(ms, time::start_of)
            }
        }
    }

    /// The next point after a point, or the one before it.
    fn step(self, from: Millis, is_forward: bool) -> Millis {
        let sign = if is_forward { 1 } else { -1 };
        match self {
            Self::Every(length) | Self::Period(length, _) => from + sign * length,
            Self::Months(months) => {
                let span = (sign * i64::from(months)).months();
                time::date(from).checked_add(span).map_or(from + sign * 28 * DAY, time::start_of)
            }
        }
    }

    /// Points from `start` to `end`, at most so many.
    pub(crate) fn forward(self, start: Millis, end: Millis, count: usize) -> Vec<Millis> {
        let floor = self.floor(start);
        let first = if floor < start { self.step(floor, true) } else { floor };
        let points = std::iter::successors(Some(first), |at| Some(self.step(*at, true)));
        points.take_while(|at| *at <= end).take(count).collect()
    }

    /// So many points up to `end`, rising.
    pub(crate) fn backward(self, end: Millis, count: usize) -> Vec<Millis> {
        let last = self.floor(end);
        let points = std::iter::successors(Some(last), |at| Some(self.step(*at, false)));
        let mut points: Vec<Millis> = points.take(count).take_while(|at| *at > 0).collect();
        points.reverse();
        points
    }
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) start: Option<Millis>,
    pub(crate) end: Millis,
    pub(crate) count: usize,
    pub(crate) interval: Interval,
}

impl Window {
    /// Of a request; refused where the plan does not reach.
    pub(crate) fn of(ask: &Ask<'_>, interval: &str) -> Result<Self, Refusal> {
        let interval = Interval::parse(ask.params.get("interval").unwrap_or(interval));
        let window = Self::unlimited(ask, interval, DEFAULT_COUNT);
        interval.depth().check(ask, window.start)?;
        Ok(window)
    }

    /// The same without limits of the plan. Both ends given, the default of `count` caps nothing.
    pub(crate) fn unlimited(ask: &Ask<'_>, interval: Interval, count: usize) -> Self {
        let (start, end) = (ask.params.time("time_start"), ask.params.time("time_end"));
        let is_closed = start.is_some() && end.is_some();
        let count = ask.params.count("count").unwrap_or(if is_closed { MOST } else { count });
        // Without an end the latest snapshot is the anchor, so that none is missing.
        let now = ask.now_ms.div_euclid(SNAPSHOT) * SNAPSHOT;
        Self { start, end: end.unwrap_or(now), count, interval }
    }

    /// The instants asked for, rising.
    pub(crate) fn instants(&self) -> Vec<Millis> {
        match self.start {
            Some(start) => self.interval.forward(start, self.end, self.count),
            None => self.interval.backward(self.end, self.count),
        }
    }

    /// The instants, each with the snapshot that answers it: the first at or after it, if it was
    /// recorded between `first` and `last` and is not in the future.
    pub(crate) fn snapshots(&self, now: Millis, (first, last): (Millis, Millis)) -> Vec<Shot> {
        let shot = |at: Millis| Shot {
            asked: at,
            taken: (at + SNAPSHOT - 1).div_euclid(SNAPSHOT) * SNAPSHOT,
        };
        let is_there = |shot: &Shot| shot.taken <= now && (first..=last).contains(&shot.taken);
        self.instants().into_iter().map(shot).filter(is_there).collect()
    }
}

/// A snapshot, and the instant that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shot {
    pub(crate) asked: Millis,
    pub(crate) taken: Millis,
}

#[cfg(test)]
mod tests;
