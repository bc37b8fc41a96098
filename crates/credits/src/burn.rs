use std::{collections::BTreeMap, time::Duration};

use clock::Timestamp;

use crate::{Credits, Funds, limits};

const MINUTE_MS: i64 = 60_000;

/// Credits spent in each of the latest minutes: three days of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spending(BTreeMap<i64, u64>);

/// An alarm of the kind that site reliability engineers use: it rings when spending is faster than
/// a multiple of the even rate over a long stretch of time, and still is over a short one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BurnAlarm {
    /// What it is called.
    pub name: &'static str,
    /// Long enough that a burst does not ring.
    pub long: Duration,
    /// Short enough that it stops ringing soon.
    pub short: Duration,
    /// The multiple, in thousandths.
    pub permille: u64,
}

/// What an alarm measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burn {
    /// Whether it rings.
    pub is_firing: bool,
    /// The rate over the long stretch, in thousandths of the even rate.
    pub long_permille: u64,
    /// The same over the short one.
    pub short_permille: u64,
    /// When the credits end at the rate of the long stretch, if that is before the reset.
    pub ends: Option<Timestamp>,
}

impl BurnAlarm {
    /// A fiftieth of the month in an hour; a twentieth in six; and what no longer lasts. The last
    /// one's multiple is nearly the even rate: it rings only where the credits end too early.
    pub const ALL: [Self; 3] = [
        Self {
            name: "fast",
            long: Duration::from_secs(3_600),
            short: Duration::from_secs(300),
            permille: 14_400,
        },
        Self {
            name: "steady",
            long: Duration::from_secs(6 * 3_600),
            short: Duration::from_secs(1_800),
            permille: 6_000,
        },
        Self {
            name: "slow",
            long: Duration::from_secs(3 * 86_400),
            short: Duration::from_secs(86_400),
            permille: 1_100,
        },
    ];

    /// Looks at a window and at what was spent lately. What rings goes on ringing until the short
    /// stretch is well below the multiple, or the credits last after all.
    #[must_use]
    pub fn judge(
        &self,
        spending: &Spending,
        window: &Funds,
        was_firing: bool,
        now: Timestamp,
    ) -> Burn {
        let rate = |length: Duration| {
            let spent = u128::from(spending.over(length, now));
            let even = u128::from(window.limit.get()).saturating_mul(length.as_millis());
            let period = window.reset.since(window.start).as_millis();
            let permille = spent.saturating_mul(period).saturating_mul(1_000).checked_div(even);
            permille.map_or(0, |permille| u64::try_from(permille).unwrap_or(u64::MAX))
        };
        let (long_permille, short_permille) = (rate(self.long), rate(self.short));
        let ends = self.end(spending, window, now).filter(|ends| *ends < window.reset);
        let needed = if was_firing {
            self.permille * (100 - u64::from(limits::BURN_HYSTERESIS)) / 100
        } else {
            self.permille
        };
        let is_fast = short_permille >= needed && (was_firing || long_permille >= needed);
        let is_firing = is_fast && ends.is_some();
        Burn { is_firing, long_permille, short_permille, ends }
    }

    /// When nothing is left at the rate of the long stretch.
    fn end(&self, spending: &Spending, window: &Funds, now: Timestamp) -> Option<Timestamp> {
        let left = u128::from(window.limit.saturating_sub(window.used).get());
        let spent = u128::from(spending.over(self.long, now));
        let millis = left.saturating_mul(self.long.as_millis()).checked_div(spent)?;
        let millis = u64::try_from(millis).ok().filter(|millis| *millis < u64::MAX / 4)?;
        Some(now.after(Duration::from_millis(millis)))
    }
}

impl Spending {
    /// Books what was spent at an instant.
    pub fn add(&mut self, credits: Credits, at: Timestamp) {
        if credits.is_zero() {
            return;
        }
        let spent = self.0.entry(minute(at)).or_default();
        *spent = spent.saturating_add(credits.get());
        let oldest = minute(at) - limits::SPENDING_MINUTES;
        self.0 = self.0.split_off(&oldest);
    }

    /// Books what was spent before this began to look, in whatever order.
    pub fn add_past(&mut self, credits: Credits, at: Timestamp) {
        if !credits.is_zero() {
            let spent = self.0.entry(minute(at)).or_default();
            *spent = spent.saturating_add(credits.get());
        }
    }

    /// Adds what another has noted.
    pub fn take_in(&mut self, other: Self) {
        for (minute, credits) in other.0 {
            let spent = self.0.entry(minute).or_default();
            *spent = spent.saturating_add(credits);
        }
    }

    /// What was spent in the last `length`, in whole minutes.
    #[must_use]
    pub fn over(&self, length: Duration, now: Timestamp) -> u64 {
        let after = minute(now.before(length));
        let spent = self.0.range(after + 1..=minute(now)).map(|(_, credits)| *credits);
        spent.fold(0, u64::saturating_add)
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(MINUTE_MS)
}

#[cfg(test)]
mod tests;
