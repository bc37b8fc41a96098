use std::time::Duration;

use clock::Timestamp;

use crate::{Budget, Credits, Usage, Window};

/// What a window of the budget has, and for how long it must last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funds {
    /// Which window.
    pub window: Window,
    /// Its limit.
    pub limit: Credits,
    /// Booked and held.
    pub used: Credits,
    /// When it began.
    pub start: Timestamp,
    /// When it begins anew.
    pub reset: Timestamp,
}

impl Funds {
    /// The windows of `budget` in which credits are limited, the day first.
    #[must_use]
    pub fn of(budget: &Budget, usage: &Usage, now: Timestamp) -> Vec<Self> {
        let windows =
            [(Window::Day, budget.day, usage.day), (Window::Month, budget.month, usage.month)];
        let limited = windows.into_iter().filter_map(|(window, limit, booked)| {
            let (start, reset) = window.bounds(now, budget.anchor);
            let used = booked.saturating_add(usage.reserved);
            Some(Self { window, limit: limit?, used, start, reset })
        });
        limited.collect()
    }

    /// Neither booked nor held.
    #[must_use]
    pub const fn left(&self) -> Credits {
        self.limit.saturating_sub(self.used)
    }

    /// Until it begins anew.
    #[must_use]
    pub const fn time_left(&self, now: Timestamp) -> Duration {
        self.reset.since(now)
    }

    /// How much of the window lies ahead, from 1 down to 0.
    #[must_use]
    pub fn share_ahead(&self, now: Timestamp) -> f64 {
        let length = self.reset.since(self.start).as_secs_f64().max(1.0);
        (self.time_left(now).as_secs_f64() / length).clamp(0.0, 1.0)
    }
}
