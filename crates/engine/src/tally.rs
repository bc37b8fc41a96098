//! How often each coin is asked for in each currency: counts that fade, in bounded memory. Pure.
//!
//! The pairs asked for most are counted one by one; all others by a sketch, out of which a pair
//! that grows popular is taken over with its count. Counts fade by a constant factor a second, so
//! that the tally tells of the last minutes, whatever was asked for yesterday.

use std::{collections::HashMap, time::Duration};

use clock::Timestamp;
use cmc_api::CoinId;

use crate::{ids::IdMap, limits};

mod sketch;

use sketch::Sketch;

/// A coin and the currency it is priced in.
pub type Pair = (CoinId, CoinId);

/// Weights grow by at most `e` to this before all counts are scaled down.
const EXPONENT_MAX: f64 = 20.0;

/// The fading counts.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The pairs that are counted one by one.
    top: IdMap<Pair, f64>,
    sketch: Sketch,
    /// What a pair must have to be counted by itself.
    floor: f64,
    /// When a count weighs one.
    reference: Timestamp,
    started: Timestamp,
    /// All askings, and all askings of late.
    total: Fading,
    late: Fading,
    /// Questions by the block of ranks of what they ask for, and by currency.
    questions: HashMap<(u32, CoinId), Fading>,
}

/// One count that fades.
#[derive(Clone, Copy, Debug)]
struct Fading {
    count: f64,
    at: Timestamp,
    memory: Duration,
}

impl Fading {
    const fn new(memory: Duration, at: Timestamp) -> Self {
        Self { count: 0.0, at, memory }
    }

    fn add(&mut self, n: f64, now: Timestamp) {
        self.count = self.count(now) + n;
        self.at = now;
    }

    fn count(&self, now: Timestamp) -> f64 {
        self.count * (-(now.since(self.at).as_secs_f64() / self.memory.as_secs_f64())).exp()
    }
}

impl Tally {
    /// Nothing was asked for yet.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            top: IdMap::default(),
            sketch: Sketch::new(),
            floor: 0.0,
            reference: now,
            started: now,
            total: Fading::new(limits::TALLY_MEMORY, now),
            late: Fading::new(limits::TALLY_LATE, now),
            questions: HashMap::new(),
        }
    }

    /// `pair` was asked for `n` times.
    pub fn add(&mut self, pair: Pair, n: f64, now: Timestamp) {
        self.total.add(n, now);
        self.late.add(n, now);
        let weighed = n * self.weight(now);
        let estimate = self.sketch.add(pair, weighed);
        if let Some(count) = self.top.get_mut(&pair) {
            *count += weighed;
        } else if estimate > self.floor {
            self.top.insert(pair, if self.floor > 0.0 { estimate } else { weighed });
            self.prune();
        }
    }

    /// A question was for coins of this block, however many, `n` times.
    pub fn add_question(&mut self, block: u32, currency: CoinId, n: f64, now: Timestamp) {
        if self.questions.len() >= limits::QUESTIONS_MAX {
            self.questions.retain(|_, count| count.count(now) > limits::TALLY_FORGOTTEN);
            if self.questions.len() >= limits::QUESTIONS_MAX {
                self.questions.clear();
            }
        }
        let new = || Fading::new(limits::TALLY_MEMORY, now);
        self.questions.entry((block, currency)).or_insert_with(new).add(n, now);
    }

    /// How many questions were for coins of a block in a currency lately.
    #[must_use]
    pub fn questions(&self, block: u32, currency: CoinId, now: Timestamp) -> f64 {
        self.questions.get(&(block, currency)).map_or(0.0, |count| count.count(now))
    }

    /// How many questions were for a block lately, by currency.
    pub fn questions_of(
        &self,
        block: u32,
        now: Timestamp,
    ) -> impl Iterator<Item = (CoinId, f64)> + '_ {
        let of_block = self.questions.iter().filter(move |((of, _), _)| *of == block);
        of_block.map(move |((_, currency), count)| (*currency, count.count(now)))
    }

    /// The pairs counted one by one, and how often each was asked for lately.
    pub fn counts(&self, now: Timestamp) -> impl Iterator<Item = (Pair, f64)> + '_ {
        let fade = self.fade(now);
        self.top.iter().map(move |(pair, count)| (*pair, count * fade))
    }

    /// How often `pair` was asked for lately; of rare ones an upper estimate.
    #[must_use]
    pub fn count(&self, pair: Pair, now: Timestamp) -> f64 {
        let counted = self.top.get(&pair).copied();
        counted.unwrap_or_else(|| self.sketch.estimate(pair).min(self.floor)) * self.fade(now)
    }

    /// How often anything was asked for lately.
    #[must_use]
    pub fn total(&self, now: Timestamp) -> f64 {
        self.total.count(now)
    }

    /// For how many seconds a steady demand would have had to last to be counted like this.
    #[must_use]
    pub fn window(&self, now: Timestamp) -> f64 {
        window(limits::TALLY_MEMORY, now.since(self.started)).max(limits::TALLY_WINDOW_MIN_S)
    }

    /// What is left of the demand: the rate of late by that of the whole memory, one at most. A
    /// demand that stops must not be paid for as long as it is remembered.
    #[must_use]
    pub fn ebb(&self, now: Timestamp) -> f64 {
        let window_late = window(limits::TALLY_LATE, now.since(self.started));
        let window_late = window_late.max(limits::TALLY_WINDOW_MIN_S);
        let rate = self.total(now) / self.window(now);
        let late = self.late.count(now) / window_late;
        if rate > 0.0 { (late / rate).min(1.0) } else { 0.0 }
    }

    /// How many pairs are counted one by one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.top.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.top.is_empty()
    }

    /// What an asking of `now` weighs: instead of fading the past, the present grows.
    fn weight(&mut self, now: Timestamp) -> f64 {
        let exponent = self.exponent(now);
        if exponent <= EXPONENT_MAX {
            return exponent.exp();
        }
        let fade = (-exponent).exp();
        self.top.values_mut().for_each(|count| *count *= fade);
        // What has faded away is forgotten, so that the map tells of what is asked for.
        self.top.retain(|_, count| *count > limits::TALLY_FORGOTTEN);
        self.sketch.scale(fade);
        self.floor *= fade;
        self.reference = now;
        1.0
    }

    fn fade(&self, now: Timestamp) -> f64 {
        (-self.exponent(now)).exp()
    }

    fn exponent(&self, now: Timestamp) -> f64 {
        now.since(self.reference).as_secs_f64() / limits::TALLY_MEMORY.as_secs_f64()
    }

    /// Too many are counted one by one: the lesser half goes back into the sketch, where it is
    /// counted all the same.
    fn prune(&mut self) {
        if self.top.len() <= limits::TALLY_PAIRS_MAX {
            return;
        }
        let mut counts: Vec<f64> = self.top.values().copied().collect();
        let middle = counts.len() / 2;
        let (_, median, _) = counts.select_nth_unstable_by(middle, f64::total_cmp);
        self.floor = *median;
        let floor = self.floor;
        self.top.retain(|_, count| *count > floor);
    }
}

fn window(memory: Duration, lasted: Duration) -> f64 {
    let memory = memory.as_secs_f64();
    memory * -(-(lasted.as_secs_f64() / memory)).exp_m1()
}

#[cfg(test)]
mod tests;
