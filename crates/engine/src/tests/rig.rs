//! An engine on a small market, with a clock that stands still and an upstream that can be held.

use std::{future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use cache_tiers::{MemoryTier, Stack, StackBuilder, Tier, TierPolicy};
use clock::{Clock, ManualClock, Timestamp};
use cmc_api::{Call, Catalogue, CoinId, Query, ScriptedUpstream, Tariff, Upstream};
use credits::{
    Account, AccountParts, Budget, Clients, ClientsParts, MemoryMeter, Meter, NoJournal, Policy,
    Posting,
};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::task::TaskTracker;

use super::market::Market;
use crate::{Answer, AnswerError, Commons, Engine, Entity, Freshness, Parts, Terms, limits};

pub(super) type Answered = Result<Answer, AnswerError>;

/// Everything a test looks at.
#[derive(Clone)]
pub(super) struct Rig {
    pub(super) clock: ManualClock,
    pub(super) market: Market,
    pub(super) upstream: ScriptedUpstream,
    pub(super) account: Account,
    pub(super) clients: Clients,
    pub(super) stack: Stack,
    pub(super) tracker: TaskTracker,
    pub(super) engine: Arc<Engine>,
}

/// What a test wants to be otherwise.
#[derive(Default)]
pub(super) struct Wishes {
    pub(super) tiers: Vec<Arc<dyn Tier>>,
    pub(super) budget: Budget,
    pub(super) freshness: Freshness,
    /// Laid around the market.
    pub(super) around: Option<fn(ScriptedUpstream) -> Arc<dyn Upstream>>,
    /// Taken over from an earlier rig, as after a restart.
    pub(super) clock: Option<ManualClock>,
    /// Shared with other rigs, as instances do.
    pub(super) commons: Commons,
    /// Shared with other rigs: one bill for all.
    pub(super) upstream: Option<ScriptedUpstream>,
}

impl Rig {
    /// The usual: one memory tier, no budget, the map not yet known.
    pub(super) fn new() -> Self {
        Self::with(Wishes::default())
    }

    /// The usual, with the map known and its call forgotten.
    pub(super) async fn warm() -> Self {
        let rig = Self::new();
        rig.engine.load_names().await.unwrap();
        rig
    }

    pub(super) fn with(wishes: Wishes) -> Self {
        let start = Timestamp::parse("2026-10-05T09:14:31.207Z").unwrap();
        let clock = wishes.clock.unwrap_or_else(|| ManualClock::at(start));
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let market = Market::new(&clock);
        let answering = market.clone();
        let upstream = wishes
            .upstream
            .unwrap_or_else(|| ScriptedUpstream::answering(move |call| answering.answer(call)));
        let meter: Arc<dyn Meter> = Arc::new(MemoryMeter::default());
        let account = Account::new(AccountParts {
            name: "test".into(),
            meter: Arc::clone(&meter),
            journal: Arc::new(NoJournal),
            budget: wishes.budget,
            policy: Policy::default(),
            clock: Arc::clone(&shared),
        });
        let clients = Clients::new(ClientsParts {
            key: account.clone(),
            meter,
            journal: Arc::new(NoJournal),
            policy: Policy::default(),
            clock: Arc::clone(&shared),
        });
        let stack = stack(wishes.tiers, &shared);
        let tracker = TaskTracker::new();
        let around = wishes.around.unwrap_or(|upstream| Arc::new(upstream));
        let engine = Arc::new(Engine::new(Parts {
            clock: shared,
            stack: stack.clone(),
            namespace: "".into(),
            account: account.clone(),
            clients: Some(clients.clone()),
            upstream: around(upstream.clone()),
            tariff: Tariff::of(&Catalogue::embedded()),
            freshness: wishes.freshness,
            boarding_window: limits::BOARDING_WINDOW,
            commons: wishes.commons,
            tracker: tracker.clone(),
        }));
        Self { clock, market, upstream, account, clients, stack, tracker, engine }
    }

    pub(super) async fn ask(&self, target: &str) -> Answer {
        self.try_ask(target).await.unwrap()
    }

    pub(super) async fn try_ask(&self, target: &str) -> Answered {
        self.ask_on(target, Terms::default()).await
    }

    pub(super) async fn ask_on(&self, target: &str, terms: Terms) -> Answered {
        self.engine.answer_as(target, &query(target), &terms).await
    }

    /// Asks in a task of its own.
    pub(super) fn asking(&self, target: &str) -> JoinHandle<Answered> {
        let (rig, target) = (self.clone(), target.to_owned());
        self.tracker.spawn(async move { rig.try_ask(&target).await })
    }

    /// Asks `n` times at once, each in a task of its own.
    pub(super) async fn ask_all(&self, targets: impl Iterator<Item = String>) -> Vec<Answered> {
        let mut askers = JoinSet::new();
        for target in targets {
            let rig = self.clone();
            askers.spawn(async move { rig.try_ask(&target).await });
        }
        askers.join_all().await
    }

    /// So many have boarded that the next one waits for company.
    pub(super) async fn busy(&self) {
        self.engine.desk.seem_busy();
        tokio::time::sleep(2 * limits::BOARDING_WINDOW).await;
    }

    /// Lets everything happen that can, and the boarding window pass.
    pub(super) async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    pub(super) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(super) fn calls_to(&self, path: &str) -> Vec<Call> {
        self.upstream.calls().into_iter().filter(|call| call.path().ends_with(path)).collect()
    }

    pub(super) fn n_quote_calls(&self) -> usize {
        self.calls_to("/quotes/latest").len()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What was booked so far.
    pub(super) fn postings(&self) -> Vec<Posting> {
        self.account.drain_postings(usize::MAX)
    }

    /// What was booked for quotes, in no order.
    pub(super) fn quote_postings(&self) -> Vec<Posting> {
        let of_quotes = |posting: &Posting| posting.operation.ends_with("/quotes/latest");
        self.postings().into_iter().filter(of_quotes).collect()
    }

    pub(super) fn charged(&self) -> u64 {
        self.postings().iter().map(|posting| posting.charged.get()).sum()
    }

    /// Nothing is under way: no flight, no reservation, no call.
    pub(super) async fn assert_idle(&self) {
        assert_eq!(self.engine.size().flights, 0, "a flight was left behind");
        assert_eq!(self.account.usage().await.unwrap().n_open, 0, "a reservation was left behind");
        assert_eq!(self.upstream.running().now, 0, "a call was left behind");
    }
}

fn stack(mut tiers: Vec<Arc<dyn Tier>>, clock: &Arc<dyn Clock>) -> Stack {
    if tiers.is_empty() {
        tiers.push(Arc::new(MemoryTier::new("memory", 64 << 20)));
    }
    let builder = StackBuilder::new(Arc::clone(clock));
    tiers
        .into_iter()
        .fold(builder, |builder, tier| builder.tier(tier, TierPolicy::default()))
        .build()
}

/// The query of a request target such as `/v3/cryptocurrency/quotes/latest?id=1`.
pub(super) fn query(target: &str) -> Arc<Query> {
    let (path, raw) = target.split_once('?').unwrap_or((target, ""));
    let query = Query::parse(&Catalogue::embedded(), "GET", path, raw, Bytes::new());
    Arc::new(query.unwrap())
}

/// The target of v3 quotes of these coins.
pub(super) fn quotes(list: &str) -> String {
    format!("/v3/cryptocurrency/quotes/latest?id={list}")
}

pub(super) fn quote(coin: u32) -> Entity {
    Entity::Quote { coin: CoinId::new(coin), currency: CoinId::USD }
}

pub(super) fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.data).unwrap()
}

/// When the market was read for each quote of the answer, in its order.
pub(super) fn read_at(answer: &Answer) -> Vec<Timestamp> {
    let prices = text(answer).split("\"price\":").skip(1);
    let millis = prices.map(|rest| rest.trim_start().split('.').next().unwrap().parse().unwrap());
    millis.map(Timestamp::from_millis).collect()
}

/// Ends when `future` does, or panics after a minute of the paused clock.
pub(super) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let minute = Duration::from_secs(60);
    tokio::time::timeout(minute, future).await.expect("it never ends")
}
