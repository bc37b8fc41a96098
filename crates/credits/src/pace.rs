use clock::Timestamp;
use serde::Serialize;

use crate::{Budget, Credits, Usage, Window, limits};

/// By what factor lives should be lengthened so that the budget lasts: at least one, in
/// thousandths, because a factor decides and must not depend on a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Stretch(u32);

impl Stretch {
    /// Lives stay as they are.
    pub const NONE: Self = Self(1_000);
    /// The longest; from there on the budget itself says no.
    pub const MAX: Self = Self(limits::STRETCH_PERMILLE_MAX);

    /// The factor in thousandths.
    #[must_use]
    pub const fn permille(self) -> u32 {
        self.0
    }

    /// A length, stretched.
    #[must_use]
    pub fn apply(self, length: std::time::Duration) -> std::time::Duration {
        let millis = length.as_millis().saturating_mul(u128::from(self.0)) / 1_000;
        std::time::Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }
}

/// How fast a window is being used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// When the window began.
    pub start: Timestamp,
    /// When it begins anew.
    pub reset: Timestamp,
    /// Its limit.
    pub limit: Credits,
    /// Booked and held.
    pub used: Credits,
}

impl Pace {
    /// The spending speed so far against the speed at which the rest lasts until the reset.
    ///
    /// The first part of a window says little about the rest of it, so the time spent in it counts
    /// as at least a hundredth of its length.
    #[must_use]
    pub fn stretch(&self, now: Timestamp) -> Stretch {
        let left = self.limit.saturating_sub(self.used);
        let length = self.reset.since(self.start).as_millis();
        let spent_time = now.since(self.start).as_millis().max(length / 100).max(1);
        let left_time = self.reset.since(now).as_millis();
        if self.used.is_zero() || left_time == 0 {
            return Stretch::NONE;
        }
        if left.is_zero() {
            return Stretch::MAX;
        }
        let wanted = u128::from(self.used.get()).saturating_mul(left_time).saturating_mul(1_000);
        let allowed = u128::from(left.get()).saturating_mul(spent_time);
        let permille = u32::try_from(wanted.div_ceil(allowed)).unwrap_or(u32::MAX);
        Stretch(permille.clamp(Stretch::NONE.0, Stretch::MAX.0))
    }
}

/// The stretch that both the day and the month of `budget` call for.
#[must_use]
pub fn stretch(budget: &Budget, usage: &Usage, now: Timestamp) -> Stretch {
    let windows =
        [(Window::Day, budget.day, usage.day), (Window::Month, budget.month, usage.month)];
    let stretches = windows.into_iter().filter_map(|(window, limit, spent)| {
        let (start, reset) = window.bounds(now, budget.anchor);
        let used = spent.saturating_add(usage.reserved);
        Some(Pace { start, reset, limit: limit?, used }.stretch(now))
    });
    stretches.max().unwrap_or(Stretch::NONE)
}

#[cfg(test)]
mod tests;
