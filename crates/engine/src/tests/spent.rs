//! Is the time of an answer put down to what was waited for?

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use cache_tiers::{Capability, Entry, Far, Key, MemoryTier, Tier, TierError};
use cmc_api::{Call, Charge, Reply, ScriptedUpstream, Upstream, UpstreamError, UpstreamErrorKind};

use super::rig::{Rig, Wishes, quotes};
use crate::{Course, Spent, Terms};

const SLOW: Duration = Duration::from_millis(300);
/// Within what a tier may take.
const SLOW_TIER: Duration = Duration::from_millis(30);

/// Sleeps on the runtime's clock, which stands while anything else goes on.
#[derive(Debug)]
struct Slow<T>(T);

#[async_trait]
impl Upstream for Slow<ScriptedUpstream> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        tokio::time::sleep(SLOW).await;
        let mut reply = self.0.call(call).await?;
        // As a client over HTTP would tell it: most of it waiting, some of it reading.
        reply.timing.queue = SLOW / 10;
        reply.timing.connect = SLOW / 5;
        reply.timing.body = SLOW / 6;
        reply.timing.attempts = 1;
        Ok(reply)
    }
}

#[async_trait]
impl<T: Tier> Tier for Slow<T> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn capability(&self) -> Capability {
        self.0.capability()
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        tokio::time::sleep(SLOW_TIER).await;
        self.0.get_many(keys).await
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.0.put_many(items).await
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.0.remove_many(keys).await
    }
}

/// Where the time of a question went, and how long it took.
async fn asked(rig: &Rig, coin: &str, patience: Option<Duration>) -> (Spent, Duration) {
    let course = Course::default();
    let terms = Terms { course: Some(course.clone()), patience, ..Terms::default() };
    let began = tokio::time::Instant::now();
    drop(rig.ask_on(&quotes(coin), terms).await);
    (course.spent(), began.elapsed())
}

fn around(upstream: ScriptedUpstream) -> Arc<dyn Upstream> {
    Arc::new(Slow(upstream))
}

#[tokio::test(start_paused = true)]
async fn a_slow_upstream_is_waiting_and_reading() {
    // Breaks: a slow API would look like a slow store, and the wrong people would be woken.
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    rig.engine.load_names().await.unwrap();
    let (spent, took) = asked(&rig, "1", None).await;
    assert_eq!((spent.queue, spent.body), (SLOW / 10, SLOW / 6));
    assert_eq!(spent.connect, SLOW / 5);
    assert_eq!(spent.wait, SLOW - SLOW / 10 - SLOW / 5 - SLOW / 6);
    assert_eq!((spent.tier, spent.store, took), (Duration::ZERO, Duration::ZERO, SLOW));
}

#[tokio::test(start_paused = true)]
async fn a_slow_tier_is_a_tier() {
    let far: Arc<dyn Tier> = Arc::new(Slow(Far(MemoryTier::new("far", 1 << 20))));
    let near: Arc<dyn Tier> = Arc::new(MemoryTier::new("near", 64 << 20));
    let rig = Rig::with(Wishes { tiers: vec![near, far], ..Wishes::default() });
    rig.engine.load_names().await.unwrap();
    let (spent, took) = asked(&rig, "1", None).await;
    assert_eq!(spent, Spent { tier: SLOW_TIER, ..Spent::default() });
    assert_eq!(took, SLOW_TIER);
}

#[tokio::test(start_paused = true)]
async fn who_joins_in_the_air_is_told_its_own_waiting_only() {
    // Breaks: two askers of one call would each be told of more time than it waited.
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    rig.engine.load_names().await.unwrap();
    let early = rig.clone();
    let first = rig.tracker.spawn(async move { asked(&early, "1", None).await });
    tokio::time::sleep(SLOW / 2).await;
    let (late, took) = asked(&rig, "1", None).await;
    assert_eq!((first.await.unwrap().1, took), (SLOW, SLOW / 2));
    assert_eq!(late.body, SLOW / 6);
    assert_eq!(late.queue + late.connect + late.wait + late.body, SLOW / 2);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_company_is_queueing() {
    let rig = Rig::warm().await;
    rig.busy().await;
    let (spent, took) = asked(&rig, "1", None).await;
    assert!(took > Duration::ZERO, "it waited for the boarding window");
    assert_eq!(spent, Spent { queue: took, ..Spent::default() });
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_put_down_to_upstream_as_well() {
    // Breaks: exactly the outages would have no cause.
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    rig.engine.load_names().await.unwrap();
    let outage = UpstreamError::new(UpstreamErrorKind::ServerFault, Charge::Nothing);
    rig.upstream.push(Err(outage));
    let (spent, _) = asked(&rig, "1", None).await;
    assert_eq!(spent, Spent { wait: SLOW, ..Spent::default() });
}

#[tokio::test(start_paused = true)]
async fn a_call_that_reaches_nobody_is_put_down_to_connecting() {
    // Breaks: a dead resolver would look like an API that thinks for long.
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    rig.engine.load_names().await.unwrap();
    rig.upstream.push(Err(UpstreamError::new(UpstreamErrorKind::Connect, Charge::Nothing)));
    let (spent, _) = asked(&rig, "1", None).await;
    assert_eq!(spent, Spent { connect: SLOW, ..Spent::default() });
}

#[tokio::test(start_paused = true)]
async fn who_loses_patience_is_told_nothing_of_what_is_still_in_the_air() {
    // How much of it was waiting is not known yet: a guess would be worse than nothing.
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    rig.engine.load_names().await.unwrap();
    let (spent, took) = asked(&rig, "1", Some(SLOW / 3)).await;
    assert_eq!((spent, took), (Spent::default(), SLOW / 3));
    rig.settle().await;
}
