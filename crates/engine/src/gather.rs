//! look → join → choose: every entity of a plan, held in the order of its wants.

use std::{collections::HashMap, sync::Arc, time::Duration};

use cache_tiers::Meta;
use clock::Timestamp;
use credits::{Client, Credits, Purpose, Step};
use futures_util::future::join_all;
use tracing::{Instrument, trace_span};

use crate::{
    answer::{CacheState, Terms},
    engine::Engine,
    entity::{Entity, Want},
    error::{AnswerError, FlightError},
    flight::{self, Arrival},
    held::Held,
    limits,
    looks::{Looking, Seen},
    pacing::Pacing,
    pack,
    refresh::Refresh,
    seat::Seat,
    spent::Phase,
    stale::Demand,
    trail::TRACED,
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
    /// A value fetched at or after this needs no call; `None`: one that is young enough.
    newer_than: Option<Timestamp>,
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
        let mut missing = missing_of(wants, &known, (demand, &self.crew.pacing), now);
        self.counters.hot(wants.len().saturating_sub(missing.len()));
        if !missing.is_empty() {
            let began = flight::instant();
            let span = trace_span!(target: TRACED, "look", n_keys = missing.len());
            self.in_tiers(&missing, &mut known).instrument(span).await;
            terms.note(Phase::Tier, began.elapsed());
            missing = self.count_tiers(missing, &known, demand, now);
            self.counters.fetched(missing.len());
        }
        let mut gathered = Gathered::default();
        if !demand.only_if_cached {
            missing = self.refresh(wants, missing, &known, demand, &mut gathered);
        }
        if !missing.is_empty() {
            missing.extend(self.ending(wants, &known, demand, terms));
            let order = Order { demand, terms, newer_than: None };
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
        let order = Order { demand, terms, newer_than: Some(Timestamp::MAX) };
        self.fetch_missing(&again, &mut known, order, gathered).await?;
        gathered.n_found = gathered.n_found.saturating_sub(places.len());
        for place in places {
            if let Some(held) = known.get(&wants[*place].entity) {
                gathered.held[*place] = Arc::clone(held);
            }
        }
        Ok(())
    }

    /// What is fresh, and would not be when what is missing is there: it is fetched along. Not
    /// where nothing is to be bought that can be done without.
    fn ending(&self, wants: &[Want], known: &Known, demand: &Demand, terms: &Terms) -> Vec<Want> {
        let now = self.clock.now();
        if terms.max_credits.is_some() || self.crew.pacing.step() >= Step::Stale {
            return Vec::new();
        }
        let mut seen = std::collections::HashSet::new();
        let is_ending = |want: &&Want| {
            let demand = self.crew.pacing.towards(demand, &want.entity);
            let Some(held) = known.get(&want.entity) else { return false };
            demand.accepts(held, now) && !demand.accepts(held, now.after(lead(demand.max_age)))
        };
        let ending = wants.iter().filter(is_ending);
        ending.filter(|want| seen.insert(&want.entity)).cloned().collect()
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
        // Other answers may take it for longer than this one does.
        let age = demand.ages.map_or(demand.max_age, |ages| ages.natural);
        let is_ahead = |want: &&Want| {
            let held = known.get(&want.entity).filter(|held| !held.meta.is_negative());
            held.is_some_and(|held| {
                let fresh_until = held.meta.fresh_until.min(held.meta.fetched_at.after(age));
                let meta = Meta { fresh_until, ..held.meta };
                policy.is_due(&meta, now, self.crew.refresher.chance())
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
        let fresh = |want: &Want| {
            let demand = self.crew.pacing.towards(demand, &want.entity);
            known.get(&want.entity).filter(|held| demand.accepts(held, now))
        };
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

    /// One look down the stack for all that memory lacks. What others look for at this moment is
    /// theirs to find; should they leave before that, it is looked for here.
    pub(crate) async fn in_tiers(&self, missing: &[Want], known: &mut Known) {
        let mut open: Vec<Entity> = missing.iter().map(|want| want.entity.clone()).collect();
        while !open.is_empty() {
            let (mine, theirs) = self.crew.looks.split(open);
            self.look(mine, known).await;
            open = Vec::new();
            for awaited in theirs {
                match awaited.ended().await {
                    Ok((entity, seen)) => improve(known, entity, seen),
                    Err(entity) => open.push(entity),
                }
            }
        }
    }

    async fn look(&self, mine: Vec<Looking<'_>>, known: &mut Known) {
        if mine.is_empty() {
            return;
        }
        let keys: Vec<_> = mine.iter().map(|one| one.entity.key(&self.crew.namespace)).collect();
        let found = self.crew.stack.look(&keys, self.clock.now()).await;
        for (looking, found) in mine.into_iter().zip(found) {
            let entity = looking.entity.clone();
            let seen = found.and_then(|found| self.crew.adopt(&entity, &found));
            looking.found(seen.clone());
            improve(known, entity, seen);
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
        let now = self.clock.now();
        let missing = &self.spared(missing, known, (demand, terms), gathered)?;
        self.check_price(missing, terms)?;
        let span = trace_span!(target: TRACED, "join", n_keys = missing.len());
        let began = flight::instant();
        let seat = self.seat(missing, terms.client.as_ref()).instrument(span.clone()).await;
        terms.note(Phase::Store, began.elapsed());
        let newer = |want: &Want| {
            let max_age = self.crew.pacing.towards(demand, &want.entity).max_age;
            newer_than.unwrap_or_else(|| now.after(lead(max_age)).before(max_age))
        };
        let boarded = match &seat {
            Ok(seat) => span.in_scope(|| self.desk.board(missing, newer, demand.patience, seat)),
            Err(error) => missing.iter().map(|_| Err(error.clone())).collect(),
        };
        let arrivals = join_all(boarded.into_iter().map(|boarded| async {
            match boarded {
                Ok(boarded) => boarded.arrived(demand.patience).await,
                Err(error) => Arrival::refused(error),
            }
        }));
        let arrivals = arrivals.instrument(span).await;
        // The others were over by then.
        if let Some(last) = arrivals.iter().max_by_key(|arrival| arrival.waited) {
            terms.absorb(&last.spent);
        }
        let now = self.clock.now();
        let paid = seat.map_or(Credits::ZERO, |seat| seat.charged());
        gathered.charged = gathered.charged.saturating_add(paid);
        let landings = arrivals.into_iter().map(|arrival| arrival.landed);
        for (want, fetched) in missing.iter().zip(landings) {
            let held = known.get(&want.entity).cloned();
            let demand = self.crew.pacing.towards(demand, &want.entity);
            let (held, stale) = demand.choose(fetched, held, now)?;
            *if stale { &mut gathered.n_stale } else { &mut gathered.n_fetched } += 1;
            known.insert(want.entity.clone(), held);
        }
        Ok(())
    }

    /// A place for a request in the flights of what it misses. A client holds the most that its
    /// share may become, but for keys that it waits for already.
    async fn seat(
        &self,
        missing: &[Want],
        client: Option<&Client>,
    ) -> Result<Arc<Seat>, FlightError> {
        let Some(client) = client else { return Ok(Seat::of(None)) };
        let unpaid = missing.iter().filter(|want| !self.desk.is_aboard(&want.entity, client));
        let unpaid: Vec<Want> = unpaid.cloned().collect();
        let loads = self.crew.pack(&unpaid).loads;
        let operation = match loads.first() {
            Some(load) => Arc::clone(&load.call.operation().path),
            None => "".into(),
        };
        let n_keys = u32::try_from(unpaid.len()).unwrap_or(u32::MAX);
        let price = loads.iter().map(|load| load.price).sum();
        let hold = client.hold(price, &Purpose { operation, n_keys }).await?;
        Ok(Seat::of(Some(hold)))
    }

    /// What is to be bought of `missing`. Where the budget is too tight for that, what is held is
    /// served as it is, and at last nothing is bought but for essential clients.
    fn spared(
        &self,
        missing: &[Want],
        known: &Known,
        (demand, terms): (&Demand, &Terms),
        gathered: &mut Gathered,
    ) -> Result<Vec<Want>, AnswerError> {
        let (now, step) = (self.clock.now(), self.crew.pacing.step());
        if step < Step::Stale || terms.is_essential {
            return Ok(missing.to_vec());
        }
        let is_spared = |want: &&Want| {
            let demand = self.crew.pacing.towards(demand, &want.entity);
            known.get(&want.entity).is_some_and(|held| demand.spares(held, now))
        };
        let (spared, bought): (Vec<&Want>, Vec<&Want>) = missing.iter().partition(is_spared);
        gathered.n_stale += spared.len();
        let bought: Vec<Want> = bought.into_iter().cloned().collect();
        if let (Step::CacheOnly, Some(denied)) = (step, self.crew.pacing.refusal())
            && self.price_of(&bought) > Credits::ZERO
        {
            return Err(FlightError::Denied(denied).into());
        }
        Ok(bought)
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

/// How long before its end a value of this life is as good as too old, where one waits anyway.
fn lead(max_age: Duration) -> Duration {
    limits::ENDING.min(max_age / 8)
}

/// Takes in what a look found, if it is newer.
fn improve(known: &mut Known, entity: Entity, seen: Seen) {
    let Some(held) = seen else { return };
    if known.get(&entity).is_none_or(|known| known.meta.version < held.meta.version) {
        known.insert(entity, held);
    }
}

/// The distinct wants that nothing fresh is known of.
pub(crate) fn missing_of(
    wants: &[Want],
    known: &Known,
    (demand, pacing): (&Demand, &Pacing),
    now: Timestamp,
) -> Vec<Want> {
    let mut missing: Vec<Want> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for want in wants {
        let demand = pacing.towards(demand, &want.entity);
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
