//! A demand played through the cache itself, on a stage.

use std::{future::Future, pin::Pin, task::Poll, time::Duration};

use anyhow::Context;
use bytes::Bytes;
use cmcache::{
    Cmcache,
    clock::{Clock, Stopwatch, Timestamp},
    cmc_api::CacheClass,
    engine::{Answer, AnswerError, CacheState, Terms},
};
use tokio::task::JoinSet;

use super::{
    coins::Coins,
    oracle::{self, Oracle, Quote},
    request::{Ask, Request},
};
use crate::{failure::Failure, simulated::Stage};

/// What is not counted in hit rates: until then the cache is filled.
pub(crate) const WARMED_BY: Duration = Duration::from_secs(60);

/// What a play measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Played {
    pub(crate) n_requests: u64,
    pub(crate) n_failed: u64,
    /// Answered stale, marked as such.
    pub(crate) n_stale: u64,
    /// Of the simulator's bill.
    pub(crate) credits: u64,
    pub(crate) calls: u64,
    pub(crate) refused: u64,
    /// Of hits, in real nanoseconds.
    pub(crate) hits_ns: Vec<u32>,
    /// What misses waited beyond the wire, in simulated milliseconds.
    pub(crate) added_ms: Vec<u32>,
    /// Of what must not be older than the limit, in milliseconds.
    pub(crate) ages_ms: Vec<u32>,
    /// Entities asked for after the first minute, and those of them that were fetched.
    pub(crate) n_entities: u64,
    pub(crate) n_fetched: u64,
    /// Quotes that were compared with what upstream gave, and those that differed.
    pub(crate) n_compared: u64,
    pub(crate) n_wrong: u64,
    /// Answers whose oldest part was older than they said.
    pub(crate) n_dishonest: u64,
    /// Credits and calls until the end of each minute.
    pub(crate) by_minute: Vec<(u64, u64)>,
    /// By operation: credits and calls.
    pub(crate) operations: Vec<(String, u64, u64)>,
}

impl Played {
    /// Most calls in one minute.
    pub(crate) fn busiest_minute(&self) -> u64 {
        let calls = || self.by_minute.iter().map(|(_, calls)| *calls);
        std::iter::once(0)
            .chain(calls())
            .zip(calls())
            .map(|(one, two)| two - one)
            .max()
            .unwrap_or(0)
    }

    /// Calls a minute after the first one, on average.
    pub(crate) fn later_calls(&self) -> f64 {
        match (self.by_minute.first(), self.by_minute.last()) {
            (Some((_, first)), Some((_, last))) if self.by_minute.len() > 1 => {
                (last - first) as f64 / (self.by_minute.len() - 1) as f64
            }
            _ => 0.0,
        }
    }

    /// The share of entities that were there, after the first minute.
    pub(crate) fn hit_rate(&self) -> f64 {
        1.0 - self.n_fetched as f64 / (self.n_entities as f64).max(1.0)
    }
}

/// How a play looks at what it plays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    pub(crate) coins: &'a Coins,
    pub(crate) oracle: &'a Oracle,
    /// Every so-many-th answer is compared, quote by quote.
    pub(crate) compare_every: u64,
    pub(crate) latency: Duration,
}

type Answered = Result<Answer, AnswerError>;

/// An answer on its way, with what it answers.
struct Landed {
    answered: Answered,
    asked: Timestamp,
    got: Timestamp,
    is_compared: bool,
}

/// Plays all of it; ends when the last answer is there.
///
/// # Errors
///
/// A request cannot be read, or the oracle cannot be asked.
pub(crate) async fn play(
    stage: &Stage,
    demand: impl Iterator<Item = Request>,
    look: Look<'_>,
) -> Result<Played, Failure> {
    let before = stage.sim.bill();
    // As a gateway does before it is ready: the map is free.
    stage.cmcache.load_names().await.map_err(|error| Failure::unavailable(error.to_string()))?;
    let mut player = Player {
        stage,
        look,
        played: Played::default(),
        flying: JoinSet::new(),
        before: (before.credits, before.calls),
        fetched_before: None,
    };
    let began = stage.clock.now();
    for request in demand {
        let at = began.after(request.at);
        player.minutes(began, at).await;
        stage.until(at).await;
        player.ask(&request).await?;
        while let Some(landed) = player.flying.try_join_next() {
            player.land(landed.context("an asker")?)?;
        }
    }
    while let Some(landed) = player.flying.join_next().await {
        player.land(landed.context("an asker")?)?;
    }
    Ok(player.finish())
}

struct Player<'a> {
    stage: &'a Stage,
    look: Look<'a>,
    played: Played,
    flying: JoinSet<Landed>,
    /// The bill when the play began: credits and calls.
    before: (u64, u64),
    /// Entities fetched when counting began.
    fetched_before: Option<u64>,
}

impl Player<'_> {
    /// Notes what was spent at the end of each minute up to `at`.
    async fn minutes(&mut self, began: Timestamp, at: Timestamp) {
        loop {
            let minute = self.played.by_minute.len() as u64 + 1;
            let end = began.after(Duration::from_secs(60 * minute));
            if end > at {
                return;
            }
            self.stage.until(end).await;
            self.note_minute();
        }
    }

    fn note_minute(&mut self) {
        let bill = self.stage.sim.bill();
        let (credits, calls) = self.before;
        self.played.by_minute.push((bill.credits - credits, bill.calls - calls));
    }

    async fn ask(&mut self, request: &Request) -> Result<(), Failure> {
        let target = request.target(self.look.coins);
        let asked = self.stage.clock.now();
        if request.at >= WARMED_BY {
            let cmcache = &self.stage.cmcache;
            self.fetched_before.get_or_insert_with(|| cmcache.engine().counts().fetched);
            self.played.n_entities += request.n_entities();
        }
        let n = self.played.n_requests;
        self.played.n_requests += 1;
        let has_quotes = matches!(request.ask, Ask::Quotes(_) | Ask::Listing { .. });
        let is_compared = has_quotes && n.is_multiple_of(self.look.compare_every);
        let watch = Stopwatch::start();
        if let Some(answer) = self.stage.cmcache.peek(&target) {
            self.hit(watch.elapsed());
            return self.land(Landed { answered: Ok(answer), asked, got: asked, is_compared });
        }
        let mut answering = Box::pin(answer(self.stage.cmcache.clone(), target));
        match once(answering.as_mut()).await {
            Poll::Ready(answered) => {
                self.hit(watch.elapsed());
                self.land(Landed { answered, asked, got: asked, is_compared })
            }
            Poll::Pending => {
                let clock = self.stage.clock;
                self.flying.spawn(async move {
                    let answered = answering.await;
                    Landed { answered, asked, got: clock.now(), is_compared }
                });
                Ok(())
            }
        }
    }

    fn hit(&mut self, took: Duration) {
        self.played.hits_ns.push(u32::try_from(took.as_nanos()).unwrap_or(u32::MAX));
    }

    fn land(&mut self, landed: Landed) -> Result<(), Failure> {
        let waited = landed.got.since(landed.asked);
        let Ok(answer) = landed.answered else {
            self.played.n_failed += 1;
            return Ok(());
        };
        if !waited.is_zero() {
            self.played.added_ms.push(millis(waited.saturating_sub(self.look.latency)));
        }
        if answer.cache == CacheState::Stale {
            self.played.n_stale += 1;
        }
        let class = answer.operation.class;
        if matches!(class, CacheClass::Quotes | CacheClass::Listings | CacheClass::Global) {
            self.played.ages_ms.push(millis(answer.age));
        }
        if landed.is_compared { self.compare(&answer) } else { Ok(()) }
    }

    /// Every quote must be what upstream gave, and none older than the answer says.
    fn compare(&mut self, answer: &Answer) -> Result<(), Failure> {
        let text = std::str::from_utf8(&answer.data).context("an answer")?;
        let quotes = oracle::quotes_of(text);
        self.played.n_compared += quotes.len() as u64;
        self.played.n_wrong += self.look.oracle.count_wrong(&quotes)?;
        let oldest = answer.at.before(answer.age).as_millis().div_euclid(60_000);
        // What is traded no more tells of the past, however newly it was asked.
        let lives = |quote: &&Quote| self.look.coins.place(quote.coin).is_some();
        if quotes.iter().filter(lives).any(|quote| quote.step < oldest) {
            self.played.n_dishonest += 1;
        }
        Ok(())
    }

    fn finish(mut self) -> Played {
        let bill = self.stage.sim.bill();
        self.note_minute();
        let fetched = self.stage.cmcache.engine().counts().fetched;
        let played = &mut self.played;
        played.credits = bill.credits - self.before.0;
        played.calls = bill.calls - self.before.1;
        played.refused = bill.refused;
        played.n_fetched = fetched - self.fetched_before.unwrap_or(fetched);
        let operations = bill.operations.iter();
        played.operations =
            operations.map(|(path, line)| (path.clone(), line.credits, line.calls)).collect();
        self.played
    }
}

/// As the gateway answers what no peek could.
async fn answer(cmcache: Cmcache, target: String) -> Answered {
    let (path, raw_query) = target.split_once('?').unwrap_or((&target, ""));
    let query = cmcache.parse("GET", path, raw_query, Bytes::new());
    let query = query.map_err(|error| AnswerError::Bad(Box::new(error)))?;
    cmcache.answer_as(&target, &query, &Terms::default()).await
}

/// Polls once, without waiting.
async fn once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

fn millis(length: Duration) -> u32 {
    u32::try_from(length.as_millis()).unwrap_or(u32::MAX)
}
