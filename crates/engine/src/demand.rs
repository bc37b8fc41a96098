//! What is worth having: what was asked for lately, then what ranks highest.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use clock::Timestamp;
use cmc_api::CoinId;

use crate::{catalog::Catalog, entity::Entity, hot::Hot, limits, pack::Demand};

/// The latest askings, newest last, each once; and the ranks that the map told.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    asked: Mutex<Asked>,
    ranked: ArcSwap<Vec<CoinId>>,
}

#[derive(Debug, Default)]
struct Asked {
    order: std::collections::VecDeque<(CoinId, CoinId)>,
    known: HashSet<(CoinId, CoinId)>,
}

impl Recent {
    /// Somebody had to wait for this coin in this currency.
    pub(crate) fn asked(&self, coin: CoinId, currency: CoinId) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.known.insert((coin, currency)) {
            asked.order.push_back((coin, currency));
        }
        if asked.order.len() > limits::RECENT_MAX
            && let Some(oldest) = asked.order.pop_front()
        {
            asked.known.remove(&oldest);
        }
    }

    /// The map told the ranks anew.
    pub(crate) fn learn_ranks(&self, catalog: &Catalog) {
        self.ranked.store(Arc::new(catalog.ranked()));
    }

    /// Demand as it looks at `now`.
    pub(crate) const fn view<'a>(&'a self, hot: &'a Hot, now: Timestamp) -> View<'a> {
        View { recent: self, hot, now }
    }
}

/// Demand at one instant.
pub(crate) struct View<'a> {
    recent: &'a Recent,
    hot: &'a Hot,
    now: Timestamp,
}

impl Demand for View<'_> {
    /// Recently asked coins whose life is at least half over, then coins by rank; refreshing
    /// earlier would spend a place that something older needs.
    fn quotes(&self, currency: CoinId, room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        let mut taken: HashSet<CoinId> = taken.iter().copied().collect();
        let mut chosen = Vec::with_capacity(room);
        let asked: Vec<CoinId> = {
            let asked = self.recent.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let same = asked.order.iter().rev().filter(|(_, paid_in)| *paid_in == currency);
            same.map(|(coin, _)| *coin).collect()
        };
        let ranked = self.recent.ranked.load();
        for coin in asked.iter().chain(ranked.iter()) {
            if chosen.len() >= room {
                break;
            }
            if taken.insert(*coin) && self.is_ageing(*coin, currency) {
                chosen.push(*coin);
            }
        }
        chosen
    }
}

impl View<'_> {
    fn is_ageing(&self, coin: CoinId, currency: CoinId) -> bool {
        self.hot.hold(&Entity::Quote { coin, currency }).is_none_or(|held| {
            let life = held.meta.fresh_until.since(held.meta.fetched_at);
            let left = held.meta.fresh_until.since(self.now);
            left <= life / 2 || life < Duration::from_secs(2)
        })
    }
}
