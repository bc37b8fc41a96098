use std::time::Duration;

use clock::Timestamp;
use serde::{Deserialize, Serialize};

use super::learned::{Ratio, fade};

/// Hours of a week.
pub(super) const HOURS: usize = 168;
const HOUR_MS: i64 = 3_600_000;
/// An hour of the week is seen for an hour a week: this is three weeks.
const HALF_LIFE_S: f64 = 3.0 * 3_600.0;
/// How much a week's hour leans on the same hour of all days, in seconds of watching.
const LEAN_ON_DAYS_S: f64 = 7_200.0;
/// How much an hour of the day leans on the mean of all.
const LEAN_ON_ALL_S: f64 = 1_800.0;
/// No hour is thought to be emptier than this share of the mean.
const SHARE_MIN: f64 = 0.02;

/// When people ask: the demand of each hour of the week, learned, as a share of the mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    hours: Vec<Ratio>,
    #[serde(skip)]
    shares: Vec<f64>,
}

impl Profile {
    /// Which hour of the week an instant lies in, UTC.
    #[must_use]
    pub fn hour_of(at: Timestamp) -> usize {
        let hour = at.as_millis().div_euclid(HOUR_MS).rem_euclid(168);
        usize::try_from(hour).unwrap_or(0)
    }

    /// Learns that so many answers were asked for in so many seconds.
    pub(super) fn learn(&mut self, at: Timestamp, seconds: f64, asked: f64) {
        if let Some(hour) = self.hours.get_mut(Self::hour_of(at)) {
            hour.add(fade(seconds, HALF_LIFE_S), asked, seconds);
        }
        self.smooth();
    }

    /// The demand of an hour of the week as a share of the mean.
    #[must_use]
    pub fn share(&self, hour: usize) -> f64 {
        self.shares.get(hour).copied().unwrap_or(1.0)
    }

    /// Seconds between two instants by the hour of the week they fall into.
    #[must_use]
    pub fn seconds_by_hour(from: Timestamp, to: Timestamp) -> Vec<f64> {
        let mut seconds = vec![0.0; HOURS];
        let mut at = from;
        while at < to {
            let next_hour = (at.as_millis().div_euclid(HOUR_MS) + 1) * HOUR_MS;
            let next = Timestamp::from_millis(next_hour).min(to);
            seconds[Self::hour_of(at)] += next.since(at).as_secs_f64();
            // The calendar ends somewhere: then there is no later instant.
            at = if next > at { next } else { at.after(Duration::from_secs(3_600)) };
        }
        seconds
    }

    /// Whether it is one that can be reckoned with: it may have been read from a file.
    pub(super) fn is_sound(&self) -> bool {
        self.hours.len() == HOURS && self.hours.iter().all(Ratio::is_sound)
    }

    /// What is known of an hour of the week leans on that hour of the day, and that on the mean:
    /// one odd night shall not look like a law.
    pub(super) fn smooth(&mut self) {
        let all = Ratio::sum(self.hours.iter());
        let mean = all.value(0.0, 1.0);
        if mean <= 0.0 {
            self.shares = vec![1.0; HOURS];
            return;
        }
        let by_day: Vec<f64> = (0..24)
            .map(|hour| {
                let same = self.hours.iter().skip(hour).step_by(24);
                Ratio::sum(same).value(mean, LEAN_ON_ALL_S)
            })
            .collect();
        let known = self.hours.iter().zip(by_day.iter().cycle());
        let smooth: Vec<f64> = known
            .map(|(hour, day)| hour.value(*day, LEAN_ON_DAYS_S).max(mean * SHARE_MIN))
            .collect();
        let mean = smooth.iter().sum::<f64>() / 168.0;
        self.shares = smooth.into_iter().map(|rate| rate / mean).collect();
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self { hours: vec![Ratio::default(); HOURS], shares: vec![1.0; HOURS] }
    }
}
