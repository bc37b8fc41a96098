//! Answer, and the walk: plan → look → join → (fetch) → compose.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use cache_tiers::Meta;
use clock::Timestamp;
use cmc_api::{Ask, Operation, Query, Style, UpstreamErrorKind};
use credits::{Client, Credits};

use crate::{
    catalog::Catalog,
    compose::{NotComposed, compose},
    engine::Engine,
    entity::{Entity, Want},
    error::{AnswerError, FlightError},
    gather::Gathered,
    held::{Content, Held},
    limits,
    plan::{self, Base, Plan, Unresolved},
    prepared::Prepared,
    spent::{Course, Phase, Spent},
    stale::Demand,
};

/// How much of an answer was cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CacheState {
    /// All of it, and fresh.
    Full,
    /// Some of it.
    Partial,
    /// Nothing of it.
    Cold,
    /// Part of it is older than it should be, because fetching failed.
    Stale,
}

impl CacheState {
    /// As in headers and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::Cold => "cold",
            Self::Stale => "stale",
        }
    }
}

/// What a client gets, before it is put on the wire.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub query: Arc<Query>,
    /// The operation that is answered.
    pub operation: Arc<Operation>,
    /// The wire style of the envelope.
    pub style: Style,
    /// The raw JSON text of `data`.
    pub data: Bytes,
    /// `status.total_count`, where the operation sends it.
    pub total_count: Option<u64>,
    /// The age of the oldest part.
    pub age: Duration,
    /// How long all of it stays fresh.
    pub fresh_for: Duration,
    /// For how long part of it has been older than it should be.
    pub stale_for: Duration,
    /// For how long part of it has been older than the operator's age, to make the budget last.
    pub paced_for: Duration,
    /// How much of it was cached.
    pub cache: CacheState,
    /// What this request made upstream charge.
    pub charged: Credits,
    /// What it would have cost without a cache, by the tariff.
    pub worth: Credits,
    /// Changes whenever the data does.
    pub etag: u64,
    /// The instant of the answer.
    pub at: Timestamp,
}

/// What a client asks for besides the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Who asks, if it has a name: it pays its share, within its quota.
    pub client: Option<Client>,
    /// `Cache-Control: max-age`, `no-cache` (zero).
    pub max_age: Option<Duration>,
    /// `Cache-Control: max-stale`.
    pub max_stale: Option<Duration>,
    /// `Cache-Control: only-if-cached`.
    pub only_if_cached: bool,
    /// `X-Cmcache-Max-Credits`.
    pub max_credits: Option<Credits>,
    /// How long the client waits.
    pub patience: Option<Duration>,
    /// Whether the client may still spend when others are served from the cache only.
    pub is_essential: bool,
    /// Where it is noted what the time went into, for who wants to know.
    pub course: Option<Course>,
}

impl Terms {
    pub(crate) fn note(&self, phase: Phase, length: Duration) {
        self.course.iter().for_each(|course| course.note(phase, length));
    }

    pub(crate) fn absorb(&self, spent: &Spent) {
        self.course.iter().for_each(|course| course.absorb(spent));
    }
}

impl Engine {
    /// Answers `query` from the tiers, and from upstream where they have nothing fresh.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]
    ///
    /// # Cancel safety
    ///
    /// May be dropped at any await: what was sent off goes on and fills the tiers.
    pub async fn answer(&self, query: &Arc<Query>, terms: &Terms) -> Result<Answer, AnswerError> {
        let answered = self.walk(query, terms).await;
        self.count(&answered);
        answered.map(|(answer, _)| answer)
    }

    /// As [`Engine::answer`], and keeps the plan ready under `target`, so that the next
    /// [`Engine::peek`] needs no parsing.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]
    pub async fn answer_as(
        &self,
        target: &str,
        query: &Arc<Query>,
        terms: &Terms,
    ) -> Result<Answer, AnswerError> {
        let answered = self.walk(query, terms).await;
        self.count(&answered);
        let (answer, prepared) = answered?;
        if answer.cache != CacheState::Stale && prepared.is_light() {
            self.prepared.keep(target, prepared);
        }
        Ok(answer)
    }

    /// Composes the answer; where that turns out to be impossible, upstream is asked for all of it.
    async fn walk(
        &self,
        query: &Arc<Query>,
        terms: &Terms,
    ) -> Result<(Answer, Prepared), AnswerError> {
        let ask = self.cheaper(query, query.ask());
        let earlier = match self.walk_as(query, &ask, terms).await {
            Ok(walked) => return Ok(walked),
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::NoShape(charged)) => charged,
        };
        let left = terms.max_credits.map(|max| max.saturating_sub(earlier));
        let terms = &Terms { max_credits: left, ..terms.clone() };
        match self.walk_as(query, &Ask::Whole, terms).await {
            Ok((mut answer, prepared)) => {
                answer.charged = answer.charged.saturating_add(earlier);
                Ok((answer, prepared))
            }
            Err(Stop::Failed(error)) => Err(error),
            Err(Stop::NoShape(_)) => {
                Err(AnswerError::Failed(FlightError::Unreadable("the fields asked for")))
            }
        }
    }

    /// The question whole, where putting a list together may cost much more than that.
    pub(crate) fn cheaper(&self, query: &Arc<Query>, ask: Ask) -> Ask {
        let Ask::CoinList(list) = &ask else { return ask };
        let composed = self.price_of(&[Want::whole(&list.source)]);
        let composed = composed.saturating_add(self.bound_of(list));
        let whole = self.price_of(&[Want::whole(query)]);
        if composed > whole.saturating_add(whole) { Ask::Whole } else { ask }
    }

    async fn walk_as(
        &self,
        query: &Arc<Query>,
        ask: &Ask,
        terms: &Terms,
    ) -> Result<(Answer, Prepared), Stop> {
        // Whatever changes from here on makes the answer one to be composed again.
        let generation = self.crew.hot.generation();
        let demand = self.demand(query, terms);
        let names = self.names(ask, &demand, terms).await?;
        let (plan, roots, first) = self.planned(query, ask, names, &demand, terms).await?;
        let left = terms.max_credits.map(|max| max.saturating_sub(first.charged));
        let terms = &Terms { max_credits: left, ..terms.clone() };
        let gathered = self.gather(&plan.wants, &demand, terms).await;
        let mut gathered = gathered.map_err(|error| Stop::of(error, ask, first.charged))?;
        let left = terms.max_credits.map(|max| max.saturating_sub(gathered.charged));
        let terms = &Terms { max_credits: left, ..terms.clone() };
        gathered.absorb(&first);
        let data = match compose(&plan, &gathered.held) {
            Ok(data) => data,
            Err(NotComposed::Nothing(error)) => return Err(Stop::Failed(AnswerError::Bad(error))),
            Err(NotComposed::NoSource(places)) => {
                let on = (&demand, terms);
                self.gather_anew(&plan.wants, &places, on, &mut gathered).await?;
                match compose(&plan, &gathered.held) {
                    Ok(data) => data,
                    Err(NotComposed::Nothing(error)) => {
                        return Err(Stop::Failed(AnswerError::Bad(error)));
                    }
                    Err(NotComposed::NoSource(_)) => {
                        return Err(Stop::NoShape(gathered.charged));
                    }
                }
            }
        };
        let ages = self.crew.lives.0.ages(&query.operation);
        let pace = (ages, Arc::clone(&self.crew.pacing));
        let prepared =
            Prepared::new((Arc::clone(query), plan), roots, pace, self.prepared.room.clone());
        let prepared = prepared.worth(self.crew.tariff.price_of(query));
        let now = self.clock.now();
        let mut answer = prepared.first(generation, &gathered.held, data, now);
        answer.cache = gathered.state();
        answer.charged = gathered.charged;
        if answer.cache == CacheState::Stale {
            answer.paced_for = Duration::ZERO;
        }
        if demand.ages.is_none() {
            answer.fresh_for = answer.fresh_for.min(demand.max_age.saturating_sub(answer.age));
        }
        Ok((answer, prepared))
    }

    /// The map of all coins, if it can be had; the ask may do without.
    async fn names(
        &self,
        ask: &Ask,
        demand: &Demand,
        terms: &Terms,
    ) -> Result<Option<Arc<Held>>, AnswerError> {
        if !plan::cares_for_names(ask) {
            return Ok(None);
        }
        let is_needed = plan::needs_names(ask);
        let most = if is_needed { Duration::MAX } else { limits::NAMES_PATIENCE };
        let patience = demand.patience.min(most);
        let demand = Demand { max_age: Duration::MAX, ages: None, patience, ..*demand };
        let map = [Want::of(Entity::Map)];
        let terms = Terms { course: terms.course.clone(), ..Terms::default() };
        match self.gather(&map, &demand, &terms).await {
            Ok(gathered) => {
                self.renew_names(&gathered.held[0]);
                Ok(gathered.held.into_iter().next())
            }
            Err(error) if is_needed => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Plans; a name that means nothing is looked up in a new map before that is said.
    async fn planned(
        &self,
        query: &Arc<Query>,
        ask: &Ask,
        names: Option<Arc<Held>>,
        demand: &Demand,
        terms: &Terms,
    ) -> Result<(Plan, Vec<Root>, Gathered), Stop> {
        let mut names = names;
        for renewed in [false, true] {
            match self.plan_once(query, ask, names.as_ref(), demand, terms).await? {
                Ok((plan, mut roots, first)) => {
                    roots.extend(names.map(|held| Root::of(Entity::Map, &held)));
                    return Ok((plan, roots, first));
                }
                Err(Unresolved(error)) => {
                    let old = names.as_ref().is_some_and(|held| self.worth_renewing(held));
                    if renewed || !old {
                        return Err(Stop::Failed(AnswerError::Bad(error)));
                    }
                    names = self.newest_names(demand).await.or(names);
                }
            }
        }
        unreachable!("the second round returns")
    }

    /// Gathers what the plan is read from. A list is not bought for somebody who may not pay for
    /// its coins, too.
    async fn first_round(
        &self,
        ask: &Ask,
        blocks: &[Want],
        demand: &Demand,
        terms: &Terms,
    ) -> Result<Gathered, AnswerError> {
        if let (Ask::CoinList(list), Some(max)) = (ask, terms.max_credits) {
            let cached = Demand { only_if_cached: true, ..*demand };
            if let Ok(found) = self.gather(blocks, &cached, terms).await {
                return Ok(found);
            }
            let price = self.price_of(blocks).saturating_add(self.bound_of(list));
            if price > max {
                return Err(AnswerError::TooDear { price, max });
            }
        }
        self.gather(blocks, demand, terms).await
    }

    async fn plan_once(
        &self,
        query: &Arc<Query>,
        ask: &Ask,
        names: Option<&Arc<Held>>,
        demand: &Demand,
        terms: &Terms,
    ) -> Result<Result<(Plan, Vec<Root>, Gathered), Unresolved>, Stop> {
        let catalog = names.and_then(|held| catalog_of(held));
        let blocks = match plan::blocks(ask, query, catalog) {
            Ok(blocks) => blocks,
            Err(unresolved) => return Ok(Err(unresolved)),
        };
        let first = self.first_round(ask, &blocks, demand, terms).await;
        let first = first.map_err(|error| Stop::of(error, ask, Credits::ZERO))?;
        let Some(base) = Base::of(ask, &first.held) else {
            return Err(Stop::NoShape(first.charged));
        };
        let roots = blocks.into_iter().map(|want| want.entity).zip(&first.held);
        let roots = roots.map(|(entity, held)| Root::of(entity, held)).collect();
        Ok(plan::plan(query, ask, catalog, &base).map(|plan| (plan, roots, first)))
    }
}

/// Why a walk led nowhere.
enum Stop {
    /// There is no answer.
    Failed(AnswerError),
    /// What is held does not have the shape that the answer needs; it was paid for all the same.
    NoShape(Credits),
}

impl Stop {
    /// What an error means to the walk: where the call was not the client's own question, or its
    /// reply had another shape, upstream is to be asked that question itself.
    fn of(error: AnswerError, ask: &Ask, charged: Credits) -> Self {
        let is_ours = matches!(ask, Ask::View(_) | Ask::CoinList(_) | Ask::Parts(_));
        match &error {
            AnswerError::Failed(FlightError::Unreadable(_)) if is_ours => Self::NoShape(charged),
            AnswerError::Failed(FlightError::Upstream(refused))
                if is_ours && refused.kind == UpstreamErrorKind::Refused =>
            {
                Self::NoShape(charged)
            }
            _ => Self::Failed(error),
        }
    }
}

impl From<AnswerError> for Stop {
    fn from(error: AnswerError) -> Self {
        Self::Failed(error)
    }
}

/// An entity that a plan was read from, as it was then. Its content is not kept alive: thousands of
/// plans may stem from values that were replaced long ago.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) entity: Entity,
    pub(crate) meta: Meta,
    /// Whether it is the map, which only resolves names.
    pub(crate) is_names: bool,
}

impl Root {
    fn of(entity: Entity, held: &Held) -> Self {
        Self { entity, meta: held.meta, is_names: catalog_of(held).is_some() }
    }
}

pub(crate) fn catalog_of(held: &Held) -> Option<&Catalog> {
    match &held.content {
        Content::Map(catalog) => Some(catalog),
        _ => None,
    }
}
