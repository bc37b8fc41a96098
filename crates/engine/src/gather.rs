//! look → join → choose: every entity of a plan, held in the order of its wants.

use std::{collections::HashMap, sync::Arc};

use clock::Timestamp;
use credits::Credits;
use futures_util::future::join_all;

use crate::{
    answer::{CacheState, Terms},
    engine::Engine,
    entity::{Entity, Want},
    error::{AnswerError, FlightError},
    held::Held,
    pack,
    refresh::Refresh,
    stale::Demand,
};

/// The entities of a plan, and how they were come by.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// In the order of the wants.
    pub(crate) held: Vec<Arc<Held>>,
    /// Wants that were cached and fresh.
    pub(crate) n_found: usize,
    /// Wants that are older than demanded, because fetching failed.
    pub(crate) n_stale: usize,
    /// Wants that had to be fetched.
    pub(crate) n_fetched: usize,
    /// What the fetching made upstream charge.
    pub(crate) charged: Credits,
}

/// On which terms missing wants are fetched.
#[derive(Clone, Copy)]
struct Order<'a> {
    demand: &'a Demand,
    terms: &'a Terms,
    /// A value fetched at or after this needs no call.
    newer_than: Timestamp,
}

impl Gathered {
    /// Adds what was counted of an earlier round of the same answer.
    pub(crate) fn absorb(&mut self, earlier: &Self) {
        self.n_found += earlier.n_found;
        self.n_stale += earlier.n_stale;
        self.n_fetched += earlier.n_fetched;
        self.charged = self.charged.saturating_add(earlier.charged);
    }

    pub(crate) const fn state(&self) -> CacheState {
        match (self.n_stale, self.n_fetched, self.n_found) {
            (1.., _, _) => CacheState::Stale,
            (_, 0, _) => CacheState::Full,
            (_, _, 0) => CacheState::Cold,
            _ => CacheState::Partial,
        }
    }
}

/// What is known of each distinct entity while it is gathered.
pub(crate) type Known = HashMap<Entity, Arc<Held>>;

impl Engine {
    /// Gathers `wants`: from memory, from the tiers, from upstream, in this order.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the flights it joined; they fill the tiers if they have departed.
    pub(crate) async fn gather(
        &self,
        wants: &[Want],
        demand: &Demand,
        terms: &Terms,
    ) -> Result<Gathered, AnswerError> {
        let now = self.clock.now();
        if !demand.only_if_cached {
            self.crew.popularity.asked(wants, 1, now);
        }
        let mut known = self.in_memory(wants);
        let mut missing = missing_of(wants, &known, demand, now);
        self.counters.hot(wants.len().saturating_sub(missing.len()));
        if !missing.is_empty() {
            self.in_tiers(&missing, &mut known).await;
            missing = self.count_tiers(missing, &known, demand, now);
            self.counters.fetched(missing.len());
        }
        let mut gathered = Gathered::default();
        if !demand.only_if_cached {
            missing = self.refresh(wants, missing, &known, demand, &mut gathered);
        }
        if !missing.is_empty() {
            let newer_than = now.before(demand.max_age);
            let order = Order { demand, terms, newer_than };
            self.fetch_missing(&missing, &mut known, order, &mut gathered).await?;
        }
        gathered.n_found = wants.len().saturating_sub(gathered.n_fetched + gathered.n_stale);
        gathered.held = in_order(wants, &known)?;
        Ok(gathered)
    }

    /// Fetches the wants at `places` anew, however fresh what is held of them may be.
    pub(crate) async fn gather_anew(
        &self,
        wants: &[Want],
        places: &[usize],
        (demand, terms): (&Demand, &Terms),
        gathered: &mut Gathered,
    ) -> Result<(), AnswerError> {
        let again: Vec<Want> = places.iter().map(|place| detailed(&wants[*place])).collect();
        let mut known = Known::new();
        let order = Order { demand, terms, newer_than: Timestamp::MAX };
        self.fetch_missing(&again, &mut known, order, gathered).await?;
        gathered.n_found = gathered.n_found.saturating_sub(places.len());
        for place in places {
            if let Some(held) = known.get(&wants[*place].entity) {
                gathered.held[*place] = Arc::clone(held);
            }
        }
        Ok(())
    }

    /// Sends for what should be newer than it is, and gives back what has to be waited for.
    fn refresh(
        &self,
        wants: &[Want],
        missing: Vec<Want>,
        known: &Known,
        demand: &Demand,
        gathered: &mut Gathered,
    ) -> Vec<Want> {
        let (now, policy) = (self.clock.now(), self.crew.refresher.policy());
        if policy == Refresh::default() {
            return missing;
        }
        let is_usable = |want: &Want| {
            known.get(&want.entity).is_some_and(|held| demand.accepts_meanwhile(held, now))
        };
        let (mut due, missing): (Vec<Want>, Vec<Want>) = missing.into_iter().partition(is_usable);
        gathered.n_stale += due.len();
        let is_ahead = |want: &&Want| {
            let held = known.get(&want.entity);
            held.is_some_and(|held| {
                policy.is_due(&held.meta, now, self.crew.refresher.chance())
                    && !held.meta.is_negative()
            })
        };
        due.extend(wants.iter().filter(is_ahead).cloned());
        if !due.is_empty() {
            self.desk.send_for(&due, now);
        }
        missing
    }

    /// What is still missing after a look into the tiers; the rest is counted where it was found.
    fn count_tiers(
        &self,
        asked: Vec<Want>,
        known: &Known,
        demand: &Demand,
        now: Timestamp,
    ) -> Vec<Want> {
        let fresh = |want: &Want| known.get(&want.entity).filter(|held| demand.accepts(held, now));
        asked
            .into_iter()
            .filter(|want| match fresh(want) {
                Some(held) => {
                    held.tier.iter().for_each(|tier| self.counters.tier(*tier));
                    false
                }
                None => true,
            })
            .collect()
    }

    /// One synchronous pass over memory.
    pub(crate) fn in_memory(&self, wants: &[Want]) -> Known {
        let mut known = Known::with_capacity(wants.len());
        for want in wants {
            if let Some(held) = self.crew.hot.hold(&want.entity) {
                known.insert(want.entity.clone(), held);
            }
        }
        known
    }

    /// One look down the stack for all that memory lacks.
    pub(crate) async fn in_tiers(&self, missing: &[Want], known: &mut Known) {
        let keys: Vec<_> =
            missing.iter().map(|want| want.entity.key(&self.crew.namespace)).collect();
        let found = self.crew.stack.look(&keys, self.clock.now()).await;
        for (want, found) in missing.iter().zip(found) {
            let Some(found) = found else { continue };
            let Some(held) = self.crew.adopt(&want.entity, &found) else { continue };
            let newer =
                known.get(&want.entity).is_none_or(|known| known.meta.version < held.meta.version);
            if newer {
                known.insert(want.entity.clone(), held);
            }
        }
    }

    /// Joins a flight per missing want, waits, and falls back to what is held where it fails.
    async fn fetch_missing(
        &self,
        missing: &[Want],
        known: &mut Known,
        Order { demand, terms, newer_than }: Order<'_>,
        gathered: &mut Gathered,
    ) -> Result<(), AnswerError> {
        if demand.only_if_cached {
            return Err(AnswerError::NotCached);
        }
        self.check_price(missing, terms)?;
        let boarded = self.desk.board(missing, newer_than, demand.patience);
        let landings = join_all(boarded.into_iter().map(|boarded| async {
            match boarded {
                Ok(boarded) => boarded.landed(demand.patience).await,
                Err(error) => Err(error),
            }
        }));
        let landings = landings.await;
        let now = self.clock.now();
        for (want, landed) in missing.iter().zip(landings) {
            let fetched = landed.map(|landing| {
                gathered.charged = gathered.charged.saturating_add(landing.charged);
                landing.held
            });
            let held = known.get(&want.entity).cloned();
            let (held, stale) = demand.choose(fetched, held, now)?;
            *if stale { &mut gathered.n_stale } else { &mut gathered.n_fetched } += 1;
            known.insert(want.entity.clone(), held);
        }
        Ok(())
    }

    fn check_price(&self, missing: &[Want], terms: &Terms) -> Result<(), AnswerError> {
        let Some(max) = terms.max_credits else { return Ok(()) };
        let price = self.price_of(missing);
        if price > max { Err(AnswerError::TooDear { price, max }) } else { Ok(()) }
    }

    /// What fetching `wants` would cost, if nobody else wanted anything.
    pub(crate) fn price_of(&self, wants: &[Want]) -> Credits {
        let prices = self.loads_of(wants).into_iter().map(|load| load.price);
        prices.fold(Credits::ZERO, Credits::saturating_add)
    }

    pub(crate) fn loads_of(&self, wants: &[Want]) -> Vec<pack::Load> {
        if wants.is_empty() { Vec::new() } else { self.crew.pack(wants).loads }
    }
}

/// The distinct wants that nothing fresh is known of.
pub(crate) fn missing_of(
    wants: &[Want],
    known: &Known,
    demand: &Demand,
    now: Timestamp,
) -> Vec<Want> {
    let mut missing: Vec<Want> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for want in wants {
        let fresh = known.get(&want.entity).is_some_and(|held| demand.accepts(held, now));
        if !fresh && seen.insert(&want.entity) {
            missing.push(want.clone());
        }
    }
    missing
}

/// The same, but a page of a ranking, which does not have all of a coin, is not good enough.
fn detailed(want: &Want) -> Want {
    match want.entity {
        Entity::Quote { .. } => Want::detailed(want.entity.clone()),
        _ => want.clone(),
    }
}

fn in_order(wants: &[Want], known: &Known) -> Result<Vec<Arc<Held>>, AnswerError> {
    let held = |want: &Want| known.get(&want.entity).cloned().ok_or(FlightError::Lost);
    Ok(wants.iter().map(held).collect::<Result<_, _>>()?)
}
