//! What is worth having: what was asked for lately, then what ranks highest.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use clock::Timestamp;
use cmc_api::CoinId;

use crate::{
    catalog::Catalog, entity::Entity, flight::Flights, gate::Gates, hot::Hot, limits, pack::Demand,
};

/// The latest askings, newest last, each once; and the ranks that the map told.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    asked: Mutex<Asked>,
    ranked: ArcSwap<Vec<CoinId>>,
}

type Pair = (CoinId, CoinId);

#[derive(Debug, Default)]
struct Asked {
    /// In the order of asking. A number that `latest` does not have was asked again later.
    order: VecDeque<(u64, Pair)>,
    latest: HashMap<Pair, u64>,
    n_asked: u64,
}

impl Asked {
    fn add(&mut self, pair: Pair) {
        self.n_asked += 1;
        self.order.push_back((self.n_asked, pair));
        self.latest.insert(pair, self.n_asked);
        while self.latest.len() > limits::RECENT_MAX {
            let Some((number, pair)) = self.order.pop_front() else { break };
            if self.latest.get(&pair) == Some(&number) {
                self.latest.remove(&pair);
            }
        }
        if self.order.len() > 2 * limits::RECENT_MAX {
            let Self { order, latest, .. } = self;
            order.retain(|(number, pair)| latest.get(pair) == Some(number));
        }
    }

    /// The coins asked for in `currency`, the latest first.
    fn in_currency(&self, currency: CoinId) -> Vec<CoinId> {
        let newest = self.order.iter().rev();
        let current = newest.filter(|(number, pair)| self.latest.get(pair) == Some(number));
        let same = current.filter(|(_, (_, paid_in))| *paid_in == currency);
        same.map(|(_, (coin, _))| *coin).collect()
    }
}

impl Recent {
    /// Somebody had to wait for this coin in this currency.
    pub(crate) fn asked(&self, coin: CoinId, currency: CoinId) {
        self.lock().add((coin, currency));
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The map told the ranks anew.
    pub(crate) fn learn_ranks(&self, catalog: &Catalog) {
        self.ranked.store(Arc::new(catalog.ranked()));
    }
}

/// Demand at one instant.
pub(crate) struct View<'a> {
    pub(crate) recent: &'a Recent,
    pub(crate) hot: &'a Hot,
    pub(crate) flights: &'a Flights,
    pub(crate) gates: &'a Gates,
    pub(crate) now: Timestamp,
}

impl Demand for View<'_> {
    /// Recently asked coins whose life is at least half over, then coins by rank; refreshing
    /// earlier would spend a place that something older needs.
    fn quotes(&self, currency: CoinId, room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        let asked = self.recent.lock().in_currency(currency);
        let ranked = self.recent.ranked.load();
        let candidates = asked.iter().chain(ranked.iter()).copied();
        self.choose(candidates, room, taken, |coin| Entity::Quote { coin, currency })
    }

    fn infos(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        let ranked = self.recent.ranked.load();
        self.choose(ranked.iter().copied(), room, taken, |coin| Entity::Info { coin })
    }
}

impl View<'_> {
    fn choose(
        &self,
        candidates: impl Iterator<Item = CoinId>,
        room: usize,
        taken: &[CoinId],
        entity: impl Fn(CoinId) -> Entity,
    ) -> Vec<CoinId> {
        let mut taken: HashSet<CoinId> = taken.iter().copied().collect();
        let worth = candidates.filter(|coin| taken.insert(*coin) && self.is_worth(&entity(*coin)));
        worth.take(room).collect()
    }

    /// Neither young, nor asked for already, nor refused a moment ago: a refused key would spoil
    /// the whole call.
    fn is_worth(&self, entity: &Entity) -> bool {
        self.is_ageing(entity)
            && !self.flights.has(entity)
            && self.gates.refusal(entity, self.now).is_none()
    }

    fn is_ageing(&self, entity: &Entity) -> bool {
        self.hot.hold(entity).is_none_or(|held| {
            let life = held.meta.fresh_until.since(held.meta.fetched_at);
            let left = held.meta.fresh_until.since(self.now);
            left <= life / 2 || life < Duration::from_secs(2)
        })
    }
}

#[cfg(test)]
mod tests;
