//! The coins for which most was charged, and how much each is asked for.

use std::{collections::HashMap, sync::Arc};

use engine::{Charges, Symbols};
use serde::Serialize;

use crate::cmcache::Cmcache;

/// Currencies that are named of one coin.
const CONVERTS_MAX: usize = 5;

/// What was charged since the start of this instance, by coin, in millionths of a credit. A call is
/// paid by the coins for which it was made, in equal shares; the parts sum up to the whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoinCharges {
    /// When counting began.
    pub since: String,
    /// All that was booked for calls since.
    pub charged_micro: u64,
    /// Of that, for what is no coin's: listings, the market's totals, what is cached as it is.
    pub of_no_coin_micro: u64,
    /// Of that, for coins that are not told one by one.
    pub of_others_micro: u64,
    /// The dearest first, and after those for which nothing was charged the most wanted first.
    pub coins: Vec<ChargedCoin>,
}

/// What one coin was charged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChargedCoin {
    /// Its id.
    pub id: u32,
    /// Its symbol, while the map of all coins is there.
    pub symbol: Option<Arc<str>>,
    /// Its part of what was charged.
    pub charged_micro: u64,
    /// Askings a minute, of late, in all currencies and of all instances.
    pub per_minute: f64,
    /// In which currencies it is asked for, the most wanted ones.
    pub converts: Vec<Arc<str>>,
}

impl Cmcache {
    /// The `n` coins for which most was charged, with how much they are asked for.
    #[must_use]
    pub fn coin_charges(&self, n: usize) -> CoinCharges {
        let engine = self.engine();
        let since = self.inner().started.to_string();
        let (charges, askings) = (engine.charges(n), engine.askings());
        told(since, &charges, &askings, &engine.symbols(), n)
    }
}

type Pair = (cmc_api::CoinId, cmc_api::CoinId);

fn told(
    since: String,
    charges: &Charges,
    askings: &[(Pair, f64)],
    symbols: &Symbols,
    n: usize,
) -> CoinCharges {
    let mut asked: HashMap<_, (f64, Vec<_>)> = HashMap::new();
    let mut wanted = Vec::new();
    for ((coin, currency), per_minute) in askings {
        let (sum, converts) = asked.entry(*coin).or_insert_with(|| {
            wanted.push(*coin);
            Default::default()
        });
        *sum += per_minute;
        converts.push(*currency);
    }
    let charged: HashMap<_, _> = charges.coins.iter().copied().collect();
    let free = wanted.into_iter().filter(|coin| !charged.contains_key(coin)).map(|coin| (coin, 0));
    let rows = charges.coins.iter().copied().chain(free).take(n);
    let row = |(coin, charged_micro)| {
        let (per_minute, converts) = asked.remove(&coin).unwrap_or_default();
        let converts = converts.into_iter().take(CONVERTS_MAX);
        ChargedCoin {
            id: cmc_api::CoinId::get(coin),
            symbol: symbols.of(coin),
            charged_micro,
            per_minute: (per_minute * 1_000.0).round() / 1_000.0,
            converts: converts.filter_map(|currency| symbols.of(currency)).collect(),
        }
    };
    let Charges { total, of_no_coin, of_others, .. } = *charges;
    CoinCharges {
        since,
        charged_micro: total,
        of_no_coin_micro: of_no_coin,
        of_others_micro: of_others,
        coins: rows.map(row).collect(),
    }
}

#[cfg(test)]
mod tests;
