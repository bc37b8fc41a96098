//! Many askers, few calls.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use cache_tiers::{Capability, Entry, Far, Key, MemoryTier, Tier, TierError};

use cmc_api::{ApiError, Charge, UpstreamError, UpstreamErrorKind};

use super::{
    market::ids,
    rig::{Rig, Wishes, quotes, soon},
};

/// The next number of a small, well-known sequence; tests must not depend on luck.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[tokio::test(start_paused = true)]
async fn five_hundred_askers_of_one_cold_coin_cost_one_call() {
    // Breaks if flights are not shared: the stampede is what costs the most.
    let rig = Rig::warm().await;
    let answers = rig.ask_all((0..500).map(|_| quotes("1"))).await;
    assert_eq!(rig.n_quote_calls(), 1);
    assert_eq!(rig.charged(), 1);
    let paid: u64 = answers.iter().map(|answer| answer.as_ref().unwrap().charged.get()).sum();
    assert_eq!(paid, 1, "the charges told to the askers sum up to what was charged");
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn five_hundred_askers_of_an_engine_that_knows_nothing_cost_one_call_each_kind() {
    // The same before the map is there: it must be fetched once, too.
    let rig = Rig::new();
    rig.ask_all((0..500).map(|_| quotes("1"))).await.into_iter().for_each(|one| drop(one.unwrap()));
    assert_eq!((rig.n_quote_calls(), rig.upstream.n_calls()), (1, 2));
    assert_eq!(rig.charged(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_block_full_of_different_coins_costs_one_call_and_one_credit() {
    // Breaks if the boarding window does not merge keys, or the packer splits a block.
    let rig = Rig::warm().await;
    let answers = rig.ask_all((1..=250).map(|id| quotes(&id.to_string()))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(rig.n_quote_calls(), 1);
    assert_eq!(rig.charged(), 1);
    assert_eq!(ids(&rig.calls_to("/quotes/latest")[0], "id").len(), 250);
}

#[tokio::test(start_paused = true)]
async fn one_coin_more_than_a_block_costs_two_calls() {
    // The bound of a block is the bound of what a credit buys.
    let rig = Rig::warm().await;
    rig.ask_all((1..=251).map(|id| quotes(&id.to_string()))).await;
    assert_eq!(rig.n_quote_calls(), 2);
    assert_eq!(rig.charged(), 2);
    let calls = rig.calls_to("/quotes/latest");
    assert!(calls.iter().all(|call| ids(call, "id").len() == 250), "paid places are filled");
}

#[tokio::test(start_paused = true)]
async fn two_hundred_askers_of_ten_coins_each_are_served_by_nine_calls() {
    // The merge bound: 200 askers over 50 ms, 10 of 500 keys each, upstream takes 100 ms.
    let rig = Rig::warm().await;
    rig.upstream.block();
    let mut state = 7;
    let mut askers = Vec::new();
    for number in 0..200_u64 {
        let list: Vec<_> = (0..10).map(|_| (draw(&mut state) % 500 + 1).to_string()).collect();
        askers.push(rig.asking(&quotes(&list.join(","))));
        if number % 4 == 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    rig.upstream.release_all();
    for asker in askers {
        asker.await.unwrap().unwrap();
    }
    assert!(rig.n_quote_calls() <= 9, "{}", rig.n_quote_calls());
    let mut sent: Vec<_> =
        rig.calls_to("/quotes/latest").iter().flat_map(|call| ids(call, "id")).collect();
    let n_sent = sent.len();
    sent.sort_unstable();
    sent.dedup();
    assert_eq!(sent.len(), n_sent, "no key was in two calls");
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn paid_places_are_filled_with_what_will_be_wanted() {
    // Breaks if a credit buys one coin where it could buy 250.
    let rig = Rig::warm().await;
    rig.ask(&quotes("701")).await;
    assert_eq!(rig.charged(), 1);
    for id in [1, 50, 140] {
        assert_eq!(rig.ask(&quotes(&id.to_string())).await.cache.name(), "full", "{id}");
    }
    assert_eq!(rig.n_quote_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_lately_is_refreshed_before_what_ranks_high() {
    // Breaks if the tail of a portfolio costs a call of its own each minute.
    let rig = Rig::warm().await;
    rig.ask(&quotes("600,599,598")).await;
    rig.advance(61);
    rig.ask(&quotes("1")).await;
    assert_eq!(rig.ask(&quotes("600,599,598")).await.cache.name(), "full");
    assert_eq!(rig.n_quote_calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn neighbouring_pages_of_a_ranking_share_a_call_and_feed_quotes() {
    // Breaks if listings and quotes do not share entities.
    let rig = Rig::warm().await;
    let pages = ["start=1&limit=100", "start=101&limit=300", "start=1&limit=500"];
    let targets = pages.map(|page| format!("/v3/cryptocurrency/listings/latest?{page}"));
    for answer in rig.ask_all(targets.into_iter()).await {
        answer.unwrap();
    }
    assert_eq!(rig.calls_to("/listings/latest").len(), 1);
    assert_eq!(rig.charged(), 2);
    let quotes = rig.ask("/v1/cryptocurrency/quotes/latest?id=2,333").await;
    assert_eq!((quotes.cache.name(), rig.n_quote_calls()), ("full", 0));
}

#[tokio::test(start_paused = true)]
async fn an_ask_in_several_currencies_is_one_call() {
    // Breaks if the minute's limit is used up for what one call brings for the same price.
    let rig = Rig::warm().await;
    let answer = rig.ask(&format!("{}&convert=USD,EUR", quotes("1,2"))).await;
    assert_eq!(answer.charged.get(), 2);
    let calls = rig.calls_to("/quotes/latest");
    let currencies: Vec<_> = calls.iter().map(|call| ids(call, "convert_id")).collect();
    assert_eq!(currencies, [[2781, 2790]]);
}

#[tokio::test(start_paused = true)]
async fn where_the_plan_allows_one_currency_they_are_bought_one_by_one() {
    // Breaks if the smallest plan cannot be asked in two currencies, or never learns.
    let rig = Rig::warm().await;
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| {
        if ids(call, "convert_id").len() > 1 {
            return Err(refused_converts());
        }
        market.answer(call)
    });
    let answer = rig.ask(&format!("{}&convert=USD,EUR", quotes("1,2"))).await;
    assert_eq!((answer.cache.name(), rig.charged()), ("cold", 2));
    assert_eq!(rig.n_quote_calls(), 3, "one refusal teaches");
    rig.advance(61);
    rig.ask(&format!("{}&convert=USD,EUR", quotes("1,2"))).await;
    assert_eq!((rig.n_quote_calls(), rig.charged()), (5, 4));
    let page = "/v3/cryptocurrency/listings/latest?limit=10&convert=USD,EUR";
    rig.advance(61);
    // The order and the dollars come in one call, the euros in the next.
    assert_eq!(rig.ask(page).await.cache.name(), "partial");
    rig.assert_idle().await;
}

fn refused_converts() -> UpstreamError {
    let message = "Your plan is limited to 1 convert options".to_owned();
    let refused = ApiError { http_status: 400, code: 400, message };
    UpstreamError::new(UpstreamErrorKind::Refused, Charge::Nothing).with_answer(refused)
}

/// A shared tier at some distance, which counts how often it is asked.
#[derive(Debug)]
struct Distant {
    inner: Far<Arc<MemoryTier>>,
    n_looks: Arc<AtomicUsize>,
}

#[async_trait]
impl Tier for Distant {
    fn name(&self) -> &str {
        self.inner.name()
    }
    fn capability(&self) -> Capability {
        self.inner.capability()
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        self.n_looks.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.inner.get_many(keys).await
    }
    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.inner.put_many(items).await
    }
    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.inner.remove_many(keys).await
    }
}

/// A new process before a tier in which another one has stored coin 1 and the map.
async fn before_a_full_tier() -> (Rig, Arc<AtomicUsize>) {
    let (shared, n_looks) = (Arc::new(MemoryTier::new("shared", 64 << 20)), Arc::default());
    let tiers = || -> Vec<Arc<dyn Tier>> {
        let inner = Far(Arc::clone(&shared));
        let distant = Distant { inner, n_looks: Arc::clone(&n_looks) };
        vec![Arc::new(MemoryTier::new("memory", 64 << 20)), Arc::new(distant)]
    };
    let first = Rig::with(Wishes { tiers: tiers(), ..Wishes::default() });
    first.ask(&quotes("1")).await;
    first.settle().await;
    let clock = Some(first.clock.clone());
    let second = Rig::with(Wishes { tiers: tiers(), clock, ..Wishes::default() });
    n_looks.store(0, Ordering::Relaxed);
    (second, n_looks)
}

#[tokio::test(start_paused = true)]
async fn a_crowd_before_a_shared_tier_looks_there_once() {
    // Breaks: each of a crowd reads the map of all coins and takes it apart, and a new process
    // that has company does nothing else for minutes.
    let (rig, n_looks) = before_a_full_tier().await;
    for answer in rig.ask_all((0..500).map(|_| quotes("1"))).await {
        assert_eq!(answer.unwrap().cache.name(), "full");
    }
    assert_eq!(rig.upstream.n_calls(), 0, "nothing was paid for again");
    let n_looks = n_looks.load(Ordering::Relaxed);
    assert!((1..=2).contains(&n_looks), "{n_looks}: once for the quote, once for the map");
}

#[tokio::test(start_paused = true)]
async fn who_looks_for_a_crowd_may_leave() {
    // Breaks: the others wait for ever for one who hung up, or pay for what lies there.
    let (rig, n_looks) = before_a_full_tier().await;
    let first = rig.asking(&quotes("1"));
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(n_looks.load(Ordering::Relaxed), 1, "it is under way");
    let others: Vec<_> = (0..20).map(|_| rig.asking(&quotes("1"))).collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    first.abort();
    for other in others {
        assert_eq!(soon(other).await.unwrap().unwrap().cache.name(), "full");
    }
    assert_eq!(rig.upstream.n_calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_would_grow_too_old_while_one_waits_is_fetched_along() {
    // Breaks if an answer is older than allowed by as long as the rest of it took.
    let rig = Rig::warm().await;
    rig.ask(&quotes("1")).await;
    rig.clock.advance(Duration::from_millis(59_900));
    assert_eq!(rig.ask(&quotes("1")).await.age, Duration::from_millis(59_900), "nobody waits");
    let answer = rig.ask(&quotes("1,500")).await;
    assert_eq!((answer.age, answer.charged.get()), (Duration::ZERO, 1));
    assert_eq!(rig.n_quote_calls(), 2);
}
