//! What happens when something breaks, row by row.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use cache_tiers::{Entry, Far, Faults, Faulty, MemoryTier, Meta, Tier, TierExt, Version};
use cmc_api::{Call, Charge, Reply, Upstream, UpstreamError, UpstreamErrorKind, scripted};

use super::rig::{Rig, Wishes, query, quote, quotes, read_at, soon, text};
use crate::{AnswerError, Entity, FlightError, Terms, limits};

fn outage() -> UpstreamError {
    UpstreamError::new(UpstreamErrorKind::ServerFault, Charge::Nothing)
}

fn over(tier: Arc<dyn Tier>) -> Rig {
    let near: Arc<dyn Tier> = Arc::new(MemoryTier::new("near", 64 << 20));
    Rig::with(Wishes { tiers: vec![near, tier], ..Wishes::default() })
}

#[tokio::test(start_paused = true)]
async fn a_dead_tier_is_a_miss_and_nothing_more() {
    // Breaks if a store's outage becomes ours.
    let rig = over(Arc::new(Faulty::new(Far(MemoryTier::new("far", 1 << 20)), Faults::DEAD, 1)));
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "cold");
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn a_hung_tier_costs_its_deadline_and_nothing_more() {
    // Breaks if an asker waits for a store longer than for upstream.
    let rig = over(Arc::new(Faulty::new(Far(MemoryTier::new("far", 1 << 20)), Faults::HUNG, 1)));
    let answer = tokio::time::timeout(Duration::from_secs(2), rig.ask(&quotes("1"))).await;
    assert_eq!(answer.expect("in time").cache.name(), "cold");
    rig.settle().await;
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_not_what_its_key_says_is_a_miss() {
    // Breaks if foreign bytes become an error, or silently vanish from an answer.
    let far = Arc::new(Far(MemoryTier::new("far", 1 << 20)));
    let rig = over(Arc::clone(&far) as Arc<dyn Tier>);
    let now = rig.now();
    let meta = Meta {
        version: Version::at(now, 0),
        fetched_at: now,
        fresh_until: now.after(Duration::from_secs(60)),
        usable_until: now.after(Duration::from_secs(600)),
        ..Meta::default()
    };
    let info = Entity::Info { coin: cmc_api::CoinId::new(1) };
    for entity in [quote(1), info, Entity::Map] {
        let entry = Entry { body: Bytes::from_static(b"garbage"), meta };
        far.put(&entity.key(""), entry).await.unwrap();
    }
    rig.advance(1);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "cold");
    let answer = rig.ask("/v2/cryptocurrency/info?id=1").await;
    assert!(text(&answer).contains("Coin 1"), "{}", text(&answer));
    assert_eq!(answer.cache.name(), "cold");
}

#[tokio::test(start_paused = true)]
async fn a_restart_finds_everything_in_the_tier_below_with_its_true_age() {
    // Breaks if a restart forgets what was paid for, or makes it young again.
    let far = Arc::new(Far(MemoryTier::new("far", 8 << 20)));
    let first = over(Arc::clone(&far) as Arc<dyn Tier>);
    let before = first.ask(&quotes("1")).await;
    first.settle().await;
    first.advance(20);
    let near: Arc<dyn Tier> = Arc::new(MemoryTier::new("near", 8 << 20));
    let clock = Some(first.clock.clone());
    let second = Rig::with(Wishes { tiers: vec![near, far], clock, ..Wishes::default() });
    let after = second.ask(&quotes("1")).await;
    assert_eq!((after.cache.name(), second.upstream.n_calls()), ("full", 0));
    assert_eq!(after.age, Duration::from_secs(20));
    assert_eq!((after.data, after.etag), (before.data, before.etag));
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_answered_with_what_is_held_and_says_so() {
    // Breaks if an outage empties the answers, or hides their age.
    let rig = Rig::warm().await;
    rig.ask(&quotes("1")).await;
    rig.upstream.answer_by(|_| Err(outage()));
    rig.advance(300);
    let answer = rig.ask(&quotes("1")).await;
    assert_eq!(answer.cache.name(), "stale");
    assert_eq!((answer.age, answer.fresh_for), (Duration::from_secs(300), Duration::ZERO));
    assert!(rig.engine.peek(&quotes("1")).is_none(), "a stale answer is not kept ready");
    let strict = Terms { max_stale: Some(Duration::from_secs(60)), ..Terms::default() };
    assert!(rig.ask_on(&quotes("1"), strict).await.is_err(), "the client decides how stale");
    rig.advance(86_400);
    assert!(rig.try_ask(&quotes("1")).await.is_err(), "grace has an end");
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_with_one_call_and_pauses_grow_until_then() {
    // Breaks if everybody tries at once when the pause ends, or nobody does.
    let rig = Rig::warm().await;
    rig.ask(&quotes("1")).await;
    rig.upstream.answer_by(|_| Err(outage()));
    rig.advance(61);
    for (pause, n_calls) in [(0, 2), (1, 3), (1, 3), (1, 4), (2, 4), (2, 5)] {
        rig.advance(pause);
        let answers = rig.ask_all((1..=5).map(|id| quotes(&id.to_string()))).await;
        assert!(answers.iter().all(|answer| answer.as_ref().unwrap().cache.name() == "stale"));
        assert_eq!(rig.n_quote_calls(), n_calls);
    }
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| market.answer(call));
    rig.advance(30);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "cold");
    assert_eq!(rig.ask(&quotes("600")).await.cache.name(), "cold");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_a_sign_of_life() {
    // Breaks if an endpoint stays closed because the call that tried it had a bad key.
    let rig = Rig::warm().await;
    rig.upstream.push(Err(outage()));
    assert!(rig.try_ask(&quotes("1")).await.is_err());
    rig.advance(1);
    rig.upstream.answer_by(|_| Err(super::market::refusal()));
    assert!(rig.try_ask(&quotes("2")).await.is_err());
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| market.answer(call));
    assert_eq!(rig.ask(&quotes("600")).await.cache.name(), "cold");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_covered_up_with_an_old_value() {
    // Breaks if "no such coin" looks like an outage.
    let rig = Rig::warm().await;
    rig.ask(&quotes("1")).await;
    rig.advance(61);
    rig.market.poison(1);
    let error = rig.try_ask(&quotes("1")).await.unwrap_err();
    assert!(matches!(&error, AnswerError::Failed(FlightError::Upstream(_))), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_upstream_has_not_is_not_asked_for_again_for_a_while() {
    // Breaks if an unknown coin costs a credit with each request, or is unknown for ever.
    let rig = Rig::warm().await;
    rig.market.withdraw(5);
    for _ in 0..3 {
        assert_eq!(text(&rig.ask(&quotes("5")).await), "[]");
    }
    assert_eq!(rig.n_quote_calls(), 1);
    rig.advance(61);
    rig.ask(&quotes("5")).await;
    assert_eq!(rig.n_quote_calls(), 2);
    let message = rig.try_ask("/v1/cryptocurrency/quotes/latest?id=5").await.unwrap_err();
    assert_eq!(message.to_string(), "Invalid value for \"id\": \"5\"");
}

#[tokio::test(start_paused = true)]
async fn that_something_is_not_there_is_believed_for_its_own_time() {
    // Breaks if a prepared answer keeps a new coin away for as long as metadata lives: a day.
    let rig = Rig::warm().await;
    rig.market.withdraw(5);
    let target = "/v2/cryptocurrency/info?id=1,5&skip_invalid=true";
    assert!(rig.ask(target).await.fresh_for <= limits::ABSENT_TTL);
    assert!(rig.engine.peek(target).is_some());
    rig.advance(61);
    assert!(rig.engine.peek(target).is_none());
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_row_is_not_taken_for_an_absent_coin() {
    // Breaks if one odd row of a reply makes a coin disappear for a minute.
    let rig = Rig::warm().await;
    rig.upstream.push(Ok(scripted::reply("[{\"id\":1,\"quote\":[]}]", 1)));
    let error = rig.try_ask(&quotes("1")).await.unwrap_err();
    assert!(matches!(error, AnswerError::Failed(FlightError::Unreadable(_))), "{error}");
    assert_eq!(read_at(&rig.ask(&quotes("1")).await).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_no_list_is_an_error_and_is_still_booked() {
    // Breaks if nonsense is kept, or its charge is lost.
    let rig = Rig::warm().await;
    rig.upstream.push(Ok(scripted::reply("17", 1)));
    assert!(rig.try_ask(&quotes("1")).await.is_err());
    assert_eq!(rig.charged(), 1);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "cold");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_shorter_than_the_load_serves_what_is_held() {
    // Breaks if a slow upstream is worse for the impatient than a dead one.
    let rig = Rig::warm().await;
    let old = rig.ask(&quotes("1")).await;
    rig.advance(61);
    rig.upstream.block();
    let terms = Terms { patience: Some(Duration::from_millis(50)), ..Terms::default() };
    let answer = rig.ask_on(&quotes("1"), terms).await.unwrap();
    assert_eq!((answer.cache.name(), answer.data), ("stale", old.data));
    rig.upstream.release_all();
    rig.settle().await;
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
}

#[tokio::test(start_paused = true)]
async fn a_full_table_refuses_and_recovers() {
    // Breaks if the number of flights has no bound, or a refused asker leaves something behind.
    let rig = Rig::warm().await;
    let flights = &rig.engine.crew.flights;
    for number in 0..u32::try_from(limits::FLIGHTS_MAX).unwrap() {
        let (_, ticket) = crate::flight::Ticket::issue(crate::seat::Askers::none_yet());
        flights.claim(&quote(1_000 + number), || ticket).unwrap();
    }
    let error = rig.try_ask(&quotes("1")).await.unwrap_err();
    assert!(matches!(error, AnswerError::Failed(FlightError::Overloaded)), "{error}");
    assert!(error.retry_after(rig.now()).is_some());
    assert!(flights.detach(&quote(1_000)));
    soon(rig.ask(&quotes("1"))).await;
}

#[tokio::test(start_paused = true)]
async fn a_drain_harvests_what_is_under_way() {
    // Breaks if a paid reply is lost at shutdown, or shutdown never ends.
    let rig = Rig::warm().await;
    rig.upstream.block();
    let asker = rig.asking(&quotes("1"));
    rig.upstream.until_running(1).await;
    asker.abort();
    drop(asker.await);
    let Rig { engine, tracker, upstream, stack, clock, account, .. } = rig;
    drop(engine);
    tracker.close();
    upstream.release_all();
    soon(tracker.wait()).await;
    let now = clock::Clock::now(&clock);
    assert!(stack.look(&[quote(1).key("")], now).await[0].is_some());
    assert_eq!(account.usage().await.unwrap().n_open, 0);
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_makes_nothing_young() {
    // Breaks if ages are clamped to zero: everything held would be fresh for as long as the jump.
    let rig = Rig::warm().await;
    rig.ask(&quotes("1")).await;
    assert!(rig.engine.peek(&quotes("1")).is_some());
    rig.clock.set(rig.now().before(Duration::from_secs(3_600)));
    assert!(rig.engine.peek(&quotes("1")).is_none());
    let answer = rig.ask(&quotes("1")).await;
    assert_eq!((answer.cache.name(), answer.age), ("cold", Duration::ZERO));
    assert_eq!(read_at(&answer), [rig.now()]);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full", "the new value replaces the old");
}

#[tokio::test(start_paused = true)]
async fn without_the_map_ids_are_taken_at_their_word_and_words_fail() {
    // Breaks if the free map's outage takes down what does not need it.
    let rig = Rig::new();
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| match call.path() {
        "/v1/cryptocurrency/map" => Err(outage()),
        _ => market.answer(call),
    });
    assert_eq!(read_at(&rig.ask(&quotes("1")).await).len(), 1);
    assert!(rig.try_ask("/v3/cryptocurrency/quotes/latest?symbol=BTC").await.is_err());
}

/// An upstream whose map never comes.
#[derive(Debug)]
struct NoMap(cmc_api::ScriptedUpstream);

#[async_trait::async_trait]
impl Upstream for NoMap {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        if call.path() == "/v1/cryptocurrency/map" {
            std::future::pending::<()>().await;
        }
        self.0.call(call).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_map_that_does_not_come_holds_ids_up_for_two_seconds_at_most() {
    // Breaks if who needs no names waits for them as long as for the quotes.
    let around = |upstream| -> Arc<dyn Upstream> { Arc::new(NoMap(upstream)) };
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    let started = tokio::time::Instant::now();
    assert_eq!(read_at(&rig.ask(&quotes("1")).await).len(), 1);
    let waited = started.elapsed();
    assert!(waited < limits::NAMES_PATIENCE + Duration::from_millis(100), "{waited:?}");
    assert!(rig.try_ask("/v3/cryptocurrency/quotes/latest?symbol=BTC").await.is_err());
    assert!(started.elapsed() - waited >= limits::ASKER_PATIENCE, "who needs it waits for it");
}

#[tokio::test(start_paused = true)]
async fn only_what_is_cached_means_no_call_at_all() {
    // Breaks if only-if-cached costs credits.
    let rig = Rig::warm().await;
    let terms = Terms { only_if_cached: true, ..Terms::default() };
    let asked = query(&quotes("1"));
    let error = rig.engine.answer(&asked, &terms).await.unwrap_err();
    assert!(matches!(error, AnswerError::NotCached));
    assert_eq!(rig.n_quote_calls(), 0);
    rig.ask(&quotes("1")).await;
    assert!(rig.engine.answer(&asked, &terms).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn without_the_map_an_unknown_id_is_refused_all_the_same() {
    // Breaks if a slow map turns an error into an empty answer that looks like a success.
    let rig = Rig::warm().await;
    rig.market.withdraw(5);
    let asked = rig.try_ask("/v2/cryptocurrency/info?id=1,5").await;
    let Err(AnswerError::Bad(error)) = asked else { panic!("{asked:?}") };
    assert_eq!(error.message, r#"Invalid value for "id": "5""#);
    let lenient = rig.ask("/v2/cryptocurrency/info?id=1,5&skip_invalid=true").await;
    assert!(text(&lenient).contains(r#""id": 1"#) && !text(&lenient).contains(r#""id": 5"#));
    let by_slug =
        rig.try_ask("/v2/cryptocurrency/quotes/latest?slug=coin-5&skip_invalid=false").await;
    let Err(AnswerError::Bad(error)) = by_slug else { panic!("{by_slug:?}") };
    assert_eq!(error.message, r#"Invalid value for "slug": "coin-5""#);
}
