//! A budget that instances share.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use credits::{
    BillingAnchor, Decision, Lease, LeaseAsk, MemoryMeter, MeterError, RaiseAsk, ReleaseAsk,
    ReportAsk, ReserveAsk, SettleAsk, Usage, UsageAsk,
};

use super::*;

/// Counts for several instances, and how often it was asked for credits.
#[derive(Debug, Default)]
struct FarMeter {
    inner: MemoryMeter,
    n_asked: AtomicUsize,
}

#[async_trait]
impl Meter for FarMeter {
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        self.n_asked.fetch_add(1, Ordering::Relaxed);
        self.inner.reserve(ask).await
    }
    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        self.inner.settle(ask).await
    }
    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        self.inner.release(ask).await
    }
    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        self.n_asked.fetch_add(1, Ordering::Relaxed);
        self.inner.lease(ask).await
    }
    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        self.inner.report(ask).await
    }
    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        self.inner.usage(ask).await
    }
    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        self.inner.raise(ask).await
    }
}

async fn instance(meter: &Arc<FarMeter>, upstream: &ScriptedUpstream) -> Cmcache {
    let options = Options {
        upstream: Some(Arc::new(upstream.clone())),
        meter: Some(Arc::clone(meter) as _),
        ..Options::default()
    };
    Cmcache::start(Config::in_memory(), options).await.unwrap()
}

/// Booked and held, as the meter sees it.
async fn seen(meter: &FarMeter, cmcache: &Cmcache) -> (u64, u64) {
    let ask = UsageAsk {
        account: Arc::clone(cmcache.engine().account().name()),
        at: cmcache.now(),
        anchor: BillingAnchor::FIRST,
    };
    let usage = meter.usage(&ask).await.unwrap();
    (usage.month.get(), usage.reserved.get())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_asks_nobody_for_credits_and_a_drain_gives_back_what_was_leased() {
    // Breaks: every answer waits for the store that counts; or each restart costs a block.
    let (meter, upstream) = (Arc::default(), ScriptedUpstream::answering(answer));
    let cmcache = instance(&meter, &upstream).await;
    cmcache.get(GLOBAL).await.unwrap();
    let n_asked = meter.n_asked.load(Ordering::Relaxed);
    assert!(n_asked > 0, "a miss has asked");
    for _ in 0..100 {
        assert_eq!(cmcache.get(GLOBAL).await.unwrap().cache, CacheState::Full);
    }
    assert_eq!(meter.n_asked.load(Ordering::Relaxed), n_asked);
    cmcache.drain(GRACE).await;
    assert_eq!(seen(&meter, &cmcache).await, (8, 0), "7 by others, 1 by us, nothing is held");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_instance_spends_the_other_knows() {
    // Breaks: two gateways spend two budgets.
    let (meter, upstream) = (Arc::default(), ScriptedUpstream::answering(answer));
    let (one, two) = (instance(&meter, &upstream).await, instance(&meter, &upstream).await);
    one.get(GLOBAL).await.unwrap();
    two.get(GLOBAL).await.unwrap();
    one.drain(GRACE).await;
    let month = two.credits().await.month;
    assert_eq!((month.limit, month.used), (Some(100), 9));
}
