//! How long answers take: distributions that are drawn from a number in 0..1.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::market::noise::Dice;

/// No answer is held back longer.
const MOST_MS: f64 = 600_000.0;

/// A distribution of milliseconds of real time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Latency {
    /// Always the same.
    ConstantMs(f64),
    /// Anything between these two.
    UniformMs(f64, f64),
    /// A mean and a standard deviation; never below 0.
    NormalMs(f64, f64),
    /// A median, and the standard deviation of the logarithm (0.5: a tenth takes twice as long).
    LognormalMs(f64, f64),
    /// Pairs of a percentile (0 to 100) and its milliseconds, both rising; straight lines between.
    PercentilesMs(Vec<(f64, f64)>),
}

impl Latency {
    /// What is wrong with it, in words.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let are_lengths = |values: &[f64]| values.iter().all(|ms| (0.0..=MOST_MS).contains(ms));
        let is_right = match self {
            Self::ConstantMs(ms) => are_lengths(&[*ms]),
            Self::UniformMs(least, most) => are_lengths(&[*least, *most]) && least <= most,
            Self::NormalMs(mean, deviation) => are_lengths(&[*mean, *deviation]),
            Self::LognormalMs(median, sigma) => {
                are_lengths(&[*median]) && (0.0..=5.0).contains(sigma)
            }
            Self::PercentilesMs(table) => {
                let rises = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1;
                !table.is_empty()
                    && table.windows(2).all(rises)
                    && table.iter().all(|it| (0.0..=100.0).contains(&it.0) && are_lengths(&[it.1]))
            }
        };
        (!is_right).then_some(
            "latency takes milliseconds from 0 to 600000, ranges and percentiles rising, \
             and a sigma from 0 to 5",
        )
    }

    /// One length, by a dice of one's own.
    pub(crate) fn draw(&self, dice: Dice) -> Duration {
        let ms = match self {
            Self::ConstantMs(ms) => *ms,
            Self::UniformMs(least, most) => least + (most - least) * dice.unit(11),
            Self::NormalMs(mean, deviation) => mean + deviation * normal(dice),
            Self::LognormalMs(median, sigma) => median * (sigma * normal(dice)).exp(),
            Self::PercentilesMs(table) => between(table, 100.0 * dice.unit(11)),
        };
        Duration::from_secs_f64(ms.clamp(0.0, MOST_MS) / 1_000.0)
    }
}

/// Twelve uniform draws make a bell of deviation 1.
fn normal(dice: Dice) -> f64 {
    (20..32).map(|lane| dice.unit(lane)).sum::<f64>() - 6.0
}

fn between(table: &[(f64, f64)], percentile: f64) -> f64 {
    let after = table.iter().position(|row| row.0 >= percentile);
    match after {
        None => table.last().map_or(0.0, |row| row.1),
        Some(0) => table[0].1,
        Some(at) => {
            let ((from, low), (to, high)) = (table[at - 1], table[at]);
            low + (high - low) * (percentile - from) / (to - from)
        }
    }
}

#[cfg(test)]
mod tests;
