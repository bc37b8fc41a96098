//! The laws, for any course of events. Each price tells when it was read, so every answer can be
//! judged by itself.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use clock::Timestamp;
use cmc_api::{
    Call, ScriptedUpstream, Upstream, UpstreamError, UpstreamErrorKind, scripted::Scripted,
};
use proptest::prelude::*;

use super::{
    market::ids,
    rig::{Answered, Rig, Wishes, quote, quotes, read_at, text},
};
use crate::{Answer, CacheState, limits};

/// Coins that the courses of events are about.
const COINS: u32 = 12;
const TTL: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
enum Event {
    Quotes(Vec<u32>),
    Classic(u32),
    Page(u32),
    Wait(u64),
    SetBack(u64),
    Invalidate(u32),
    Outage(bool),
}

fn event() -> impl Strategy<Value = Event> {
    let coin = 1..=COINS;
    prop_oneof![
        4 => prop::collection::vec(coin.clone(), 1..5).prop_map(Event::Quotes),
        2 => coin.clone().prop_map(Event::Classic),
        1 => (1..=COINS).prop_map(Event::Page),
        4 => (0..45_u64).prop_map(Event::Wait),
        1 => (1..100_u64).prop_map(Event::SetBack),
        2 => coin.prop_map(Event::Invalidate),
        1 => any::<bool>().prop_map(Event::Outage),
    ]
}

/// What must hold for every answer from here on.
struct Oracle {
    rig: Rig,
    /// The charge counter when the coin was invalidated last, and the instant.
    invalidated: HashMap<u32, Timestamp>,
    set_back: bool,
}

impl Oracle {
    async fn apply(&mut self, event: Event) {
        let rig = self.rig.clone();
        match event {
            Event::Quotes(list) => {
                let texts: Vec<_> = list.iter().map(ToString::to_string).collect();
                self.judge(&quotes(&texts.join(","))).await;
            }
            Event::Classic(coin) => {
                self.judge(&format!("/v1/cryptocurrency/quotes/latest?id={coin}")).await;
            }
            Event::Page(limit) => {
                self.judge(&format!("/v3/cryptocurrency/listings/latest?limit={limit}")).await;
            }
            Event::Wait(seconds) => rig.advance(seconds),
            Event::SetBack(seconds) => {
                rig.clock.set(rig.now().before(Duration::from_secs(seconds)));
                self.set_back = true;
            }
            Event::Invalidate(coin) => {
                // A value read in the very millisecond is neither before nor after.
                rig.clock.advance(Duration::from_millis(1));
                rig.engine.invalidate(&[quote(coin)]).await;
                self.invalidated.insert(coin, rig.now());
            }
            Event::Outage(true) => {
                let error = || UpstreamError::unsent(UpstreamErrorKind::ServerFault);
                rig.upstream.answer_by(move |_| Err(error()));
            }
            Event::Outage(false) => {
                let market = rig.market.clone();
                rig.upstream.answer_by(move |call| market.answer(call));
            }
        }
    }

    /// Both ways must obey: the short one, if it answers, and the long one.
    async fn judge(&self, target: &str) {
        if let Some(peeked) = self.rig.engine.peek(target) {
            assert_eq!(peeked.cache, CacheState::Full);
            self.judge_answer(&peeked);
        }
        if let Ok(answer) = self.rig.try_ask(target).await {
            self.judge_answer(&answer);
        }
    }

    fn judge_answer(&self, answer: &Answer) {
        let now = self.rig.now();
        let read = read_at(answer);
        let stale = answer.cache == CacheState::Stale;
        for at in &read {
            // Age: nothing older than the policy, unless it says so.
            assert!(stale || now.since(*at) < TTL, "{at} at {now}");
            // Honesty: the answer is at least as old as its oldest part says.
            assert!(answer.age >= now.since(*at));
        }
        assert!(stale || answer.age < TTL);
        assert!(stale || answer.fresh_for + answer.age <= TTL);
        if !self.set_back {
            self.judge_fence(text(answer), &read);
        }
    }

    /// Fence: nothing that was loaded before its key was invalidated.
    fn judge_fence(&self, data: &str, read: &[Timestamp]) {
        let slugs = data.split("\"coin-").skip(1).map(|rest| rest.split('"').next().unwrap());
        for (coin, at) in slugs.map(|id| id.parse::<u32>().unwrap()).zip(read) {
            let since = self.invalidated.get(&coin);
            assert!(since.is_none_or(|since| at >= since), "coin {coin}: {at} before {since:?}");
        }
    }
}

fn run(events: Vec<Event>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async move {
        let rig = Rig::warm().await;
        let mut oracle = Oracle { rig, invalidated: HashMap::new(), set_back: false };
        for event in events {
            oracle.apply(event).await;
        }
        let rig = oracle.rig;
        rig.settle().await;
        rig.assert_idle().await;
        let (postings, calls) = (rig.postings(), rig.upstream.calls());
        assert!(postings.len() <= calls.len(), "nothing is booked that was not called");
        assert!(calls.iter().all(|call| ids(call, "id").len() <= limits::COINS_PER_CALL_MAX));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..<_>::default() })]

    /// Age, fence and honesty. Breaks if any course of events serves what it must not.
    #[test]
    fn no_answer_is_older_than_policy_or_older_than_its_invalidation(
        events in prop::collection::vec(event(), 1..40),
    ) {
        run(events);
    }

    /// Payment. Breaks if a key is in two paid calls at a time, or in one that nobody wants.
    #[test]
    fn a_key_is_in_one_call_at_a_time_whoever_comes_and_goes(
        askers in prop::collection::vec(
            (1..600_u32, 0..60_u64, prop::option::of(0..120_u64)), 1..60,
        ),
    ) {
        run_crowd(askers);
    }
}

/// Takes 40 ms a call and sees to it that no key is in two calls at once.
#[derive(Debug)]
struct Watchman {
    inner: ScriptedUpstream,
    under_way: Mutex<HashSet<u32>>,
}

#[async_trait::async_trait]
impl Upstream for Watchman {
    async fn call(&self, call: &Call) -> Scripted {
        let keys = ids(call, "id");
        for key in &keys {
            assert!(self.under_way.lock().unwrap().insert(*key), "{key} is in two calls");
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
        for key in &keys {
            self.under_way.lock().unwrap().remove(key);
        }
        self.inner.call(call).await
    }
}

/// Who asks for what, when, and after how long he leaves.
type Asker = (u32, u64, Option<u64>);

async fn ask_and_leave(rig: Rig, (coin, start, leave): Asker) -> Option<Answered> {
    tokio::time::sleep(Duration::from_millis(start)).await;
    let target = quotes(&coin.to_string());
    let stay = Duration::from_millis(leave.unwrap_or(100_000));
    tokio::time::timeout(stay, rig.try_ask(&target)).await.ok()
}

fn run_crowd(askers: Vec<Asker>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async move {
        let around = |inner| -> Arc<dyn Upstream> {
            Arc::new(Watchman { inner, under_way: Mutex::default() })
        };
        let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
        rig.engine.load_names().await.unwrap();
        let mut crowd = tokio::task::JoinSet::new();
        for asker in &askers {
            crowd.spawn(ask_and_leave(rig.clone(), *asker));
        }
        for answered in crowd.join_all().await.into_iter().flatten() {
            assert!(answered.is_ok(), "{answered:?}");
        }
        rig.settle().await;
        rig.assert_idle().await;
        judge_calls(&rig, &askers);
    });
}

/// Each call is wanted by somebody, and each reply was harvested.
fn judge_calls(rig: &Rig, askers: &[Asker]) {
    let wanted: HashSet<u32> = askers.iter().map(|(coin, ..)| *coin).collect();
    for call in rig.calls_to("/quotes/latest") {
        let keys = ids(&call, "id");
        assert!(keys.iter().any(|key| wanted.contains(key)), "nobody wants this call");
        for key in keys {
            assert!(rig.engine.crew.hot.hold(&quote(key)).is_some(), "{key} was thrown away");
        }
    }
    assert_eq!(rig.charged(), rig.n_quote_calls() as u64);
}
