//! What is popular: shown, shared among instances, and kept for the next start.

use std::{collections::HashMap, sync::Arc};

use cache_tiers::{Entry, Key};
use clock::Timestamp;
use cmc_api::{CoinId, fiat};

use crate::{
    answer::catalog_of,
    charges::Charges,
    chart::{self, Chart},
    engine::Engine,
    entity::Entity,
    fetch::Crew,
    held::Held,
    limits,
    notes::own_entry,
    tally::Pair,
};

/// How often a coin is asked for in a currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Popular {
    /// The coin.
    pub coin: CoinId,
    /// Its symbol, while the map of all coins is there.
    pub symbol: Option<Arc<str>>,
    /// The currency.
    pub currency: CoinId,
    /// Its symbol, if it is known.
    pub convert: Option<Arc<str>>,
    /// Askings a minute, of late and of all instances.
    pub per_minute: f64,
}

/// Symbols by id, out of the map of all coins while it is there.
#[derive(Clone, Debug, Default)]
pub struct Symbols(Option<Arc<Held>>);

impl Symbols {
    /// The symbol of a coin or a currency.
    #[must_use]
    pub fn of(&self, coin: CoinId) -> Option<Arc<str>> {
        match fiat::by_id(coin) {
            Some(fiat) => Some(fiat.code.into()),
            None => catalog_of(self.0.as_ref()?)?.symbol(coin).map(Into::into),
        }
    }
}

impl Engine {
    /// What was asked for most in the last minutes, the most wanted first.
    #[must_use]
    pub fn popular(&self, n: usize) -> Vec<Popular> {
        let symbols = self.symbols();
        let popular = |((coin, currency), per_minute): (Pair, f64)| Popular {
            symbol: symbols.of(coin),
            convert: symbols.of(currency),
            coin,
            currency,
            per_minute,
        };
        self.askings().into_iter().take(n).map(popular).collect()
    }

    /// Askings a minute of each coin and currency that are counted one by one, of late and of all
    /// instances, the most wanted first.
    #[must_use]
    pub fn askings(&self) -> Vec<(Pair, f64)> {
        let rates = self.crew.popularity.rates(self.clock.now()).into_iter();
        rates.map(|(pair, rate)| (pair, 60.0 * rate)).collect()
    }

    /// What was charged for each coin since the start, of the `n` dearest.
    #[must_use]
    pub fn charges(&self, n: usize) -> Charges {
        self.crew.charges.top(n)
    }

    /// The symbols of coins and currencies, as far as they are known now.
    #[must_use]
    pub fn symbols(&self) -> Symbols {
        Symbols(self.crew.hot.hold(&Entity::Map))
    }

    /// How much is asked in this hour of the week, compared with the mean of all of them, as far as
    /// they are known.
    #[must_use]
    pub fn busyness(&self, at: Timestamp) -> f64 {
        self.crew.popularity.busyness(at)
    }

    /// Tells the other instances what is popular here, learns what is there, and keeps it for the
    /// next start; to be called every [`limits::CHARTS_EVERY`].
    pub async fn sync_popularity(&self) {
        self.crew.sync_popularity().await;
    }
}

impl Crew {
    async fn sync_popularity(&self) {
        let key = Key::new(&format!("{}{}", self.namespace, limits::CHARTS_KEY));
        let now = self.clock.now();
        let stored = match self.stack.is_shared() {
            // Not the copy that this instance holds itself.
            true => {
                let seen = self.stack.refresh(std::slice::from_ref(&key), now).await;
                seen.into_iter().find_map(|seen| seen.found)
            }
            false => self.stack.look(std::slice::from_ref(&key), now).await.remove(0),
        };
        let charts = stored.as_ref().map(|found| read(&found.entry)).unwrap_or_default();
        if let Some(found) = &stored {
            self.versions.observe(found.entry.meta.version);
        }
        self.prepared.count_askings(|wants, n| self.popularity.asked(wants, n, now));
        let own = self.popularity.chart(now);
        let has_news = !own.rates.is_empty();
        let charts = chart::merged(charts, own);
        let text = chart::write(&charts);
        let entry = own_entry(text, self.versions.next(now), now, limits::CHARTS_KEPT);
        self.popularity.learn_charts(&charts, now);
        if has_news {
            self.stack.fill(&[(key, entry)]).await;
        }
    }
}

fn read(entry: &Entry) -> Vec<Chart> {
    chart::read(std::str::from_utf8(&entry.body).unwrap_or_default())
}

/// The pairs of charts, each once with the sum of its rates, the most wanted first.
pub(crate) fn summed<'a>(charts: impl Iterator<Item = &'a Chart>) -> Vec<(Pair, f64)> {
    let mut sums: HashMap<Pair, f64> = HashMap::new();
    for (pair, rate) in charts.flat_map(|chart| &chart.rates) {
        *sums.entry(*pair).or_default() += rate;
    }
    let mut sums: Vec<(Pair, f64)> = sums.into_iter().collect();
    sums.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    sums
}
