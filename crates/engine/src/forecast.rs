//! How often each coin will be asked for: what was counted, and what ranks make of the rest. Pure.
//!
//! A coin is asked for at a rate that is not known; what is known is how often it was, which tells
//! little of the many coins that are hardly asked for. So each rate is estimated as a gamma
//! distribution's mean: the prior is what the coins of the same block of ranks are asked for on
//! the average, and the count moves it. Where ranks tell nothing, all blocks look alike, and
//! counting alone decides.

use clock::Timestamp;
use cmc_api::CoinId;

use crate::{
    ids::IdMap,
    limits,
    ranks::Ranks,
    tally::{Pair, Tally},
};

/// How alike the coins of a block are believed to be, at most and at least: the shape of the
/// gamma distribution. Where ranks tell little, a few coins are asked for often and most never.
const ALIKE_MAX: f64 = 1.0;
const ALIKE_MIN: f64 = 0.01;
/// The same of one coin in the currencies, which are alike.
const ALIKE_CURRENCIES: f64 = 2.0;
/// Coins without a place that nobody knows of until they are asked for.
const UNLISTED_MIN: usize = 1_000;
/// Askings that are believed to have been made when there were none, spread by rank.
const BELIEVED: f64 = 0.5;
/// How many askings of coins are believed to be by symbol, and how many askings that weighs.
const SYMBOLS_BELIEVED: f64 = 0.3;
const SYMBOL_ASKINGS: f64 = 20.0;
/// How many places the first ones count as one: the top is flatter than its ranks say.
const PLACES_ALIKE: f64 = 10.0;
/// The block of coins that have no place.
pub(crate) const UNLISTED: u32 = u32::MAX;
/// In place of a block: all coins, listed or not.
pub(crate) const WHOLE: u32 = u32::MAX - 1;
/// In place of a block: the totals of the market.
pub(crate) const MARKET: u32 = u32::MAX - 2;

/// A coin, how often it will be asked for in a second, and its block of ranks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The coin.
    pub coin: CoinId,
    /// Askings a second.
    pub rate: f64,
    /// Its block, or [`UNLISTED`].
    pub(crate) block: u32,
    /// Questions for each asking: below one where many coins are asked for in one question, and
    /// so missed together.
    pub(crate) apart: f64,
}

/// What is expected of one currency.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The currency.
    pub currency: CoinId,
    /// Askings a second of all its coins.
    pub rate: f64,
    /// Questions a second, each for one coin or more.
    pub questions: f64,
    /// Its coins, the most wanted first.
    pub coins: Vec<Expected>,
}

/// What is expected, by currency, the most wanted first; never empty.
#[derive(Clone, Debug, Default)]
pub struct Forecast {
    /// By currency.
    pub outlooks: Vec<Outlook>,
    /// Of all currencies together: what a currency that was never asked for is believed to be like.
    pub whole: Vec<Expected>,
    /// How often in a second the market's totals are asked for, by currency, the most wanted first.
    pub totals: Vec<(CoinId, f64)>,
    /// Askings that it is made of.
    pub n_asked: f64,
}

impl Forecast {
    /// From what was counted until `now`, here and, in askings a second, by `others`.
    #[must_use]
    pub fn of(tally: &Tally, ranks: &Ranks, others: &[(Pair, f64)], now: Timestamp) -> Self {
        let window = tally.window(now);
        let (counts, more) = counted(tally, others, window, now);
        // What others tell has ebbed already.
        let ebb = (tally.ebb(now) + more - 1.0) / more;
        let whole = whole(&counts, ranks, window);
        let n_asked: f64 = counts.iter().map(|(_, count)| count).sum();
        let mut by_currency: IdMap<CoinId, IdMap<CoinId, f64>> = IdMap::default();
        for ((coin, currency), count) in counts {
            by_currency.entry(currency).or_default().insert(coin, count);
        }
        let sum = |counted: &IdMap<CoinId, f64>| counted.values().sum::<f64>();
        let mut by_currency: Vec<_> =
            by_currency.into_iter().map(|(id, counted)| (sum(&counted), id, counted)).collect();
        by_currency.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        by_currency.truncate(limits::CURRENCIES_FORESEEN_MAX);
        let outlooks = by_currency.into_iter().map(|(asked, currency, counted)| {
            let share = asked / n_asked.max(f64::MIN_POSITIVE);
            let apart =
                Apart::of(&counted, ranks, |block| more * tally.questions(block, currency, now));
            let mut coins: Vec<Expected> = whole
                .iter()
                .map(|expected| {
                    let prior = expected.rate * window * share;
                    let count = counted.get(&expected.coin).copied().unwrap_or(0.0);
                    let rate = ebb * mean(count, prior, ALIKE_CURRENCIES, window);
                    Expected { rate, apart: apart.at(expected.block), ..*expected }
                })
                .collect();
            sort(&mut coins);
            let rate = coins.iter().map(|expected| expected.rate).sum();
            let questions = more * ebb * tally.questions(WHOLE, currency, now) / window;
            Outlook { currency, rate, questions, coins }
        });
        let totals = totals(tally, window, now);
        Self { outlooks: outlooks.collect(), whole, totals, n_asked }
    }

    /// The coins expected in `currency`, the most wanted first.
    #[must_use]
    pub fn coins(&self, currency: CoinId) -> &[Expected] {
        let known = self.outlooks.iter().find(|outlook| outlook.currency == currency);
        known.map_or(&self.whole, |outlook| &outlook.coins)
    }
}

/// How often the market's totals will be asked for.
fn totals(tally: &Tally, window: f64, now: Timestamp) -> Vec<(CoinId, f64)> {
    let asked = tally.questions_of(MARKET, now);
    let mut totals: Vec<_> = asked.map(|(currency, n)| (currency, n / window)).collect();
    totals.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    totals
}

/// What was counted with what others are asked for, and how much more that is.
fn counted(
    tally: &Tally,
    others: &[(Pair, f64)],
    window: f64,
    now: Timestamp,
) -> (Vec<(Pair, f64)>, f64) {
    let mut counts: IdMap<Pair, f64> = tally.counts(now).collect();
    let own: f64 = counts.values().sum();
    for (pair, rate) in others {
        *counts.entry(*pair).or_default() += rate * window;
    }
    let all: f64 = counts.values().sum();
    let more = if own > 0.0 { all / own } else { f64::MAX };
    let mut counts: Vec<(Pair, f64)> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|(pair, _)| *pair);
    (counts, more)
}

/// How many questions there are to an asking, by block.
struct Apart(IdMap<u32, f64>);

impl Apart {
    fn of(counted: &IdMap<CoinId, f64>, ranks: &Ranks, questions: impl Fn(u32) -> f64) -> Self {
        let mut asked: IdMap<u32, f64> = IdMap::default();
        counted.iter().for_each(|(coin, count)| {
            *asked.entry(ranks.block(*coin).unwrap_or(UNLISTED)).or_default() += count;
        });
        let apart = asked.into_iter().map(|(block, asked)| {
            let questions = questions(block);
            (block, if questions > 0.0 { (questions / asked).min(1.0) } else { 1.0 })
        });
        Self(apart.collect())
    }

    fn at(&self, block: u32) -> f64 {
        self.0.get(&block).copied().unwrap_or(1.0)
    }
}

/// What the coins of a block are asked for: on the average, and how much they are alike in it.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Block {
    fn add(&mut self, count: f64) {
        self.n += 1.0;
        self.sum += count;
        self.squares += count * count;
    }

    fn mean(&self) -> f64 {
        self.sum / self.n.max(1.0)
    }

    /// Counts of coins that are alike scatter by chance alone, as much as their mean; whatever
    /// they scatter beyond that tells how different the coins are.
    fn alike(&self) -> f64 {
        let mean = self.mean();
        let beyond = self.squares / self.n.max(1.0) - mean * mean - mean;
        if beyond <= 0.0 { ALIKE_MAX } else { (mean * mean / beyond).clamp(ALIKE_MIN, ALIKE_MAX) }
    }
}

/// Every coin whose rate can be told, in all currencies together.
fn whole(counts: &[(Pair, f64)], ranks: &Ranks, window: f64) -> Vec<Expected> {
    let mut by_coin: IdMap<CoinId, f64> =
        IdMap::with_capacity_and_hasher(counts.len(), <_>::default());
    for ((coin, _), count) in counts {
        *by_coin.entry(*coin).or_default() += count;
    }
    let mut all: Vec<(CoinId, u32, f64)> = Vec::with_capacity(ranks.order().len() + 64);
    for (place, coin) in (0_u32..).zip(ranks.order()) {
        let count = by_coin.remove(coin).unwrap_or(0.0);
        all.push((*coin, place / limits::BLOCK_PLACES, count));
    }
    let mut counted = |coin: &CoinId| by_coin.remove(coin).unwrap_or(0.0);
    let namesakes: Vec<_> =
        ranks.namesakes().iter().map(|(coin, first)| (*coin, *first, counted(coin))).collect();
    all.extend(by_coin.into_iter().map(|(coin, count)| (coin, UNLISTED, count)));
    let mut blocks: IdMap<u32, Block> = IdMap::default();
    for (_, block, count) in &all {
        blocks.entry(*block).or_default().add(*count);
    }
    if let Some(unlisted) = blocks.get_mut(&UNLISTED) {
        unlisted.n += UNLISTED_MIN as f64;
    }
    let expected = expected_of_blocks(&blocks);
    let harmonic = (ranks.order().len() as f64 / PLACES_ALIKE + 1.0).ln().max(1.0);
    let mut coins: Vec<Expected> = (0_u32..)
        .zip(all)
        .map(|(place, (coin, block, counted))| {
            let of_block = blocks.get(&block).copied().unwrap_or_default();
            let expected = expected.get(&block).copied().unwrap_or_default();
            let believed = BELIEVED / ((f64::from(place) + PLACES_ALIKE) * harmonic);
            let believed = if block == UNLISTED { believed / 100.0 } else { believed };
            let rate = mean(counted, expected + believed, of_block.alike(), window);
            Expected { coin, rate, block, apart: 1.0 }
        })
        .collect();
    add_namesakes(&mut coins, &namesakes, window);
    sort(&mut coins);
    coins
}

/// What a coin of each block is asked for on the average. A block that was hardly asked for yet is
/// believed to be like the one above it, but no more than any above it: after the first moments
/// of a demand, one that chance has left out would be left out of a page, too.
fn expected_of_blocks(blocks: &IdMap<u32, Block>) -> IdMap<u32, f64> {
    let mut in_order: Vec<(u32, Block)> = blocks.iter().map(|(n, block)| (*n, *block)).collect();
    in_order.sort_unstable_by_key(|(number, _)| *number);
    let (mut above, mut least) = (0.0, f64::INFINITY);
    let expected = in_order.into_iter().map(|(number, block)| {
        if number == UNLISTED {
            return (number, block.mean());
        }
        let like_above = if above > 0.0 { (block.sum + 1.0) / (1.0 + 1.0 / above) } else { 0.0 };
        let mean = block.mean().max(least.min(like_above / block.n.max(1.0)));
        // What it is believed to be, not what was counted: two blocks in a row that chance has left
        // out do not end the market.
        (above, least) = (mean * block.n, least.min(mean));
        (number, mean)
    });
    expected.collect()
}

/// Who asks for a symbol asks for every coin that has it: a coin without a place, of which its own
/// count tells little, is asked for as often as the first coin of its symbol is asked for by
/// symbol. How often that is, all of them tell together.
fn add_namesakes(coins: &mut Vec<Expected>, namesakes: &[(CoinId, CoinId, f64)], window: f64) {
    let rates: IdMap<CoinId, f64> =
        coins.iter().map(|expected| (expected.coin, expected.rate)).collect();
    let rate_of = |first: &CoinId| rates.get(first).copied().unwrap_or(0.0);
    let counted: f64 = namesakes.iter().map(|(_, _, counted)| counted).sum();
    let of_firsts: f64 = namesakes.iter().map(|(_, first, _)| rate_of(first) * window).sum();
    let by_symbol = (counted + SYMBOLS_BELIEVED * SYMBOL_ASKINGS) / (of_firsts + SYMBOL_ASKINGS);
    coins.extend(namesakes.iter().map(|(coin, first, counted)| {
        let prior = by_symbol.min(1.0) * rate_of(first) * window;
        let rate = mean(*counted, prior, ALIKE_MAX, window);
        Expected { coin: *coin, rate, block: UNLISTED, apart: 1.0 }
    }));
}

/// The mean of a gamma distribution whose prior, of that shape, expects `prior` askings in
/// `window` seconds.
fn mean(counted: f64, prior: f64, shape: f64, window: f64) -> f64 {
    (counted + shape) / (window * (1.0 + shape / prior.max(f64::MIN_POSITIVE)))
}

fn sort(coins: &mut [Expected]) {
    coins.sort_unstable_by(|one, other| {
        other.rate.total_cmp(&one.rate).then(one.coin.cmp(&other.coin))
    });
}

#[cfg(test)]
mod tests;
