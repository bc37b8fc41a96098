//! The engine: the parts it was given, and the doors to them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use cache_tiers::{Mark, Note, Scope, Stack, Versions};
use clock::Clock;
use cmc_api::{CacheClass, Plan, PriceRule, Query, Tariff, Upstream};
use credits::{Account, Clients, Credits, Figures, Step};
use tokio_util::task::TaskTracker;

use crate::{
    answer::{Answer, CacheState, Terms},
    charges::CoinCharges,
    commons::{Common, Commons},
    counts::{Counters, Counts},
    demand::Popularity,
    entity::{Entity, Want},
    error::AnswerError,
    fetch::Crew,
    flight::{Desk, Flights},
    gate::Gates,
    harvest::Lives,
    held::Held,
    hot::Hot,
    limits,
    looks::Looks,
    metrics::Metrics,
    pacing::Pacing,
    policy::{Ages, Freshness},
    prepared::PreparedPlans,
    refresh::{Eagerness, Refresh, Refresher},
    stale::Demand,
    sweep::SweepLog,
    tags::TagBook,
};

/// What an engine is made of. Everything that can be swapped is a trait.
#[derive(Debug)]
pub struct Parts {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The tiers, nearest first.
    pub stack: Stack,
    /// Who pays.
    pub account: Account,
    /// Who shares what it pays, if anybody has a name.
    pub clients: Option<Clients>,
    /// Tells this upstream's data from another's where tiers outlive the process or are shared.
    pub namespace: Arc<str>,
    /// The way out, with its layers.
    pub upstream: Arc<dyn Upstream>,
    /// What calls cost.
    pub tariff: Tariff,
    /// How old answers may be.
    pub freshness: Freshness,
    /// How long the first asker waits for company.
    pub boarding_window: Duration,
    /// What other instances share with this one.
    pub commons: Commons,
    /// Where the engine's tasks live.
    pub tracker: TaskTracker,
}

/// Answers queries from cached entities and fetches what is missing for the fewest credits.
#[derive(Debug)]
pub struct Engine {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) crew: Arc<Crew>,
    pub(crate) desk: Desk,
    pub(crate) prepared: Arc<PreparedPlans>,
    pub(crate) counters: Counters,
}

/// What the engine holds in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Decoded entities.
    pub entities: usize,
    /// Their bodies, in bytes.
    pub bytes: usize,
    /// Flights under way.
    pub flights: usize,
    /// Loads whose outcome is not yet in the tiers, or not yet told to other instances.
    pub loads: usize,
}

impl Engine {
    /// Puts the parts together. Must be called on a runtime: the boarding desk is a task.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let is_paced = parts.freshness.pace.is_on;
        let prepared = Arc::new(PreparedPlans::new());
        let crew = Arc::new(Crew {
            prepared: Arc::clone(&prepared),
            upstream: parts.upstream,
            account: parts.account,
            clients: parts.clients,
            namespace: parts.namespace,
            tariff: parts.tariff,
            clock: Arc::clone(&parts.clock),
            stack: parts.stack,
            hot: Hot::new(),
            flights: Arc::new(Flights::new(limits::FLIGHTS_MAX)),
            looks: Looks::new(),
            gates: Gates::default(),
            lives: Lives(parts.freshness),
            tags: TagBook::default(),
            popularity: Popularity::new(parts.clock.now()),
            sweeps: SweepLog::new(),
            refresher: Refresher::new(),
            converts_max: AtomicUsize::new(Plan::Enterprise.converts_max()),
            calls_per_minute: AtomicU32::new(Plan::Enterprise.requests_per_minute()),
            versions: Versions::default(),
            common: Common::new(parts.commons, &parts.clock),
            pacing: Arc::new(Pacing::new(is_paced)),
            metrics: Metrics::register(),
            spending: Arc::default(),
            charges: CoinCharges::default(),
            loads: TaskTracker::new(),
        });
        let desk = Desk::open(Arc::clone(&crew), parts.boarding_window, &parts.tracker);
        let counters = Counters::new(crew.stack.names().len());
        Self { clock: parts.clock, crew, desk, prepared, counters }
    }

    /// The answer to the very same request text, if memory alone can give it, fresh: no await, no
    /// lock but a shard's, no system call.
    #[must_use]
    pub fn peek(&self, target: &str) -> Option<Answer> {
        let answer = self.prepared.peek(target, &self.crew.hot, self.clock.now())?;
        let policy = self.crew.refresher.policy();
        if policy.eagerness != Eagerness::Fewest
            && answer.fresh_for <= policy.lead(answer.fresh_for + answer.age)
        {
            // The long way knows of what it is made, and sends for it.
            return None;
        }
        self.crew.metrics.ready.increment(1);
        self.counters.ready();
        self.crew.metrics.full.increment(1);
        Some(answer)
    }

    /// Forgets `entities` in every tier, and in every instance that hears of it. Who asks from now
    /// on gets nothing that was loaded before.
    pub async fn invalidate(&self, entities: &[Entity]) {
        let now = self.clock.now();
        let fence = self.crew.versions.next(now);
        for entity in entities {
            self.crew.flights.detach(entity);
            self.crew.hot.invalidate(entity, fence, now);
        }
        self.crew.looks.part();
        let keys: Vec<_> = entities.iter().map(|entity| entity.key(&self.crew.namespace)).collect();
        self.crew.stack.remove(&keys, fence).await;
        let removed = keys.into_iter().map(|key| Note::Removed(key, fence));
        self.crew.common.tell(&removed.collect::<Vec<_>>()).await;
    }

    /// Forgets whatever a scope of this upstream's entities covers, in every tier and instance,
    /// without looking for it: keys that begin with `prefix` (all if it is empty), or only those
    /// of one class of data.
    pub async fn invalidate_all(&self, prefix: &str, class: Option<CacheClass>) -> Mark {
        let prefix = format!("{}{prefix}", self.crew.namespace);
        let scope = match class {
            Some(class) => Scope::Class(class as u16, prefix),
            None => Scope::Prefix(prefix),
        };
        self.crew.mark(scope).await
    }

    /// Whether other instances are told of what is forgotten here.
    #[must_use]
    pub fn has_backplane(&self) -> bool {
        self.crew.common.backplane().is_some()
    }

    /// Reads from the shared tiers what other instances have invalidated as a whole; to be awaited
    /// before the first answer of an instance that starts.
    pub async fn learn_marks(&self) {
        self.crew.sync_marks().await;
    }

    /// The entities of which `query` is answered, as far as they can be told now.
    ///
    /// # Errors
    ///
    /// [`AnswerError`], if the query is wrong or its names cannot be resolved.
    pub async fn entities_of(&self, query: &Arc<Query>) -> Result<Vec<Entity>, AnswerError> {
        crate::estimate::entities(self, query).await
    }

    /// Has the map of all coins fetched, unless a usable one is held. It is free.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]
    pub async fn load_names(&self) -> Result<(), AnswerError> {
        let demand = Demand {
            max_age: Duration::MAX,
            ages: None,
            max_stale: None,
            only_if_cached: false,
            patience: limits::ASKER_PATIENCE,
            revalidate: Duration::ZERO,
        };
        self.gather(&[Want::of(Entity::Map)], &demand, &Terms::default()).await.map(drop)
    }

    /// The account that pays.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.crew.account
    }

    /// How old answers may be at present, to make the budget last.
    #[must_use]
    pub fn pacing(&self) -> &Pacing {
        &self.crew.pacing
    }

    /// The tiers.
    #[must_use]
    pub fn stack(&self) -> &Stack {
        &self.crew.stack
    }

    /// How much was found where since the start.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counters.read(self.crew.stack.names())
    }

    /// What calls brought for what they cost, by operation, since the start.
    #[must_use]
    pub fn spending(&self) -> Vec<(Arc<str>, Figures)> {
        self.crew.spending.read()
    }

    /// What is held in memory.
    #[must_use]
    pub fn size(&self) -> Size {
        let (entities, bytes) = self.crew.hot.size();
        let (flights, loads) = (self.crew.flights.len(), self.crew.loads.len());
        Size { entities, bytes, flights, loads }
    }

    /// Replaces the price rule of one operation by what upstream was seen to charge. Says whether
    /// there is such an operation.
    pub fn learn_price(&self, path: &str, rule: PriceRule) -> bool {
        self.crew.tariff.learn(path, rule)
    }

    /// How eagerly values are refreshed from now on.
    pub fn set_refresh(&self, policy: Refresh) {
        self.crew.refresher.set(policy);
    }

    /// The plan allows that many currencies in a call. Unless told, the engine believes in many
    /// until upstream refuses a call for them, which costs nothing.
    pub fn limit_converts(&self, n: usize) {
        self.crew.converts_max.store(n.max(1), Ordering::Relaxed);
    }

    /// The plan allows that many calls in a minute: where they are scarce, pages of the ranking are
    /// bought instead of single misses.
    pub fn limit_calls(&self, per_minute: u32) {
        self.crew.calls_per_minute.store(per_minute.max(1), Ordering::Relaxed);
    }

    pub(crate) fn demand(&self, query: &Query, terms: &Terms) -> Demand {
        let freshness = &self.crew.lives.0;
        let own = freshness.ages(&query.operation);
        let (max_age, ages) = match terms.max_age {
            None => (own.natural, Some(own)),
            // While there is enough, a client gets what it asks for.
            Some(asked) if self.crew.pacing.step() == Step::Fresh => (asked.min(own.natural), None),
            // Then no younger than the operator's age: that pays for the same bytes.
            Some(asked) if freshness.pace.obeys_clients => {
                let most = own.most.min(asked.max(own.natural));
                (own.natural, Some(Ages { most, ..own }))
            }
            Some(_) => (own.natural, Some(own)),
        };
        let is_paced = freshness.pace.is_on;
        Demand {
            max_age,
            ages: ages.filter(|_| is_paced),
            // What pacing keeps for longer is no older for an error.
            max_stale: terms.max_stale.or(is_paced.then_some(freshness.stale_if_error)),
            only_if_cached: terms.only_if_cached,
            patience: terms.patience.unwrap_or(limits::ASKER_PATIENCE),
            // Who says how old it may be means it.
            revalidate: match terms.max_age {
                None => self.crew.refresher.policy().stale_while_revalidate,
                Some(_) => Duration::ZERO,
            },
        }
    }

    pub(crate) fn count(
        &self,
        answered: &Result<(Answer, crate::prepared::Prepared), AnswerError>,
    ) {
        let metrics = &self.crew.metrics;
        match answered.as_ref().map(|(answer, _)| answer.cache) {
            Ok(CacheState::Full) => metrics.full.increment(1),
            Ok(CacheState::Partial) => metrics.partial.increment(1),
            Ok(CacheState::Cold) => metrics.cold.increment(1),
            Ok(CacheState::Stale) => metrics.stale.increment(1),
            Err(_) => metrics.failed.increment(1),
        }
    }

    /// Has a map that grows old renewed, without anybody waiting.
    pub(crate) fn renew_names(&self, held: &Held) {
        let now = self.clock.now();
        if now.since(held.meta.fetched_at) >= limits::MAP_RESOLVES_FOR {
            let names = [Want::of(Entity::Map)];
            self.desk.send_for(&names, now.before(limits::MAP_RESOLVES_FOR));
        }
    }

    /// Whether a name that means nothing is worth another look at the map.
    pub(crate) fn worth_renewing(&self, held: &Held) -> bool {
        self.clock.now().since(held.meta.fetched_at) >= limits::MAP_RECHECK
    }

    /// The map as upstream tells it now; `None` if it cannot be had.
    pub(crate) async fn newest_names(&self, demand: &Demand) -> Option<Arc<Held>> {
        let demand = Demand { max_age: limits::MAP_RECHECK, ages: None, ..*demand };
        let gathered = self.gather(&[Want::of(Entity::Map)], &demand, &Terms::default()).await;
        gathered.ok()?.held.into_iter().next()
    }

    /// What `query` would cost now, and what it would cost without a cache.
    ///
    /// # Errors
    ///
    /// [`AnswerError`], if the query is wrong or its names cannot be resolved.
    pub async fn estimate(&self, query: &Arc<Query>) -> Result<Estimate, AnswerError> {
        crate::estimate::estimate(self, query).await
    }
}

/// The price of a query before it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// What it costs now: only what is missing is fetched.
    pub with_cache: Credits,
    /// What the same request costs when it is sent to the API as it is.
    pub without_cache: Credits,
    /// The calls that would be made now: path and query, and their price.
    pub calls: Vec<(String, Credits)>,
}
