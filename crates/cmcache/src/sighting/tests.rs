//! Do instances with a shared store look at upstream in turn?

use std::{sync::Arc, time::Duration};

use cache_tiers::{Far, MemoryLeases, MemoryTier};
use clock::{Clock, ManualClock, SystemClock};
use cmc_api::{Call, ScriptedUpstream, scripted};
use engine::Commons;
use health::Group;
use tokio::task::JoinSet;

use crate::{Cmcache, Config, Options};

const LATER: Duration = Duration::from_secs(61);

fn well(_: &Call) -> scripted::Scripted {
    Ok(scripted::reply(r#"{"plan":{"credit_limit_monthly":100}}"#, 0))
}

fn away(_: &Call) -> scripted::Scripted {
    Err(scripted::refusal(500, 500, "An internal server error occurred"))
}

/// What the instances of a test have in common.
struct Together {
    clock: ManualClock,
    shelf: Arc<MemoryTier>,
    leases: Arc<MemoryLeases>,
}

impl Together {
    fn new() -> Self {
        let clock = ManualClock::at(SystemClock.now());
        Self {
            shelf: Arc::new(MemoryTier::new("shelf", 1 << 20)),
            leases: Arc::new(MemoryLeases::new(Arc::new(clock.clone()))),
            clock,
        }
    }

    async fn instance(&self, upstream: &ScriptedUpstream) -> Cmcache {
        let leases: Arc<dyn cache_tiers::Leases> = Arc::clone(&self.leases) as _;
        let options = Options {
            clock: Some(Arc::new(self.clock.clone())),
            upstream: Some(Arc::new(upstream.clone())),
            tiers: vec![Arc::new(Far(Arc::clone(&self.shelf)))],
            commons: Some(Commons { leases: Some(leases), ..Commons::default() }),
            ..Options::default()
        };
        Cmcache::start(Config::in_memory(), options).await.unwrap()
    }
}

/// What the instance says of upstream.
async fn word(cmcache: &Cmcache) -> String {
    let (_, body) = cmcache.health_json(Group::Upstream).await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    body["status"].as_str().unwrap().to_owned()
}

async fn words(instances: &[Cmcache]) -> Vec<String> {
    let mut looks = JoinSet::new();
    for cmcache in instances {
        let cmcache = cmcache.clone();
        looks.spawn(async move { word(&cmcache).await });
    }
    looks.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_instances_one_asks_the_key_and_all_know() {
    // Breaks: ten instances ask ten times a minute, and an ill API is asked most.
    let together = Together::new();
    let upstream = ScriptedUpstream::answering(well);
    let mut instances = Vec::new();
    for _ in 0..10 {
        instances.push(together.instance(&upstream).await);
    }
    for (answer, expected) in [(well as fn(&Call) -> _, "pass"), (away, "fail"), (well, "pass")] {
        upstream.answer_by(answer);
        let before = upstream.n_calls();
        together.clock.advance(LATER);
        let told = words(&instances).await;
        assert!(told.iter().all(|word| word == expected), "{told:?}");
        assert_eq!(upstream.n_calls() - before, 1, "while upstream says {expected}");
        // Within the time that it holds nobody asks again.
        together.clock.advance(Duration::from_secs(20));
        words(&instances).await;
        assert_eq!(upstream.n_calls() - before, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_whose_own_way_is_broken_does_not_speak_for_all_for_ever() {
    // Breaks: one broken network card, and nobody believes in upstream any more.
    let together = Together::new();
    let (broken, sound) = (ScriptedUpstream::answering(well), ScriptedUpstream::answering(well));
    let instances = [together.instance(&broken).await, together.instance(&sound).await];
    broken.answer_by(away);
    together.clock.advance(LATER);
    assert_eq!(word(&instances[0]).await, "fail");
    assert_eq!(word(&instances[1]).await, "fail", "it believes what it is told");
    together.clock.advance(LATER);
    // Whoever has seen nothing wrong itself goes first.
    let told = tokio::join!(word(&instances[0]), word(&instances[1]));
    assert_eq!(told, ("pass".to_owned(), "pass".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn alone_it_asks_for_itself_and_the_start_counts_as_a_look() {
    // Breaks: each start asks twice, or one instance without a store never asks.
    let upstream = ScriptedUpstream::answering(well);
    let clock = ManualClock::at(SystemClock.now());
    let options = Options {
        clock: Some(Arc::new(clock.clone())),
        upstream: Some(Arc::new(upstream.clone())),
        ..Options::default()
    };
    let cmcache = Cmcache::start(Config::in_memory(), options).await.unwrap();
    assert_eq!(word(&cmcache).await, "pass");
    assert_eq!(upstream.n_calls(), 1);
    clock.advance(LATER);
    assert_eq!(word(&cmcache).await, "pass");
    assert_eq!(upstream.n_calls(), 2);
}
