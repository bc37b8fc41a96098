use std::{path::Path, time::Duration};

use bytes::Bytes;
use cache_tiers::{Far, MemoryBackplane, MemoryLeases, MemoryTier};
use clock::{ManualClock, SystemClock};
use cmc_api::{CacheClass, Call, ScriptedUpstream, scripted};
use credits::{Filter, Page};
use engine::CacheState;
use health::Group;

use super::*;
use crate::{Books, Invalidation, StartError};

mod shared;

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
const KEY: &str = "/v1/key/info";
const GRACE: Duration = Duration::from_secs(5);

/// A plan of 100 credits of which 7 are used, and market totals for one credit.
fn answer(call: &Call) -> scripted::Scripted {
    match call.path() {
        KEY => Ok(scripted::reply(
            r#"{"plan":{"credit_limit_monthly":100,"rate_limit_minute":30},
                "usage":{"current_month":{"credits_used":7}}}"#,
            0,
        )),
        GLOBAL => Ok(scripted::reply(r#"{"btc_dominance":58.10}"#, 1)),
        other => Err(scripted::refusal(400, 400, other)),
    }
}

fn outage(_: &Call) -> scripted::Scripted {
    Err(scripted::refusal(500, 500, "An internal server error occurred"))
}

async fn start(config: Config, upstream: &ScriptedUpstream) -> Result<Cmcache, StartError> {
    let options = Options { upstream: Some(Arc::new(upstream.clone())), ..Options::default() };
    let cmcache = Cmcache::start(config, options).await?;
    cmcache.health().started().await;
    Ok(cmcache)
}

async fn in_memory(upstream: &ScriptedUpstream) -> Cmcache {
    start(Config::in_memory(), upstream).await.unwrap()
}

fn kept_in(dir: &Path) -> Config {
    Config { data_dir: dir.to_owned(), ..Config::default() }
}

fn n_asked(upstream: &ScriptedUpstream, path: &str) -> usize {
    upstream.calls().iter().filter(|call| call.path() == path).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_request_is_answered_at_once_and_costs_nothing() {
    // The one thing it is for.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = in_memory(&upstream).await;
    let query = cmcache.parse("GET", GLOBAL, "", Bytes::new()).unwrap();
    let terms = Terms::default();
    assert_eq!(cmcache.estimate(&query).await.unwrap().with_cache.get(), 1);
    assert!(cmcache.peek(GLOBAL).is_none());
    let cold = cmcache.answer_as(GLOBAL, &query, &terms).await.unwrap();
    assert_eq!((cold.cache, cold.charged.get()), (CacheState::Cold, 1));
    assert_eq!(cmcache.peek(GLOBAL).unwrap().data, cold.data);
    assert_eq!(cmcache.answer(&query, &terms).await.unwrap().cache, CacheState::Full);
    assert_eq!(cmcache.estimate(&query).await.unwrap().with_cache.get(), 0);
    let requests = cmcache.status().requests;
    assert_eq!((requests.cold, requests.full, requests.failed), (1, 2, 0));
    assert_eq!(n_asked(&upstream, GLOBAL), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_of_the_plan_hold_and_what_others_used_counts() {
    // A gateway that counted from zero would overspend the key that others use as well.
    let cmcache = in_memory(&ScriptedUpstream::answering(answer)).await;
    cmcache.get(GLOBAL).await.unwrap();
    let credits = cmcache.credits().await;
    assert_eq!((credits.month.limit, credits.month.used), (Some(100), 8));
    assert_eq!(credits.month.available, Some(92));
    assert_eq!((credits.ledger.credits, credits.ledger.calls), (1, 1));
    assert_eq!(credits.by_operation[0].operation, GLOBAL);
    assert_eq!(credits.plan.unwrap().upstream_credits_used, 7);
    let page = cmcache.ledger(&Filter::default(), Page::first(9)).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tighter_limit_of_the_operator_refuses_what_the_plan_would_allow() {
    // The operator's word is the last.
    let upstream = ScriptedUpstream::answering(answer);
    let mut config = Config::in_memory();
    config.budget.month = Some(7);
    let cmcache = start(config, &upstream).await.unwrap();
    assert!(matches!(cmcache.get(GLOBAL).await, Err(AnswerError::Failed(_))));
    assert_eq!((n_asked(&upstream, GLOBAL), cmcache.status().requests.failed), (0, 1));
    let (status, body) = cmcache.health_json(Group::Budget).await;
    assert_eq!(status, 503, "{body}");
    assert_eq!(cmcache.health_json(Group::Ready).await.0, 200, "a full budget is no outage");
}

/// The engine's own tasks let go of the journal a moment after the last handle.
async fn reopened(config: &Config, clock: &Arc<dyn Clock>) -> Books {
    for _ in 0..200 {
        if let Ok(books) = Books::open(config, Arc::clone(clock)).await {
            return books;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("somebody keeps the journal although the last handle is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_drained_is_on_record_and_nobody_else_may_write_meanwhile() {
    // Two processes on one journal would spend one budget twice; a drain must not lose a posting.
    let dir = tempfile::tempdir().unwrap();
    let config = kept_in(dir.path());
    let cmcache = start(config.clone(), &ScriptedUpstream::answering(answer)).await.unwrap();
    cmcache.get(GLOBAL).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let refused = Books::open(&config, Arc::clone(&clock)).await.unwrap_err();
    assert!(refused.is_in_use() && refused.is_configuration(), "{refused}");
    assert!(cmcache.drain(GRACE).await.is_complete());
    drop(cmcache);
    let books = reopened(&config, &clock).await;
    let credits = books.credits().await;
    assert_eq!((credits.ledger.credits, credits.month.used), (1, 1));
    assert!(credits.plan.is_none());
    books.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn books_that_are_not_there_are_not_made_up() {
    // A typo in --data-dir must not look like an empty ledger.
    let dir = tempfile::tempdir().unwrap();
    let config = kept_in(&dir.path().join("absent"));
    let refused = Books::open(&config, Arc::new(SystemClock)).await.unwrap_err();
    assert!(matches!(refused, StartError::DataDir { .. }), "{refused}");
    assert!(!config.data_dir.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_end_with_the_last_handle() {
    // An embedder that forgets to drain must not leave the journal locked for ever.
    let dir = tempfile::tempdir().unwrap();
    let cmcache = start(kept_in(dir.path()), &ScriptedUpstream::answering(answer)).await.unwrap();
    let inner = Arc::downgrade(&cmcache.0);
    drop(cmcache);
    for _ in 0..200 {
        if inner.strong_count() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("somebody holds the whole although its last handle is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_upstream_and_without_entries_it_is_not_ready_until_one_of_them_is_there() {
    // A load balancer must know an instance that can serve nothing, and no other.
    let upstream = ScriptedUpstream::answering(outage);
    let clock = ManualClock::at(SystemClock.now());
    let options = Options {
        upstream: Some(Arc::new(upstream.clone())),
        clock: Some(Arc::new(clock.clone())),
        ..Options::default()
    };
    let cmcache = Cmcache::start(Config::in_memory(), options).await.unwrap();
    assert_eq!(cmcache.health_json(Group::Live).await.0, 200);
    cmcache.health().started().await;
    assert_eq!(cmcache.health_json(Group::Ready).await.0, 503);
    upstream.answer_by(answer);
    clock.advance(Duration::from_secs(31));
    cmcache.checks().await;
    clock.advance(Duration::from_secs(2));
    assert_eq!(cmcache.health_json(Group::Ready).await.0, 200);
    assert_eq!(cmcache.credits().await.month.limit, Some(100), "the plan is known from then on");

    cmcache.get(GLOBAL).await.unwrap();
    upstream.answer_by(outage);
    clock.advance(Duration::from_secs(31));
    cmcache.checks().await;
    clock.advance(Duration::from_secs(2));
    let (status, body) = cmcache.health_json(Group::Ready).await;
    assert_eq!(status, 200, "it still has an entry: {body}");
    assert!(body.contains("\"warn\""), "{body}");
    assert_eq!(cmcache.health_json(Group::Upstream).await.0, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_check_passes_where_all_is_well() {
    // A check that cries wolf is switched off.
    let dir = tempfile::tempdir().unwrap();
    let cmcache = start(kept_in(dir.path()), &ScriptedUpstream::answering(answer)).await.unwrap();
    cmcache.get(GLOBAL).await.unwrap();
    for (name, word) in cmcache.checks().await {
        assert_eq!(word, "pass", "{name}");
    }
    cmcache.drain(GRACE).await;
    assert_eq!(cmcache.health_json(Group::Ready).await.0, 503, "who leaves takes no new work");
    assert_eq!(cmcache.health_json(Group::Live).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyless_api_is_not_asked_for_a_plan() {
    // Each refused question counts against the few that an address has.
    let upstream = ScriptedUpstream::answering(answer);
    let mut config = Config::in_memory();
    config.upstream.keyless = true;
    let cmcache = start(config, &upstream).await.unwrap();
    cmcache.get(GLOBAL).await.unwrap();
    assert!(cmcache.checks().await.iter().all(|(_, word)| word == "pass"));
    assert_eq!(n_asked(&upstream, KEY), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_are_away_keep_nobody_from_being_served() {
    // A store is there to make answers cheaper, not to make them impossible.
    let dir = tempfile::tempdir().unwrap();
    let flags = [
        "tiers=memory,redis,memcached,mysql,postgres",
        // Nothing listens on the ports that are not for programs.
        "tiers.redis.url=redis://127.0.0.1:1",
        "tiers.memcached.url=127.0.0.1:1",
        "tiers.mysql.url=mysql://u:canary@127.0.0.1:1/cache",
        "tiers.postgres.url=postgres://u:canary@127.0.0.1:1/cache",
        "tiers.postgres.shadow=true",
        "ledger.url=postgres://u:canary@127.0.0.1:1/books",
        // They keep entries and books; one that counts is missed by whoever wants to spend.
        "shared.meter=off",
    ];
    let config = Config::load(None, &[], &flags.map(str::to_owned)).unwrap();
    let config = Config { data_dir: dir.path().to_owned(), ..config };
    let cmcache = start(config, &ScriptedUpstream::answering(answer)).await.unwrap();
    assert_eq!(cmcache.get(GLOBAL).await.unwrap().charged.get(), 1);
    assert_eq!(cmcache.get(GLOBAL).await.unwrap().cache, CacheState::Full);
    let credits = cmcache.credits().await;
    assert_eq!((credits.month.used, credits.waiting_postings), (8, 1), "upstream's own 7, and 1");
    let (status, body) = cmcache.health_json(Group::Ready).await;
    assert!(status == 200 && body.contains("\"warn\""), "{body}");
    let tiers = cmcache.status().tiers;
    let named: Vec<_> = tiers.iter().map(|tier| (tier.name.as_str(), tier.role)).collect();
    assert_eq!(named[3..], [("mysql", "serving"), ("postgres", "shadow")]);
    assert!(!format!("{cmcache:?}").contains("canary"));
    let drained = cmcache.drain(Duration::from_millis(300)).await;
    assert!(drained.flights && !drained.postings, "the journal has what the ledger has not");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forgotten_is_fetched_anew() {
    // An operator who knows better must not wait for a life to end.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = in_memory(&upstream).await;
    for what in [
        Invalidation::Query(GLOBAL.to_owned()),
        Invalidation::Prefix(String::new()),
        Invalidation::Class(CacheClass::Global),
        Invalidation::All,
    ] {
        let before = n_asked(&upstream, GLOBAL);
        cmcache.get(GLOBAL).await.unwrap();
        assert_eq!(cmcache.get(GLOBAL).await.unwrap().cache, CacheState::Full);
        let done = cmcache.invalidate(&what).await.unwrap();
        assert!(!done.forgotten.is_empty() && !done.told_others, "{done:?}");
        assert_eq!(cmcache.get(GLOBAL).await.unwrap().cache, CacheState::Cold, "{what:?}");
        assert_eq!(n_asked(&upstream, GLOBAL), before.max(1) + 1, "{what:?}");
    }
    assert!(
        cmcache
            .invalidate(&Invalidation::Query("/v1/cryptocurrency/quotes/latest?id=x".to_owned()))
            .await
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_drained_instance_has_paid_for_is_where_others_find_it() {
    // Askers are answered before stores are written: an end right after an answer must not lose
    // what was paid for, nor leave others waiting for a lease.
    let shelf: Arc<dyn Tier> = Arc::new(Far(MemoryTier::new("shelf", 1 << 20)));
    let leases = Arc::new(MemoryLeases::new(Arc::new(SystemClock)));
    let backplane = MemoryBackplane::new();
    for cache in [CacheState::Cold, CacheState::Full] {
        let commons = Commons {
            leases: Some(Arc::clone(&leases) as _),
            backplane: Some(Arc::new(backplane.handle())),
            ..Commons::default()
        };
        let options = Options {
            upstream: Some(Arc::new(ScriptedUpstream::answering(answer))),
            tiers: vec![Arc::clone(&shelf)],
            commons: Some(commons),
            ..Options::default()
        };
        let cmcache = Cmcache::start(Config::in_memory(), options).await.unwrap();
        assert_eq!(cmcache.get(GLOBAL).await.unwrap().cache, cache);
        assert!(cmcache.drain(GRACE).await.is_complete());
    }
}
