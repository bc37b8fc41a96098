//! The facade: one value that a program embeds, or a gateway serves.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use cache_tiers::Tier;
use clock::{Clock, CoarseClock, Stopwatch, SystemClock, Timestamp};
use cmc_api::{Catalogue, KeyInfo, Plan, Query, QueryError, Tariff, Upstream};
use credits::{
    Account, AccountParts, Client, Clients, ClientsParts, Ledger, LedgerError, Meter, OpenError,
};
use engine::{Answer, AnswerError, Commons, Engine, Estimate, Parts, Terms};
use monitor::{Monitor, Prometheus};
use tokio_util::task::TaskTracker;

use crate::{
    ages::Ages,
    background::Background,
    clients::{Caller, Roster},
    config::Config,
    error::StartError,
    events::Events,
    key, metrics,
    opening::Opening,
    pace::Pacemaker,
    pausing::Pausing,
    requests::Counted,
    sighting::Sightings,
    stream::Topics,
    timeline::Timelines,
    usage::{Asked, Usage},
    warming::Warming,
    watching::Watching,
    wiring::{self, Kept, Levels, Way},
};

/// How often a drain looks whether the last flight has landed.
const LANDING_POLL: Duration = Duration::from_millis(5);

/// Parts that an embedder brings instead of ours.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Tells the time. Default: the system's, read every few milliseconds.
    pub clock: Option<Arc<dyn Clock>>,
    /// The way to the API. Default: HTTP with retry, breaker and minute limit, as configured.
    pub upstream: Option<Arc<dyn Upstream>>,
    /// Tiers of its own, below the configured ones.
    pub tiers: Vec<Arc<dyn Tier>>,
    /// Leases and a backplane of its own, instead of those of the configured tiers.
    pub commons: Option<Commons>,
    /// Counts credits for several instances, instead of the one that the configuration names.
    pub meter: Option<Arc<dyn Meter>>,
    /// Where latencies are kept. Default: a monitor of its own. Its operations are taken for
    /// answers, but for those that begin with `tier:`.
    pub monitor: Option<Monitor>,
    /// What the `metrics` macros say, if the program installed it.
    pub prometheus: Option<Prometheus>,
    /// Is told what the start waits for.
    pub opening: Opening,
}

/// A cache in front of the CoinMarketCap Pro API. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cmcache(Arc<Inner>);

/// What all clones share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) engine: Engine,
    /// The accounts of clients, below the key's.
    pub(crate) clients: Clients,
    /// Who is known by a token.
    pub(crate) roster: Roster,
    pub(crate) way: Way,
    pub(crate) kept: Kept,
    pub(crate) levels: Levels,
    pub(crate) monitor: Monitor,
    pub(crate) prometheus: Option<Prometheus>,
    pub(crate) health: health::Registry,
    pub(crate) started: Timestamp,
    pub(crate) requests: Counted,
    pub(crate) usage: Usage,
    pub(crate) pacemaker: Pacemaker,
    pub(crate) pausing: Pausing,
    pub(crate) ages: Ages,
    pub(crate) timelines: Timelines,
    pub(crate) topics: Topics,
    plan: Mutex<Option<KeyInfo>>,
    pub(crate) sightings: Sightings,
    /// What each check found when the watch looked last.
    seen: Mutex<BTreeMap<String, health::Status>>,
    pub(crate) watching: Watching,
    pub(crate) warming: Warming,
    pub(crate) background: Background,
}

impl Cmcache {
    /// Puts everything together and starts the background tasks. Must be called on a multi-thread
    /// runtime.
    ///
    /// Upstream need not be reachable: then the operator's own budget holds until its plan can be
    /// read, and what is cached is served.
    ///
    /// # Errors
    ///
    /// [`StartError`]
    pub async fn start(config: Config, options: Options) -> Result<Self, StartError> {
        config.validate()?;
        let (background, opening) = (Background::default(), options.opening);
        let monitor = options.monitor.unwrap_or_default();
        let clock = options.clock.unwrap_or_else(|| beating(&background));
        let catalogue = config.catalogue()?;
        let tariff = Tariff::of(&catalogue);
        let name = wiring::name(&config.upstream.url).to_owned();
        let mut watching = Watching::open(&config, &name, tariff.clone());
        let tap = watching.tap(&clock);
        let way = match options.upstream {
            Some(upstream) => Way::given(upstream, tap),
            None => wiring::way(&config.upstream, &clock, tap)?,
        };
        let mut kept = wiring::kept(&config, &opening).await?;
        watching.connect(&config, &name, &mut kept)?;
        let levels = wiring::levels(&config, &mut kept, &opening).await?;
        opening.waits_for("the plan of the key, which upstream tells");
        let (plan, seen) = key::at_start(&config.upstream, &*way.upstream, &*clock).await;
        let budget = wiring::budget(&config, plan.as_ref());
        let shared = options.meter.or_else(|| levels.meter.clone());
        let parts = wiring::account(&config, (&name, budget), (&kept, shared), &clock);
        opening.waits_for("what is spent so far");
        let (account, clients) = accounts(parts, &*kept.ledger).await?;
        let usage = Usage::new(account.name(), wiring::recorder(&config)?);
        opening.waits_for("the clients");
        let roster = Roster::open(&config, &clients, &*kept.ledger).await?;
        let engine = Engine::new(Parts {
            clock: Arc::clone(&clock),
            stack: levels.stack(&config, options.tiers, (&monitor, &clock)),
            account,
            clients: Some(clients.clone()),
            namespace: format!("{name}/").into(),
            upstream: Arc::clone(&way.upstream),
            tariff,
            freshness: config.freshness(),
            boarding_window: config.upstream.boarding_window.get(),
            commons: options.commons.unwrap_or_else(|| levels.commons.clone()),
            tracker: TaskTracker::new(),
        });
        let inner = Arc::new_cyclic(|this| Inner {
            health: crate::probes::registry(this),
            started: clock.now(),
            pacemaker: Pacemaker::new(&config),
            pausing: Pausing::open(&config.data_dir),
            config,
            clock,
            catalogue,
            engine,
            clients,
            roster,
            way,
            kept,
            levels,
            monitor,
            prometheus: options.prometheus,
            requests: Counted::default(),
            usage,
            ages: Ages::default(),
            timelines: Timelines::default(),
            topics: Topics::default(),
            plan: Mutex::default(),
            sightings: Sightings::begun_with(seen),
            seen: Mutex::default(),
            watching,
            warming: Warming::default(),
            background,
        });
        Ok(Self(inner).begin(plan, &opening).await)
    }

    /// The last steps before the first answer.
    async fn begin(self, plan: Option<KeyInfo>, opening: &Opening) -> Self {
        let inner = &self.0;
        opening.waits_for("what other instances tell");
        metrics::describe();
        inner.engine.set_refresh(inner.config.refresh.refresh());
        if let Some(plan) = plan {
            inner.learn_plan(plan).await;
        }
        inner.resume_pause();
        inner.sync_pause().await;
        // What others have invalidated must not come out of a store.
        inner.engine.learn_marks().await;
        inner.background.start(inner);
        self
    }

    /// The answer to the very same request text, if memory alone can give it, fresh. Synchronous.
    #[must_use]
    pub fn peek(&self, target: &str) -> Option<Answer> {
        self.peek_for(target, None)
    }

    /// As [`Cmcache::peek`], counted for a client.
    #[must_use]
    pub fn peek_for(&self, target: &str, client: Option<&Arc<str>>) -> Option<Answer> {
        let answer = self.0.engine.peek(target)?;
        self.0.ages.count(answer.age);
        // It takes microseconds; to measure them would take as long.
        self.0.usage.answered(&answer, client, Duration::ZERO);
        Some(answer)
    }

    /// Reads a request of the API.
    ///
    /// # Errors
    ///
    /// What the API would say to it, as far as that is known without asking.
    pub fn parse(
        &self,
        method: &str,
        path: &str,
        raw_query: &str,
        body: Bytes,
    ) -> Result<Arc<Query>, QueryError> {
        let query = Query::parse(&self.0.catalogue, method, path, raw_query, body)?;
        // The cache answers several currencies even for a plan that allows one a call: it buys
        // them one by one. More than any plan allows is refused as the API does.
        query.check_converts(Plan::Enterprise)?;
        Ok(Arc::new(query))
    }

    /// Answers `query`.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]
    pub async fn answer(&self, query: &Arc<Query>, terms: &Terms) -> Result<Answer, AnswerError> {
        let clock = Stopwatch::start();
        let answered = self.0.engine.answer(query, terms).await;
        self.0.counted(query, answered, terms, &clock)
    }

    /// As [`Cmcache::answer`], and keeps the plan ready for [`Cmcache::peek`] under `target`.
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
        let clock = Stopwatch::start();
        let answered = self.0.engine.answer_as(target, query, terms).await;
        self.0.counted(query, answered, terms, &clock)
    }

    /// Answers a path and query as a client would send them: `/v2/cryptocurrency/info?id=1`.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]
    pub async fn get(&self, path_and_query: &str) -> Result<Answer, AnswerError> {
        let (path, raw_query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let query = self.parse("GET", path, raw_query, Bytes::new());
        let query = query.map_err(|error| AnswerError::Bad(Box::new(error)))?;
        self.answer(&query, &Terms::default()).await
    }

    /// What `query` would cost now, and what it would cost without a cache.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]
    pub async fn estimate(&self, query: &Arc<Query>) -> Result<Estimate, AnswerError> {
        self.0.engine.estimate(query).await
    }

    /// Has the free map of all coins fetched, unless a usable one is held.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]
    pub async fn load_names(&self) -> Result<(), AnswerError> {
        self.0.engine.load_names().await
    }

    /// As [`Cmcache::load_names`], in the background, and again until it is there. Symbols and
    /// slugs need the map; whoever serves has it loaded before the first client comes.
    pub fn load_names_behind(&self) {
        self.0.background.load_names(&self.0);
    }

    /// Starts what keeps a topic told.
    pub(crate) fn begin_topic(&self, name: String, query: Arc<Query>, terms: Terms) {
        self.0.background.follow(&self.0, name, query, terms);
    }

    /// Warms what the configuration says, at the start and as often as it says; whoever serves has
    /// this done when it is ready.
    pub fn warm_behind(&self) {
        self.0.background.warm(&self.0);
    }

    /// The present instant, by the gateway's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Latencies by operation and outcome.
    #[must_use]
    pub fn monitor(&self) -> &Monitor {
        &self.0.monitor
    }

    /// The health checks.
    #[must_use]
    pub fn health(&self) -> &health::Registry {
        &self.0.health
    }

    /// The configuration that runs.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Whether anybody may ask, with any token or none: nobody was ever given one.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.roster.is_open()
    }

    /// The client whose token that is. Found in a time that tells nothing of which came close.
    #[must_use]
    pub fn caller(&self, token: &[u8]) -> Option<Caller> {
        self.0.roster.find(token)
    }

    /// The accounts of clients: those who are known by a token, and an embedder's own.
    #[must_use]
    pub fn clients(&self) -> &Clients {
        &self.0.clients
    }

    /// The engine, for those who want more than answers.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// What happens, as it happens.
    #[must_use]
    pub fn events(&self) -> &Events {
        &self.0.watching.events
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Lets flights land, writes the books, ends the background tasks and closes the stores.
    /// Whoever serves requests stops taking them first.
    pub async fn drain(&self, grace: Duration) -> crate::Drained {
        let inner = &self.0;
        inner.health.enter(health::Phase::Draining);
        inner.end_topics();
        let flights = tokio::time::timeout(grace, inner.landed()).await.is_ok();
        inner.engine.stack().close();
        // What a tier does not take within the grace is only a copy.
        drop(tokio::time::timeout(grace, inner.background.end()).await);
        inner.pacemaker.save();
        inner.engine.account().give_back().await;
        inner.clients.give_back().await;
        let mut postings = true;
        while postings && inner.engine.account().n_waiting() > 0 {
            postings = inner.engine.account().flush(&*inner.kept.ledger).await.is_ok();
        }
        while postings && inner.clients.n_waiting() > 0 {
            postings = inner.clients.catch_up(&*inner.kept.ledger).await.is_ok();
        }
        if let Err(error) = inner.collect().await {
            tracing::warn!(%error, "the last counts of answers are lost");
        }
        inner.levels.close().await;
        inner.kept.close().await;
        inner.watching.events.close();
        crate::Drained { flights, postings }
    }
}

/// The account of the key, and those of clients below it.
async fn accounts(
    parts: AccountParts,
    ledger: &dyn Ledger,
) -> Result<(Account, Clients), OpenError> {
    let (meter, journal) = (Arc::clone(&parts.meter), Arc::clone(&parts.journal));
    let (policy, clock) = (parts.policy, Arc::clone(&parts.clock));
    let account = Account::open_ahead(parts, ledger).await?;
    let key = account.clone();
    Ok((account, Clients::new(ClientsParts { key, meter, journal, policy, clock })))
}

/// The system's time, read every few milliseconds by the background.
fn beating(background: &Background) -> Arc<dyn Clock> {
    let coarse = CoarseClock::over(Arc::new(SystemClock));
    background.tick(coarse.clone());
    Arc::new(coarse)
}

impl Inner {
    /// Counts what came of a request.
    pub(crate) fn counted(
        &self,
        query: &Arc<Query>,
        answered: Result<Answer, AnswerError>,
        terms: &Terms,
        clock: &Stopwatch,
    ) -> Result<Answer, AnswerError> {
        let client = terms.client.as_ref().map(Client::name);
        match &answered {
            Ok(answer) => {
                self.ages.count(answer.age);
                self.usage.answered(answer, client, clock.elapsed());
            }
            Err(_) => self.usage.failed(Asked { query, client, at: self.clock.now() }),
        }
        self.requests.count(answered)
    }

    /// Writes what was counted, so that reports are whole.
    pub(crate) async fn collect(&self) -> Result<(), LedgerError> {
        let calls = self.engine.spending();
        self.usage.collect(calls, &*self.kept.tallies, self.clock.now()).await
    }

    /// The plan of the key, once it could be asked.
    pub(crate) fn plan(&self) -> Option<KeyInfo> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn keep_plan(&self, plan: KeyInfo) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan);
    }

    /// Remembers what a check found, and says what it had found before.
    pub(crate) fn seen(&self, check: &str, status: health::Status) -> Option<health::Status> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(check.to_owned(), status)
    }

    /// Waits until no flight is under way, and what they brought is where others find it.
    async fn landed(&self) {
        let is_busy = || {
            let size = self.engine.size();
            size.flights > 0 || size.loads > 0
        };
        while is_busy() {
            tokio::time::sleep(LANDING_POLL).await;
        }
    }
}

#[cfg(test)]
mod tests;
