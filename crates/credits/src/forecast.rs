//! What will have been spent at the reset, and how long the rest lasts: from history alone.
//!
//! The history is divided by its season (hours of the day, or of the week). What remains is one
//! ratio per day. Courses of the days to come are drawn from these ratios, the newer ones more
//! often, each course around a level of its own: nobody knows the true one. The band is where four
//! of five courses end.

mod dice;
mod season;

use clock::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Credits, limits};
use dice::Dice;
use season::Profile;

pub use season::Season;

const HOUR_MS: f64 = 3_600_000.0;
const HOURS_A_DAY: usize = 24;
/// With fewer hours nobody knows what a day is like.
const HOURS_MIN: usize = 2 * HOURS_A_DAY;
/// How long a course is followed.
const HORIZON_HOURS: usize = 92 * HOURS_A_DAY;
/// A ratio counts half as much as one that is so many days younger.
const HALF_LIFE_DAYS: f64 = 10.0;

/// What a forecast is made from.
#[derive(Clone, Copy, Debug)]
pub struct ForecastAsk<'a> {
    /// The credits of each whole hour before that of `now`, oldest first, without gaps.
    pub history: &'a [u64],
    /// The present instant.
    pub now: Timestamp,
    /// When the billing month ends.
    pub reset: Timestamp,
    /// Spent in the billing month so far.
    pub used: Credits,
    /// What may be spent in it; `None` without a limit.
    pub limit: Option<Credits>,
    /// Of the courses that are drawn: the same seed gives the same forecast.
    pub seed: u64,
}

/// The middle, and between which values four of five courses lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band<T> {
    /// One course of ten is below.
    pub low: T,
    /// As many above as below.
    pub mid: T,
    /// One course of ten is above.
    pub high: T,
}

/// What is to be expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// What the demand was seen to follow.
    pub season: Season,
    /// The hours that were looked at.
    pub hours: usize,
    /// Credits spent in the billing month when it ends, if nothing stopped them.
    pub used_at_reset: Band<u64>,
    /// For how many days what is left lasts, as if there were no reset; `None` within it: longer
    /// than three months. `None` as a whole: there is no limit.
    pub days_left: Option<Band<Option<f64>>>,
    /// The share of courses that meet the limit before the reset, from 0 to 1.
    pub chance_of_running_out: f64,
}

/// How one drawn course went.
struct Course {
    at_reset: f64,
    hours_left: Option<f64>,
}

/// Forecasts; `None` while there is less than two days of history.
#[must_use]
pub fn forecast(ask: &ForecastAsk<'_>) -> Option<Forecast> {
    let from = ask.history.len().saturating_sub(limits::FORECAST_HOURS_MAX);
    let history = &ask.history[from..];
    if history.len() < HOURS_MIN {
        return None;
    }
    let profile = Profile::of(history, ask.now);
    let days = Days::of(history, &profile);
    let mut dice = Dice::new(ask.seed);
    let courses: Vec<Course> =
        (0..limits::FORECAST_COURSES).map(|_| course(ask, &profile, &days, &mut dice)).collect();
    let ends = courses.iter().map(|course| course.at_reset);
    let ends = band(ends.collect()).map(whole);
    let never = f64::INFINITY;
    let left = courses.iter().map(|course| course.hours_left.unwrap_or(never) / 24.0);
    let left = band(left.collect()).map(|days| days.is_finite().then_some(days));
    let n_out = courses.iter().filter(|course| runs_out(ask, course)).count();
    Some(Forecast {
        season: profile.season,
        hours: history.len(),
        used_at_reset: ends,
        days_left: ask.limit.map(|_| left),
        chance_of_running_out: n_out as f64 / courses.len() as f64,
    })
}

fn runs_out(ask: &ForecastAsk<'_>, course: &Course) -> bool {
    ask.limit.is_some_and(|limit| course.at_reset >= limit.get() as f64)
}

/// The ratios of whole days to their season, the newest first.
struct Days {
    /// Each as its distance from the level, widened; with the sum of the weights up to it.
    distances: Vec<(f64, f64)>,
    level: f64,
    /// Of how many equal votes the level is the mean.
    n_effective: usize,
}

impl Days {
    fn of(history: &[u64], profile: &Profile) -> Self {
        let mut ratios = Vec::new();
        let mut end = history.len();
        while end >= HOURS_A_DAY {
            let hours = end - HOURS_A_DAY..end;
            let seen: f64 = history[hours.clone()].iter().map(|credits| *credits as f64).sum();
            let usual: f64 = hours.map(|hour| profile.back(history.len() - hour)).sum();
            let weight = 0.5_f64.powf(ratios.len() as f64 / HALF_LIFE_DAYS);
            let ratio = if usual > 0.0 { seen / usual } else { 0.0 };
            ratios.push((ratio, weight));
            end -= HOURS_A_DAY;
        }
        let weights: f64 = ratios.iter().map(|(_, weight)| weight).sum();
        let squares: f64 = ratios.iter().map(|(_, weight)| weight * weight).sum();
        let level = ratios.iter().map(|(ratio, weight)| ratio * weight).sum::<f64>() / weights;
        let n_effective = (weights * weights / squares).round().max(1.0);
        // A season that was learned from the same days has taken part of their differences.
        let free = 1.0 - profile.season.n_means() as f64 / ratios.len() as f64;
        let widening = widening(n_effective, n_effective * free);
        let mut sum = 0.0;
        let distances = ratios.into_iter().map(|(ratio, weight)| {
            sum += weight / weights;
            ((ratio - level) * widening, sum)
        });
        let distances = distances.collect();
        Self { distances, level, n_effective: usize::try_from(whole(n_effective)).unwrap_or(1) }
    }

    /// How far one of the days lay from the level, the newer ones more often.
    fn draw(&self, dice: &mut Dice) -> f64 {
        let at = dice.unit();
        let place = self.distances.partition_point(|(_, sum)| *sum <= at);
        self.distances.get(place).or(self.distances.last()).map_or(0.0, |(distance, _)| *distance)
    }

    /// A level that the same days might have told.
    fn draw_level(&self, dice: &mut Dice) -> f64 {
        let n = self.n_effective.max(2);
        let mean = (0..n).map(|_| self.draw(dice)).sum::<f64>() / n as f64;
        (self.level + mean).max(0.0)
    }
}

/// How much further values to come lie from the mean of `n` than those that were seen: the
/// quotient of Student's and the normal quantile that leave a tenth above, and that of the true
/// and the seen deviation. Both are 1 for many values.
fn widening(n: f64, freedom: f64) -> f64 {
    let freedom = freedom.max(1.0);
    let student = 1.0 + 0.66 / freedom + 0.75 / (freedom * freedom);
    student * (n / freedom).max(1.0).sqrt()
}

/// One course of the hours to come.
fn course(ask: &ForecastAsk<'_>, profile: &Profile, days: &Days, dice: &mut Dice) -> Course {
    let used = ask.used.get() as f64;
    let room = ask.limit.map(|limit| (limit.get() as f64 - used).max(0.0));
    let until_reset = ask.reset.since(ask.now).as_millis() as f64 / HOUR_MS;
    let level = days.draw_level(dice);
    // Of the present hour only the rest is to come.
    let begun = (ask.now.as_millis().rem_euclid(3_600_000)) as f64 / HOUR_MS;
    let (mut ratio, mut spent, mut at_reset, mut hours_left) = (level, 0.0, None, None);
    let mut passed = 0.0;
    for ahead in 0..HORIZON_HOURS {
        if ahead % HOURS_A_DAY == 0 {
            ratio = (level + days.draw(dice)).max(0.0);
        }
        let length = if ahead == 0 { 1.0 - begun } else { 1.0 };
        let each = profile.ahead(ahead) * ratio;
        if at_reset.is_none() && passed + length >= until_reset {
            at_reset = Some(used + spent + each * (until_reset - passed).max(0.0));
        }
        if let (Some(room), None) = (room, hours_left)
            && spent + each * length >= room
        {
            let part = if each > 0.0 { (room - spent) / each } else { 0.0 };
            hours_left = Some(passed + part.max(0.0));
        }
        if at_reset.is_some() && (room.is_none() || hours_left.is_some()) {
            break;
        }
        spent += each * length;
        passed += length;
    }
    Course { at_reset: at_reset.unwrap_or(used + spent), hours_left }
}

#[expect(clippy::cast_possible_truncation, reason = "credits of a month are far below 2^53")]
#[expect(clippy::cast_sign_loss, reason = "no course goes below zero")]
fn whole(value: f64) -> u64 {
    value.max(0.0).round() as u64
}

fn band(mut values: Vec<f64>) -> Band<f64> {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    let at = |tenths: usize| values[last * tenths / 10];
    Band { low: at(1), mid: at(5), high: at(9) }
}

impl<T> Band<T> {
    fn map<U>(self, of: impl Fn(T) -> U) -> Band<U> {
        Band { low: of(self.low), mid: of(self.mid), high: of(self.high) }
    }
}

#[cfg(test)]
mod tests;
