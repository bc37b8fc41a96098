use clock::Timestamp;
use serde::{Deserialize, Serialize};

const HOUR_MS: i64 = 3_600_000;
const HOURS_A_DAY: usize = 24;
const HOURS_A_WEEK: usize = 168;
/// A week has to be seen twice before it is told from chance.
const WEEKS_MIN: usize = 2;
/// How many sightings of an hour of the week its day and its hour together weigh.
const PRIOR: f64 = 3.0;

/// What demand is seen to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Season {
    /// The hour of the day.
    Day,
    /// The hour of the week.
    Week,
}

impl Season {
    /// How many means of days it is made of.
    pub(super) const fn n_means(self) -> usize {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

/// The usual credits of each hour of the season.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) season: Season,
    usual: Vec<f64>,
    /// The place in `usual` of the present hour.
    now: usize,
}

impl Profile {
    /// Of a history of whole hours that ends where the hour of `now` begins.
    pub(super) fn of(history: &[u64], now: Timestamp) -> Self {
        let hours = usize::try_from(now.as_millis().div_euclid(HOUR_MS)).unwrap_or(0);
        // The first of January 1970 was a Thursday; where a week begins does not matter here.
        let now = hours % HOURS_A_WEEK;
        let by_day = usual(history, now % HOURS_A_DAY, HOURS_A_DAY);
        if history.len() < WEEKS_MIN * HOURS_A_WEEK {
            let usual = by_day.into_iter().map(|(mean, _)| mean).collect();
            return Self { season: Season::Day, usual, now: now % HOURS_A_DAY };
        }
        let by_week = usual(history, now, HOURS_A_WEEK);
        Self { season: Season::Week, usual: shrunk(&by_day, &by_week), now }
    }

    /// The usual credits so many hours before the present one.
    pub(super) fn back(&self, hours: usize) -> f64 {
        let length = self.usual.len();
        self.usual[(self.now + length - hours % length) % length]
    }

    /// The usual credits so many hours after it.
    pub(super) fn ahead(&self, hours: usize) -> f64 {
        self.usual[(self.now + hours) % self.usual.len()]
    }
}

/// The mean of each hour of the season, and of how many sightings.
fn usual(history: &[u64], now: usize, length: usize) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0); length];
    for (back, credits) in (1..).zip(history.iter().rev()) {
        let (sum, n) = &mut sums[(now + length - back % length) % length];
        *sum += *credits as f64;
        *n += 1.0;
    }
    sums.into_iter().map(|(sum, n)| (if n > 0.0 { sum / n } else { 0.0 }, n)).collect()
}

/// The hours of the week, drawn towards what their day and their hour of the day make of them: a
/// week or two of single hours are mostly chance.
fn shrunk(by_day: &[(f64, f64)], by_week: &[(f64, f64)]) -> Vec<f64> {
    let mean = by_day.iter().map(|(mean, _)| mean).sum::<f64>() / by_day.len() as f64;
    let days: Vec<f64> = by_week
        .chunks(HOURS_A_DAY)
        .map(|day| day.iter().map(|(mean, _)| mean).sum::<f64>() / day.len() as f64)
        .collect();
    let expected = |hour: usize| match mean > 0.0 {
        true => by_day[hour % HOURS_A_DAY].0 * days[hour / HOURS_A_DAY] / mean,
        false => 0.0,
    };
    let shrink =
        |(hour, (seen, n)): (usize, &(f64, f64))| (seen * n + expected(hour) * PRIOR) / (n + PRIOR);
    by_week.iter().enumerate().map(shrink).collect()
}
