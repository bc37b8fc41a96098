//! A deterministic market: the same seed and the same instant give the same numbers.
//!
//! [`Market`] holds what stands (coins, currencies, exchanges and how they are found),
//! [`Moment`](moment::Moment) what one step of a minute makes of it.

pub(crate) mod candle;
pub(crate) mod category;
pub(crate) mod coin;
mod coins;
pub(crate) mod derivatives;
pub(crate) mod dex;
pub(crate) mod exchanges;
pub(crate) mod fiats;
mod known;
pub(crate) mod liquidations;
pub(crate) mod moment;
mod names;
pub(crate) mod noise;
pub(crate) mod pairs;
pub(crate) mod path;
pub(crate) mod quote;
pub(crate) mod rwa;
pub(crate) mod tags;
pub(crate) mod totals;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock};

use coin::Coin;
use dex::Dex;
use exchanges::Exchange;
use fiats::{FIATS, Fiat};
use moment::{Moment, STEP};
use rwa::RealWorld;
use totals::Totals;

use crate::repeats::Repeats;
use crate::time::Millis;

/// Steps kept for askers of about the same time.
const N_MOMENTS_KEPT: usize = 4;

/// Something that has a price, by its position in the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Coin(usize),
    Fiat(usize),
}

/// All that can be asked about.
#[derive(Debug)]
pub(crate) struct Market {
    pub(crate) seed: u64,
    /// In order of id.
    pub(crate) coins: Vec<Coin>,
    pub(crate) fiats: &'static [Fiat],
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) n_active: u64,
    pub(crate) dex: Dex,
    pub(crate) real: RealWorld,
    /// What keys have bought of it lately.
    pub(crate) repeats: Repeats,
    pub(crate) totals: Totals,
    by_id: HashMap<u32, usize>,
    by_slug: HashMap<String, usize>,
    /// Upper-cased symbol → coins, by id.
    by_symbol: HashMap<String, Vec<usize>>,
    by_address: HashMap<String, usize>,
    moments: Mutex<VecDeque<Arc<Moment>>>,
    pair_counts: OnceLock<Vec<u64>>,
}

impl Market {
    pub(crate) fn new(seed: u64) -> Self {
        let coins = coins::all(seed);
        let mut by_symbol: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, coin) in coins.iter().enumerate() {
            by_symbol.entry(coin.symbol.to_uppercase()).or_default().push(at);
        }
        let indexed = || coins.iter().enumerate();
        Self {
            seed,
            n_active: indexed().filter(|(_, coin)| coin.status == coin::Status::Active).count()
                as u64,
            by_id: indexed().map(|(at, coin)| (coin.id, at)).collect(),
            by_slug: indexed().map(|(at, coin)| (coin.slug.clone(), at)).collect(),
            by_address: indexed()
                .filter_map(|(at, coin)| {
                    let platform = coin.platform.as_ref()?;
                    Some((platform.token_address.to_lowercase(), at))
                })
                .collect(),
            by_symbol,
            totals: Totals::of(&coins),
            fiats: FIATS,
            dex: Dex::new(seed, &coins),
            real: RealWorld::new(seed),
            repeats: Repeats::default(),
            exchanges: exchanges::all(seed),
            coins,
            moments: Mutex::default(),
            pair_counts: OnceLock::new(),
        }
    }

    /// The market at an instant; computed once per step.
    pub(crate) fn at(&self, now: Millis) -> Arc<Moment> {
        let step = now.div_euclid(STEP);
        let mut kept = self.moments.lock().expect("no computation of a moment panics");
        if let Some(moment) = kept.iter().find(|moment| moment.step == step) {
            return Arc::clone(moment);
        }
        let moment = Arc::new(Moment::of(self, step));
        kept.truncate(N_MOMENTS_KEPT - 1);
        kept.push_front(Arc::clone(&moment));
        moment
    }

    /// How many pairs each exchange has, by its position; counted once.
    pub(crate) fn pair_counts(&self) -> &[u64] {
        self.pair_counts.get_or_init(|| pairs::counts(self))
    }

    pub(crate) fn coin_by_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(&id.parse().ok()?).copied()
    }

    /// A coin, else a currency.
    pub(crate) fn subject_by_id(&self, id: &str) -> Option<Subject> {
        if let Some(at) = self.coin_by_id(id) {
            return Some(Subject::Coin(at));
        }
        let id: u32 = id.parse().ok()?;
        self.fiats.binary_search_by_key(&id, |fiat| fiat.id).ok().map(Subject::Fiat)
    }

    pub(crate) fn coin_by_slug(&self, slug: &str) -> Option<usize> {
        self.by_slug.get(slug).copied()
    }

    pub(crate) fn coin_by_address(&self, address: &str) -> Option<usize> {
        self.by_address.get(&address.to_lowercase()).copied()
    }

    /// Every coin with that (upper-cased) symbol, by id.
    pub(crate) fn coins_by_symbol(&self, symbol: &str) -> &[usize] {
        self.by_symbol.get(symbol).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn fiat_by_symbol(&self, symbol: &str) -> Option<usize> {
        self.fiats.iter().position(|fiat| fiat.symbol == symbol)
    }

    /// What an upper-cased symbol stands for: a currency first, then the coins, largest first.
    pub(crate) fn subjects_by_symbol(&self, moment: &Moment, symbol: &str) -> Vec<Subject> {
        let mut coins = self.coins_by_symbol(symbol).to_vec();
        coins.sort_by(|a, b| moment.live[*b].cap.total_cmp(&moment.live[*a].cap));
        let fiat = self.fiat_by_symbol(symbol).map(Subject::Fiat);
        fiat.into_iter().chain(coins.into_iter().map(Subject::Coin)).collect()
    }

    /// Id and symbol.
    pub(crate) fn name_of(&self, subject: Subject) -> (u32, &str) {
        match subject {
            Subject::Coin(at) => (self.coins[at].id, &self.coins[at].symbol),
            Subject::Fiat(at) => (self.fiats[at].id, self.fiats[at].symbol),
        }
    }
}

#[cfg(test)]
mod tests;
