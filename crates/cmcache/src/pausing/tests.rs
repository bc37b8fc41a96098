use std::sync::Arc;

use cache_tiers::{Far, MemoryTier, Tier};
use clock::{ManualClock, SystemClock};
use cmc_api::{Call, ScriptedUpstream, scripted};
use engine::CacheState;

use super::*;
use crate::{Config, Options, StartError};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
const FEAR: &str = "/v3/fear-and-greed/latest";

fn answer(call: &Call) -> scripted::Scripted {
    match call.path() {
        "/v1/key/info" => Ok(scripted::reply(r#"{"plan":{"credit_limit_monthly":100}}"#, 0)),
        GLOBAL => Ok(scripted::reply(r#"{"btc_dominance":58.10}"#, 1)),
        FEAR => Ok(scripted::reply(r#"{"value":40}"#, 1)),
        other => Err(scripted::refusal(400, 400, other)),
    }
}

struct House {
    clock: ManualClock,
    upstream: ScriptedUpstream,
    shelf: Arc<MemoryTier>,
}

impl House {
    fn new() -> Self {
        Self {
            clock: ManualClock::at(SystemClock.now()),
            upstream: ScriptedUpstream::answering(answer),
            shelf: Arc::new(MemoryTier::new("shelf", 1 << 20)),
        }
    }

    async fn start(&self, config: Config, is_shared: bool) -> Cmcache {
        self.try_start(config, is_shared).await.unwrap()
    }

    /// After an earlier run: its last tasks may still hold the journal for a moment.
    async fn restart(&self, config: impl Fn() -> Config) -> Cmcache {
        for _ in 0..500 {
            if let Ok(cmcache) = self.try_start(config(), false).await {
                return cmcache;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the run before holds the journal for ever");
    }

    async fn try_start(&self, config: Config, is_shared: bool) -> Result<Cmcache, StartError> {
        let shelf: Arc<dyn Tier> = Arc::new(Far(Arc::clone(&self.shelf)));
        let options = Options {
            clock: Some(Arc::new(self.clock.clone())),
            upstream: Some(Arc::new(self.upstream.clone())),
            tiers: if is_shared { vec![shelf] } else { Vec::new() },
            ..Options::default()
        };
        Cmcache::start(config, options).await
    }

    fn n_paid(&self) -> usize {
        let calls = self.upstream.calls();
        calls.iter().filter(|call| call.path() != "/v1/key/info").count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_paid_calls_are_paused_what_is_cached_is_served_and_nothing_is_bought() {
    // Breaks: the button that stops the bleeding does not.
    let house = House::new();
    let cmcache = house.start(Config::in_memory(), false).await;
    cmcache.get(GLOBAL).await.unwrap();
    assert!(cmcache.pause(true).await.paused);
    assert_eq!(cmcache.get(GLOBAL).await.unwrap().cache, CacheState::Full);
    // Too old, but better than nothing.
    house.clock.advance(Duration::from_secs(400));
    assert_eq!(cmcache.get(GLOBAL).await.unwrap().cache, CacheState::Stale);
    let refused = cmcache.get(FEAR).await.unwrap_err();
    assert!(refused.to_string().contains("paused by the operator"), "{refused}");
    assert_eq!(house.n_paid(), 1);
    house.clock.advance(Duration::from_secs(61));
    assert!(cmcache.checks().await.contains(&("credits:used".to_owned(), "warn".to_owned())));
    assert!(cmcache.status().paused_since.is_some());

    assert!(!cmcache.pause(false).await.paused);
    assert_eq!(cmcache.get(FEAR).await.unwrap().cache, CacheState::Cold);
    assert_eq!(cmcache.status().paused_since, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_outlives_a_restart() {
    // Breaks: whoever paused at night finds it spent in the morning.
    let (house, dir) = (House::new(), tempfile::tempdir().unwrap());
    let config = || Config { data_dir: dir.path().to_owned(), ..Config::in_memory() };
    let cmcache = house.start(config(), false).await;
    cmcache.pause(true).await;
    cmcache.drain(Duration::from_secs(5)).await;
    drop(cmcache);
    let cmcache = house.restart(config).await;
    cmcache.get(GLOBAL).await.unwrap_err();
    assert_eq!(house.n_paid(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_holds_for_all_instances_and_the_last_word_counts() {
    // Breaks: one of ten stops, and nine go on.
    let house = House::new();
    let one = house.start(Config::in_memory(), true).await;
    let other = house.start(Config::in_memory(), true).await;
    one.pause(true).await;
    other.inner().sync_pause().await;
    other.get(GLOBAL).await.unwrap_err();
    let late = house.start(Config::in_memory(), true).await;
    late.get(GLOBAL).await.unwrap_err();
    assert_eq!(house.n_paid(), 0);
    other.pause(false).await;
    for cmcache in [&one, &late] {
        cmcache.inner().sync_pause().await;
        cmcache.get(GLOBAL).await.unwrap();
    }
}
