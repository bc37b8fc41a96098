//! What is worth having: what will be asked for, by what was asked for and by what ranks high.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use clock::Timestamp;
use cmc_api::{CoinId, Part, Whose};
use smallvec::SmallVec;

use crate::{
    catalog::Catalog,
    chart::Chart,
    entity::{Entity, Want},
    fill,
    flight::Flights,
    forecast::{Expected, Forecast, MARKET, UNLISTED, WHOLE},
    gate::Gates,
    hot::Hot,
    ids::IdSet,
    limits,
    pack::Demand,
    popularity::summed,
    profile::Profile,
    ranks::Ranks,
    sweep::Sweep,
    tally::{Pair, Tally},
};

/// What was asked for lately, the ranks, and what both of them let expect.
#[derive(Debug)]
pub(crate) struct Popularity {
    tally: Mutex<Tally>,
    ranks: ArcSwap<Ranks>,
    foreseen: ArcSwap<Foreseen>,
    /// What other instances are asked for, in askings a second, and what was before the start.
    others: ArcSwap<Others>,
    profile: Mutex<Profile>,
    /// Which of the charts is ours.
    instance: u64,
}

#[derive(Debug, Default)]
struct Others {
    alive: Vec<(Pair, f64)>,
    ended: Vec<(Pair, f64)>,
}

#[derive(Debug)]
struct Foreseen {
    forecast: Arc<Forecast>,
    /// What the tally had counted.
    total: f64,
    at: Timestamp,
}

impl Foreseen {
    /// Nothing yet: it is due.
    fn nothing() -> Self {
        Self { forecast: Arc::default(), total: 0.0, at: Timestamp::EPOCH }
    }
}

impl Popularity {
    /// Nothing is known.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            tally: Mutex::new(Tally::new(now)),
            ranks: ArcSwap::default(),
            foreseen: ArcSwap::from_pointee(Foreseen::nothing()),
            others: ArcSwap::default(),
            profile: Mutex::default(),
            instance: RandomState::new().hash_one(now.as_millis()),
        }
    }

    /// Somebody asked for these, `n` times.
    pub(crate) fn asked(&self, wants: &[Want], n: u32, now: Timestamp) {
        if n > 0 && wants.iter().any(|want| matches!(want.entity, Entity::Quote { .. })) {
            self.profile().add(n, now);
        }
        let mut tally = self.tally();
        let ranks = self.ranks.load();
        let mut questions: SmallVec<[(u32, CoinId); 4]> = SmallVec::new();
        for want in wants {
            let asked: &[(u32, CoinId)] = match want.entity {
                Entity::Quote { coin, currency } => {
                    tally.add((coin, currency), f64::from(n), now);
                    &[(ranks.block(coin).unwrap_or(UNLISTED), currency), (WHOLE, currency)]
                }
                Entity::Part { part: Part::Global, currency, .. } => &[(MARKET, currency)],
                _ => &[],
            };
            for question in asked {
                if !questions.contains(question) {
                    questions.push(*question);
                }
            }
        }
        for (block, currency) in questions {
            tally.add_question(block, currency, f64::from(n), now);
        }
    }

    /// The map told the ranks anew.
    pub(crate) fn learn_ranks(&self, catalog: &Catalog) {
        self.ranks.store(Arc::new(Ranks::of(catalog)));
        self.foresee_anew();
    }

    /// A listing told which coins have the first places.
    pub(crate) fn learn_places(&self, first: &[CoinId]) {
        self.ranks.rcu(|ranks| ranks.renewed(first));
    }

    pub(crate) fn ranks(&self) -> Arc<Ranks> {
        self.ranks.load_full()
    }

    /// Whether it is time to think again about what is expected.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        let foreseen = self.foreseen.load();
        let since = now.since(foreseen.at);
        if now < foreseen.at || since >= limits::FORECAST_EVERY {
            return true;
        }
        // A demand that has just begun is another one from moment to moment.
        since >= limits::FORECAST_SOONEST
            && self.tally().total(now) > limits::FORECAST_GROWTH * foreseen.total
    }

    /// What is expected now; not thought through anew for every call.
    pub(crate) fn forecast(&self, now: Timestamp) -> Arc<Forecast> {
        if !self.is_due(now) {
            return Arc::clone(&self.foreseen.load().forecast);
        }
        // A copy: who asks meanwhile does not wait until it is thought through.
        let tally = self.tally().clone();
        let others = self.others.load();
        let forecast = Forecast::of(&tally, &self.ranks.load(), &others.alive, now);
        let forecast = Arc::new(forecast);
        let foreseen =
            Foreseen { forecast: Arc::clone(&forecast), total: tally.total(now), at: now };
        self.foreseen.store(Arc::new(foreseen));
        forecast
    }

    /// What is asked for a second, here and at other instances, the most wanted first.
    pub(crate) fn rates(&self, now: Timestamp) -> Vec<(Pair, f64)> {
        let own = self.chart(now);
        let others = self.others.load();
        let (instance, at, profile) = (0, now, Profile::default());
        let others = Chart { instance, at, rates: others.alive.clone(), profile };
        summed([own, others].iter())
    }

    /// The same, then what was asked for before the last start.
    pub(crate) fn known(&self, now: Timestamp) -> Vec<(Pair, f64)> {
        let mut known = self.rates(now);
        known.extend(self.others.load().ended.iter().copied());
        known
    }

    pub(crate) fn busyness(&self, at: Timestamp) -> f64 {
        self.profile().busyness(at)
    }

    /// What this instance tells the others.
    pub(crate) fn chart(&self, now: Timestamp) -> Chart {
        let mut rates: Vec<(Pair, f64)> = {
            let tally = self.tally();
            let (window, ebb) = (tally.window(now), tally.ebb(now));
            tally.counts(now).map(|(pair, count)| (pair, ebb * count / window)).collect()
        };
        rates.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        rates.truncate(limits::CHART_PAIRS_MAX);
        let profile = self.profile().clone();
        Chart { instance: self.instance, at: now, rates, profile }
    }

    /// Takes in what the others told, and what was there before the start.
    pub(crate) fn learn_charts(&self, charts: &[Chart], now: Timestamp) {
        let others = || charts.iter().filter(|chart| chart.instance != self.instance);
        let is_alive = |chart: &&Chart| now.since(chart.at) < limits::CHART_LIFE;
        let alive = summed(others().filter(is_alive));
        let ended = summed(others().filter(|chart| !is_alive(chart)));
        self.others.store(Arc::new(Others { alive, ended }));
        let mut profile = self.profile();
        if *profile == Profile::default()
            && let Some(latest) = others().max_by_key(|chart| chart.at)
        {
            *profile = latest.profile.clone();
        }
    }

    fn profile(&self) -> MutexGuard<'_, Profile> {
        self.profile.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn foresee_anew(&self) {
        self.foreseen.store(Arc::new(Foreseen::nothing()));
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Demand at one instant.
pub(crate) struct View<'a> {
    pub(crate) forecast: &'a Forecast,
    pub(crate) ranks: &'a Ranks,
    /// What is bought as a whole anyway, before it grows old or at this very moment.
    pub(crate) swept: &'a [Sweep],
    pub(crate) hot: &'a Hot,
    pub(crate) flights: &'a Flights,
    pub(crate) gates: &'a Gates,
    pub(crate) now: Timestamp,
    /// How long new quotes live.
    pub(crate) life: Duration,
    /// How long new totals of the market live.
    pub(crate) life_of_totals: Duration,
}

impl Demand for View<'_> {
    fn quotes(&self, currencies: &[CoinId], room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        let [first, ..] = currencies else { return Vec::new() };
        let is_swept = |coin| {
            let covers = |currency: &CoinId| {
                self.swept.iter().any(|sweep| sweep.covers(coin, *currency, self.ranks))
            };
            currencies.iter().all(covers)
        };
        let candidates = self.forecast.coins(*first).iter();
        let candidates = candidates.filter(|expected| !is_swept(expected.coin));
        let entities = |coin| {
            currencies.iter().map(move |currency| Entity::Quote { coin, currency: *currency })
        };
        self.choose(candidates, room, taken, self.life, entities)
    }

    fn infos(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        let candidates = self.forecast.whole.iter();
        let entities = |coin| std::iter::once(Entity::Info { coin });
        self.choose(candidates, room, taken, limits::FILLED_LIFE_OF_INFOS, entities)
    }

    fn totals(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId> {
        let is_wanted = |(currency, rate): &&(CoinId, f64)| {
            let entity =
                Entity::Part { part: Part::Global, whose: Whose::Market, currency: *currency };
            rate * self.life_of_totals.as_secs_f64() >= limits::TOTALS_JOINED_MIN
                && !taken.contains(currency)
                && self.left_of(&entity).is_some()
                && self.is_free(&entity)
        };
        let wanted = self.forecast.totals.iter().filter(is_wanted);
        wanted.take(room).map(|(currency, _)| *currency).collect()
    }
}

impl View<'_> {
    fn choose<'e, E: Iterator<Item = Entity>>(
        &self,
        candidates: impl Iterator<Item = &'e Expected>,
        room: usize,
        taken: &[CoinId],
        life: Duration,
        entities: impl Fn(CoinId) -> E,
    ) -> Vec<CoinId> {
        let taken: IdSet<CoinId> = taken.iter().copied().collect();
        let candidates = candidates.filter(|expected| !taken.contains(&expected.coin));
        let candidates = candidates.map(|expected| (expected.coin, expected.rate));
        fill::choose(candidates, room, life.as_secs_f64(), |coin| {
            // In several currencies a coin is as old as its oldest quote.
            let lefts = entities(coin).map(|entity| self.left_of(&entity));
            let mut least: Option<f64> = None;
            for left in lefts {
                let left = left?;
                least = Some(least.map_or(left, |least| least.min(left)));
            }
            least.filter(|_| entities(coin).all(|entity| self.is_free(&entity)))
        })
    }

    /// How many seconds it still lives; `None` if it is too young to be refreshed.
    fn left_of(&self, entity: &Entity) -> Option<f64> {
        let age = match entity {
            Entity::Quote { .. } => self.life,
            _ => Duration::MAX,
        };
        let Some((fetched_at, fresh_until)) = self.hot.life(entity, age) else { return Some(0.0) };
        let (life, left) = (fresh_until.since(fetched_at), fresh_until.since(self.now));
        let is_ageing = left <= life / 2 || life < Duration::from_secs(2);
        is_ageing.then_some(left.as_secs_f64())
    }

    /// Neither asked for already nor refused a moment ago: a refused key would spoil the call.
    fn is_free(&self, entity: &Entity) -> bool {
        !self.flights.has(entity) && self.gates.refusal(entity, self.now).is_none()
    }
}

#[cfg(test)]
mod tests;
