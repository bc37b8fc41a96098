//! Coins by name: the fewest credits, then currencies share calls where their coins fit.

use cmc_api::CoinId;

use super::{Bounds, Currencies, Lot, Purchase, Wanted};
use crate::ids::IdSet;

/// How many different ones there are.
pub(super) fn distinct(coins: impl Iterator<Item = CoinId>) -> usize {
    coins.collect::<IdSet<_>>().len()
}

/// Covers `wanted` by name, each currency in as few blocks as its coins need.
pub(super) fn cover(wanted: &[Wanted], bounds: Bounds) -> Vec<Purchase> {
    let mut by_currency: Vec<(CoinId, Vec<CoinId>)> = Vec::new();
    for wanted in wanted {
        match by_currency.iter_mut().find(|(currency, _)| *currency == wanted.currency) {
            Some((_, coins)) => coins.push(wanted.coin),
            None => by_currency.push((wanted.currency, vec![wanted.coin])),
        }
    }
    by_currency
        .sort_by(|one, other| other.1.len().cmp(&one.1.len()).then_with(|| one.0.cmp(&other.0)));
    let mut open: Vec<Open> = Vec::new();
    for (currency, coins) in by_currency {
        if !share(&mut open, currency, &coins, bounds) {
            for chunk in coins.chunks(bounds.block) {
                open.push(Open::of(currency, chunk));
            }
        }
    }
    open.into_iter().map(Open::purchase).collect()
}

/// A call by name that may take more in.
struct Open {
    /// In the order of asking.
    coins: Vec<CoinId>,
    has: IdSet<CoinId>,
    currencies: Currencies,
}

impl Open {
    fn of(currency: CoinId, coins: &[CoinId]) -> Self {
        let currencies = std::iter::once(currency).collect();
        Self { coins: coins.to_vec(), has: coins.iter().copied().collect(), currencies }
    }

    fn purchase(self) -> Purchase {
        Purchase { lot: Lot::Coins(self.coins), currencies: self.currencies }
    }
}

/// Lets `currency` join calls that are there, if its coins fit into as many of them as it needs
/// blocks: then it costs what it would cost alone. Calls that have most of its coins come first.
fn share(open: &mut [Open], currency: CoinId, coins: &[CoinId], bounds: Bounds) -> bool {
    let n_needed = coins.len().div_ceil(bounds.block);
    let mut order: Vec<(usize, usize)> = (0..open.len())
        .filter(|place| open[*place].currencies.len() < bounds.converts_max)
        .map(|place| (coins.iter().filter(|coin| open[place].has.contains(coin)).count(), place))
        .collect();
    order.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    order.truncate(n_needed);
    let chosen: Vec<usize> = order.into_iter().map(|(_, place)| place).collect();
    let missing: Vec<CoinId> = coins
        .iter()
        .filter(|coin| !chosen.iter().any(|place| open[*place].has.contains(coin)))
        .copied()
        .collect();
    let room: usize = chosen.iter().map(|place| bounds.block - open[*place].coins.len()).sum();
    if chosen.is_empty() || missing.len() > room {
        return false;
    }
    let mut missing = missing.into_iter();
    for place in chosen {
        let call = &mut open[place];
        call.currencies.push(currency);
        let room = bounds.block - call.coins.len();
        for coin in missing.by_ref().take(room) {
            call.has.insert(coin);
            call.coins.push(coin);
        }
    }
    true
}
