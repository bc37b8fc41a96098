//! Wanted quotes → the purchases that bring them all, for the fewest credits, then in the fewest
//! calls. Pure, and blind to what coins are.
//!
//! Two things are for sale. *Named coins*: up to 250 of them, in any currencies. *Places*: a run of
//! blocks of the ranking, in any currencies. Either costs a credit per begun block of 250, and one
//! for each currency after the first.
//!
//! Of named coins alone, nothing beats buying each currency's coins in full blocks: a call in `k`
//! currencies costs `k` and brings each of them one block at most, so currency `u` with `n` coins
//! needs `n / 250` credits, rounded up, whatever the others do. What remains is to let currencies
//! share calls, and to see where a run of places is cheaper, which takes more than a block of
//! coins in more than one currency.

use cmc_api::CoinId;
use smallvec::SmallVec;

mod exact;
mod named;

/// The currencies of a purchase.
pub type Currencies = SmallVec<[CoinId; 4]>;

/// A quote that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    /// The coin.
    pub coin: CoinId,
    /// The currency.
    pub currency: CoinId,
    /// The block of the coin's place in the ranking, if it has one.
    pub block: Option<u32>,
}

/// What limits a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Coins that one credit buys, and most that a call names.
    pub block: usize,
    /// Most currencies of a call.
    pub converts_max: usize,
    /// Most blocks of places in a call.
    pub blocks_max: u32,
}

/// One call's worth of quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// Which coins.
    pub lot: Lot,
    /// In which currencies.
    pub currencies: Currencies,
}

/// The coins of a purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lot {
    /// By name.
    Coins(Vec<CoinId>),
    /// Whatever has its place there.
    Blocks {
        /// The first block.
        first: u32,
        /// How many.
        n_blocks: u32,
    },
}

/// What purchases take: credits, then calls.
pub type Cost = (u64, u64);

impl Purchase {
    /// What it costs at most.
    #[must_use]
    pub fn credits(&self, bounds: Bounds) -> u64 {
        let n_blocks = match &self.lot {
            Lot::Coins(coins) => coins.len().div_ceil(bounds.block).max(1) as u64,
            Lot::Blocks { n_blocks, .. } => u64::from(*n_blocks),
        };
        n_blocks + self.currencies.len() as u64 - 1
    }

    /// Whether it brings that quote.
    #[must_use]
    pub fn brings(&self, wanted: &Wanted) -> bool {
        self.currencies.contains(&wanted.currency)
            && match &self.lot {
                Lot::Coins(coins) => coins.contains(&wanted.coin),
                Lot::Blocks { first, n_blocks } => {
                    wanted.block.is_some_and(|block| (*first..first + n_blocks).contains(&block))
                }
            }
    }
}

/// What a set of purchases takes.
#[must_use]
pub fn cost(purchases: &[Purchase], bounds: Bounds) -> Cost {
    let credits = purchases.iter().map(|purchase| purchase.credits(bounds)).sum();
    (credits, purchases.len() as u64)
}

/// Covers all that is `wanted`; each quote only once, please.
#[must_use]
pub fn cover(wanted: &[Wanted], bounds: Bounds) -> Vec<Purchase> {
    let named = named::cover(wanted, bounds);
    let n_coins = named::distinct(wanted.iter().map(|wanted| wanted.coin));
    if n_coins <= bounds.block {
        // One block of coins, the currencies together: nothing can be cheaper.
        return named;
    }
    let others = if wanted.len() <= exact::PAIRS_MAX {
        vec![exact::cover(wanted, bounds)]
    } else {
        vec![with_runs(wanted, bounds, 1), with_runs(wanted, bounds, 0)]
    };
    let all = std::iter::once(named).chain(others);
    all.min_by_key(|purchases| cost(purchases, bounds)).unwrap_or_default()
}

/// Buys runs of places as long as one of them saves that many credits, and the rest by name. Runs
/// that save none may still save calls.
fn with_runs(wanted: &[Wanted], bounds: Bounds, least: u64) -> Vec<Purchase> {
    let mut left = wanted.to_vec();
    let mut bought = Vec::new();
    while let Some(run) = best_run(&left, bounds, least) {
        left.retain(|wanted| !run.brings(wanted));
        bought.push(run);
    }
    bought.extend(named::cover(&left, bounds));
    bought
}

/// The run that saves the most, if one saves enough.
fn best_run(left: &[Wanted], bounds: Bounds, least: u64) -> Option<Purchase> {
    let mut by_currency = Vec::new();
    for wanted in left {
        let place = by_currency.iter().position(|(currency, _, _)| *currency == wanted.currency);
        let place = place.unwrap_or_else(|| {
            by_currency.push((wanted.currency, 0_usize, Vec::new()));
            by_currency.len() - 1
        });
        by_currency[place].1 += 1;
        let Some(block) = wanted.block else { continue };
        let blocks: &mut Vec<usize> = &mut by_currency[place].2;
        blocks.resize(blocks.len().max(block as usize + 1), 0);
        blocks[block as usize] += 1;
    }
    let deepest = by_currency.iter().map(|(_, _, blocks)| blocks.len()).max().unwrap_or(0);
    let mut best: Option<(u64, Purchase)> = None;
    for first in 0..deepest {
        // How many of each currency lie in the run that grows block by block.
        let mut within = vec![0_usize; by_currency.len()];
        let longest = (deepest - first).min(bounds.blocks_max as usize);
        for n_blocks in 1..=longest {
            for (within, (_, _, blocks)) in within.iter_mut().zip(&by_currency) {
                *within += blocks.get(first + n_blocks - 1).copied().unwrap_or(0);
            }
            let saving = saving(&within, &by_currency, n_blocks as u64, bounds);
            if let Some((saved, currencies)) = saving
                && saved >= least
                && best.as_ref().is_none_or(|(most, _)| saved > *most)
            {
                let first = u32::try_from(first).unwrap_or(u32::MAX);
                let n_blocks = u32::try_from(n_blocks).unwrap_or(u32::MAX);
                let lot = Lot::Blocks { first, n_blocks };
                best = Some((saved, Purchase { lot, currencies }));
            }
        }
    }
    best.map(|(_, purchase)| purchase)
}

/// What a run saves with the currencies that are worth their credit, and which these are.
fn saving(
    within: &[usize],
    by_currency: &[(CoinId, usize, Vec<usize>)],
    n_blocks: u64,
    bounds: Bounds,
) -> Option<(u64, Currencies)> {
    let blocks = |n: usize| n.div_ceil(bounds.block) as u64;
    let mut saved: Vec<(u64, CoinId)> = within
        .iter()
        .zip(by_currency)
        .map(|(within, (currency, n, _))| (blocks(*n) - blocks(n - within), *currency))
        .collect();
    saved.sort_unstable_by(|one, other| other.cmp(one));
    let worth = saved.iter().take(bounds.converts_max).take_while(|(saved, _)| *saved >= 1);
    let (n, sum) = worth.clone().fold((0, 0), |(n, sum), (saved, _)| (n + 1, sum + saved));
    let price = n_blocks + u64::try_from(n).unwrap_or(u64::MAX).saturating_sub(1);
    (n > 0 && sum >= price).then(|| (sum - price, worth.map(|(_, currency)| *currency).collect()))
}

#[cfg(test)]
mod tests;
