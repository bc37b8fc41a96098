//! The short way: the same request text again.

use std::{sync::Arc, time::Duration};

use clock::{Clock, Timestamp};

use super::rig::{Rig, quote, quotes, read_at};
use crate::Answer;

/// Everything of an answer that a client sees.
fn seen(answer: &Answer) -> impl PartialEq + std::fmt::Debug + use<> {
    let Answer { style, data, total_count, age, fresh_for, etag, .. } = answer.clone();
    (style, data, total_count, age, fresh_for, etag)
}

const TARGETS: [&str; 9] = [
    "/v1/cryptocurrency/quotes/latest?symbol=dup,btc&convert=EUR",
    "/v2/cryptocurrency/quotes/latest?id=1,2781",
    "/v3/cryptocurrency/quotes/latest?slug=coin-1,nope",
    "/v1/cryptocurrency/listings/latest?limit=3",
    "/v3/cryptocurrency/listings/latest?limit=300&convert=USD,EUR",
    "/v2/simple/price?id=1",
    "/v2/cryptocurrency/info?id=1,2",
    "/v1/cryptocurrency/map?limit=3",
    "/v1/global-metrics/quotes/latest",
];

#[tokio::test(start_paused = true)]
async fn a_peek_equals_the_answer() {
    // Breaks if the short way tells another story than the long one.
    let rig = Rig::new();
    for target in TARGETS {
        assert!(rig.engine.peek(target).is_none(), "{target}");
        rig.ask(target).await;
        rig.advance(3);
        for _ in 0..2 {
            let peeked = rig.engine.peek(target).unwrap_or_else(|| panic!("{target}"));
            assert_eq!(seen(&peeked), seen(&rig.ask(target).await), "{target}");
            assert_eq!((peeked.cache.name(), peeked.charged.get()), ("full", 0));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_peek_ends_with_freshness() {
    // Breaks if an answer that is ready is served for ever.
    let rig = Rig::warm().await;
    let fresh_for = rig.ask(&quotes("1")).await.fresh_for;
    assert_eq!(fresh_for, Duration::from_secs(60));
    rig.advance(59);
    assert_eq!(rig.engine.peek(&quotes("1")).unwrap().fresh_for, Duration::from_secs(1));
    rig.advance(1);
    assert!(rig.engine.peek(&quotes("1")).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_peek_sees_newer_values_at_once() {
    // Breaks if an answer stands although one of its parts was replaced by somebody else's call.
    let rig = Rig::warm().await;
    let first = rig.ask(&quotes("1")).await;
    rig.advance(10);
    rig.engine.invalidate(&[quote(1)]).await;
    assert!(rig.engine.peek(&quotes("1")).is_none());
    rig.ask("/v1/cryptocurrency/quotes/latest?id=1").await;
    let second = rig.engine.peek(&quotes("1")).unwrap();
    assert_eq!(read_at(&second), [rig.now()]);
    assert_ne!(second.etag, first.etag, "the tag changes when the data does");
}

#[tokio::test(start_paused = true)]
async fn the_tag_stands_while_the_data_does() {
    // Breaks if clients that ask "has it changed?" are told yes for nothing.
    let rig = Rig::warm().await;
    let first = rig.ask(&quotes("1,2")).await;
    rig.advance(5);
    rig.ask("/v1/global-metrics/quotes/latest").await;
    assert_eq!(rig.ask(&quotes("1,2")).await.etag, first.etag);
    assert_eq!(rig.engine.peek(&quotes("1,2")).unwrap().etag, first.etag);
    let other = rig.ask(&quotes("2,1")).await;
    assert_ne!(other.etag, first.etag, "another order is other data");
}

#[tokio::test(start_paused = true)]
async fn a_new_map_sends_symbols_the_long_way() {
    // Breaks if a symbol goes on meaning what it meant in an older map.
    let rig = Rig::warm().await;
    let target = "/v1/cryptocurrency/quotes/latest?symbol=BTC";
    rig.ask(target).await;
    rig.advance(1);
    assert!(rig.engine.peek(target).is_some());
    rig.engine.invalidate(&[crate::Entity::Map]).await;
    rig.engine.load_names().await.unwrap();
    assert!(rig.engine.peek(target).is_none());
    rig.ask(target).await;
    assert!(rig.engine.peek(target).is_some());
}

#[tokio::test(start_paused = true)]
async fn a_new_block_sends_listings_the_long_way() {
    // Breaks if a page keeps yesterday's order with today's prices.
    let rig = Rig::warm().await;
    let target = "/v3/cryptocurrency/listings/latest?limit=3";
    rig.ask(target).await;
    assert!(rig.engine.peek(target).is_some());
    let block = crate::Entity::Block {
        ranking: cmc_api::Ranking::by_rank(),
        currency: cmc_api::CoinId::USD,
        block: 0,
    };
    rig.engine.invalidate(&[block]).await;
    rig.ask("/v1/cryptocurrency/listings/latest?limit=3").await;
    assert_eq!(rig.calls_to("/listings/latest").len(), 2);
    assert!(rig.engine.peek(target).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_page_is_as_old_as_its_order() {
    // Breaks if fresh prices hide that the order of the page is old.
    let rig = Rig::warm().await;
    let target = "/v3/cryptocurrency/listings/latest?limit=3";
    rig.ask(target).await;
    rig.advance(30);
    rig.engine.invalidate(&[1, 2, 3].map(quote)).await;
    let answer = rig.ask(target).await;
    assert_eq!(answer.age, Duration::from_secs(30));
    assert_eq!(read_at(&answer), [rig.now(); 3]);
    rig.advance(30);
    assert!(rig.engine.peek(target).is_none());
}

#[tokio::test(start_paused = true)]
async fn an_old_map_is_renewed_while_nobody_waits() {
    // Breaks if once an hour everybody waits for twenty thousand rows.
    let rig = Rig::warm().await;
    rig.ask("/v1/cryptocurrency/quotes/latest?symbol=BTC").await;
    rig.advance(3_601);
    rig.upstream.block();
    let asker = rig.asking("/v1/cryptocurrency/quotes/latest?symbol=BTC");
    rig.upstream.until_running(2).await;
    assert_eq!(rig.calls_to("/map").len(), 2);
    assert!(!asker.is_finished());
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| match call.path() {
        "/v1/cryptocurrency/map" => panic!("nobody needs it"),
        _ => market.answer(call),
    });
    rig.upstream.release_all();
    assert_eq!(asker.await.unwrap().unwrap().cache.name(), "cold");
}

#[derive(Debug)]
struct CountingClock(clock::ManualClock, std::sync::atomic::AtomicU32);

impl Clock for CountingClock {
    fn now(&self) -> Timestamp {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.0.now()
    }
}

#[tokio::test(start_paused = true)]
async fn a_peek_reads_the_clock_once_and_touches_no_tier() {
    // Breaks if the hit path grows a wait: it has no await by type, and asks for the time once.
    let rig = Rig::warm().await;
    let counting = Arc::new(CountingClock(rig.clock.clone(), 0.into()));
    let engine = crate::Engine::new(crate::Parts {
        clock: Arc::clone(&counting) as Arc<dyn Clock>,
        stack: rig.stack.clone(),
        namespace: "".into(),
        account: rig.account.clone(),
        clients: None,
        upstream: Arc::new(rig.upstream.clone()),
        tariff: cmc_api::Tariff::of(&cmc_api::Catalogue::embedded()),
        freshness: crate::Freshness::default(),
        boarding_window: crate::limits::BOARDING_WINDOW,
        commons: crate::Commons::default(),
        tracker: rig.tracker.clone(),
    });
    let asked = super::rig::query(&quotes("1"));
    engine.answer_as(&quotes("1"), &asked, &crate::Terms::default()).await.unwrap();
    engine.peek(&quotes("1")).unwrap();
    let before = counting.1.load(std::sync::atomic::Ordering::Relaxed);
    engine.peek(&quotes("1")).unwrap();
    assert_eq!(counting.1.load(std::sync::atomic::Ordering::Relaxed), before + 1);
}

#[tokio::test(start_paused = true)]
async fn the_future_of_an_answer_is_small() {
    // Breaks if an await holds a large local: each waiting client pays for it in memory.
    let rig = Rig::warm().await;
    let (asked, terms) = (super::rig::query(&quotes("1")), crate::Terms::default());
    let target = quotes("1");
    let short = rig.engine.answer(&asked, &terms);
    let named = rig.engine.answer_as(&target, &asked, &terms);
    let sizes = (size_of_val(&short), size_of_val(&named));
    assert!(sizes.0 <= 4_096 && sizes.1 <= 4_096, "{sizes:?}");
}
