//! The row of an account.

use std::time::Duration;

use cache_tiers::Timestamp;
use credits::{BillingAnchor, Credits, Usage, Window};

use crate::ledger::whole;

/// The columns of an account, in the order of [`Numbers`].
pub(crate) const COLUMNS: [&str; 14] = [
    "minute_start",
    "minute_reset",
    "minute_count",
    "day_start",
    "day_reset",
    "day_count",
    "month_start",
    "month_reset",
    "month_count",
    "reserved",
    "n_open",
    "next_lost",
    "n_ended",
    "used_ms",
];

/// An account as it lies in its table.
pub(crate) type Numbers = [i64; COLUMNS.len()];

/// How exactly the last use of an account is known.
const USED_STEP: Duration = Duration::from_secs(86_400);

/// What is counted between two instants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    start: Timestamp,
    reset: Timestamp,
    pub(crate) count: u64,
}

impl Span {
    fn of(numbers: &[i64]) -> Self {
        let at = |number| Timestamp::from_millis(numbers[number]);
        Self { start: at(0), reset: at(1), count: whole(numbers[2]) }
    }

    fn numbers(&self) -> [i64; 3] {
        [self.start.as_millis(), self.reset.as_millis(), number(self.count)]
    }

    /// A span is left only when it is over: a billing month whose anchor moves keeps its count.
    fn advance(&mut self, (start, reset): (Timestamp, Timestamp), now: Timestamp) {
        if now >= self.reset {
            self.count = 0;
        }
        if now >= self.reset || now >= self.start {
            (self.start, self.reset) = (start, reset);
        }
    }

    pub(crate) const fn add(&mut self, amount: u64) {
        self.count = self.count.saturating_add(amount);
    }

    pub(crate) const fn subtract(&mut self, amount: u64) {
        self.count = self.count.saturating_sub(amount);
    }

    pub(crate) fn holds(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.reset
    }
}

/// The counts of an account. Windows roll forward when an operation finds them over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) minute: Span,
    pub(crate) day: Span,
    pub(crate) month: Span,
    pub(crate) reserved: u64,
    pub(crate) n_open: u64,
    /// No hold is lost before it.
    pub(crate) next_lost: Timestamp,
    /// Ends so far; the last of them are known by their numbers.
    pub(crate) n_ended: i64,
    used: Timestamp,
}

impl Counts {
    /// Of an account that nobody has used.
    pub(crate) const fn nothing() -> Numbers {
        let mut numbers = [0; COLUMNS.len()];
        numbers[11] = i64::MAX;
        numbers
    }

    pub(crate) fn of(numbers: &Numbers) -> Self {
        Self {
            minute: Span::of(&numbers[0..3]),
            day: Span::of(&numbers[3..6]),
            month: Span::of(&numbers[6..9]),
            reserved: whole(numbers[9]),
            n_open: whole(numbers[10]),
            next_lost: Timestamp::from_millis(numbers[11]),
            n_ended: numbers[12],
            used: Timestamp::from_millis(numbers[13]),
        }
    }

    pub(crate) fn numbers(&self) -> Numbers {
        let mut numbers = [0; COLUMNS.len()];
        numbers[0..3].copy_from_slice(&self.minute.numbers());
        numbers[3..6].copy_from_slice(&self.day.numbers());
        numbers[6..9].copy_from_slice(&self.month.numbers());
        numbers[9] = number(self.reserved);
        numbers[10] = number(self.n_open);
        numbers[11] = self.next_lost.as_millis();
        numbers[12] = self.n_ended;
        numbers[13] = self.used.as_millis();
        numbers
    }

    pub(crate) fn span(&mut self, window: Window) -> &mut Span {
        match window {
            Window::Minute => &mut self.minute,
            Window::Day => &mut self.day,
            Window::Month => &mut self.month,
        }
    }

    pub(crate) fn roll(&mut self, now: Timestamp, anchor: BillingAnchor) {
        for window in Window::ALL {
            self.span(window).advance(window.bounds(now, anchor), now);
        }
    }

    pub(crate) const fn spend(&mut self, charged: Credits) {
        self.day.add(charged.get());
        self.month.add(charged.get());
    }

    pub(crate) const fn usage(&self) -> Usage {
        Usage {
            minute_calls: self.minute.count,
            day: Credits::new(self.day.count),
            month: Credits::new(self.month.count),
            reserved: Credits::new(self.reserved),
            n_open: self.n_open,
        }
    }

    /// Not at every use: a question that changes nothing shall write nothing.
    pub(crate) fn touch(&mut self, now: Timestamp) {
        if now >= self.used.after(USED_STEP) {
            self.used = now;
        }
    }
}

pub(crate) fn number(whole: u64) -> i64 {
    i64::try_from(whole).unwrap_or(i64::MAX)
}
