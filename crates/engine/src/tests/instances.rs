//! Several engines that share a tier, leases and a backplane are one.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use cache_tiers::{
    Far, Key, Lease, Leases, MemoryBackplane, MemoryLeases, MemoryTier, Tier, TierError,
    TierErrorKind, Version,
};
use clock::{Clock, ManualClock, Timestamp};
use cmc_api::{CacheClass, ScriptedUpstream};

use super::{
    market::Market,
    rig::{Rig, Wishes, quote, quotes, read_at, soon},
    sweeps::hundred,
};
use crate::{Commons, limits};

/// What the instances of a test have in common.
struct Together {
    clock: ManualClock,
    shared: Arc<MemoryTier>,
    leases: Arc<dyn Leases>,
    backplane: Arc<MemoryBackplane>,
    upstream: ScriptedUpstream,
}

impl Together {
    fn new() -> Self {
        let start = Timestamp::parse("2026-10-05T09:14:31.207Z").unwrap();
        let clock = ManualClock::at(start);
        let market = Market::new(&clock);
        Self {
            shared: Arc::new(MemoryTier::new("shared", 64 << 20)),
            leases: Arc::new(MemoryLeases::new(Arc::new(clock.clone()))),
            backplane: Arc::new(MemoryBackplane::new()),
            upstream: ScriptedUpstream::answering(move |call| market.answer(call)),
            clock,
        }
    }

    /// One more instance, with the map known to it.
    async fn instance(&self) -> Rig {
        let commons = Commons {
            leases: Some(Arc::clone(&self.leases)),
            backplane: Some(Arc::new(self.backplane.handle())),
            lease_deadline: None,
        };
        self.instance_with(commons).await
    }

    async fn instance_with(&self, commons: Commons) -> Rig {
        let tiers: Vec<Arc<dyn Tier>> = vec![
            Arc::new(MemoryTier::new("memory", 64 << 20)),
            Arc::new(Far(Arc::clone(&self.shared))),
        ];
        let rig = Rig::with(Wishes {
            tiers,
            clock: Some(self.clock.clone()),
            upstream: Some(self.upstream.clone()),
            commons,
            ..Wishes::default()
        });
        soon(rig.engine.load_names()).await.unwrap();
        rig
    }

    async fn instances(&self, n: usize) -> Vec<Rig> {
        let mut rigs = Vec::new();
        for _ in 0..n {
            rigs.push(self.instance().await);
        }
        rigs
    }

    /// Somebody else, who will not be heard of again, takes the lease of coin 1.
    async fn stranger_takes_the_lease(&self) -> (Key, Version) {
        let key = quote(1).key("");
        let proposed = Version::at(self.clock.now(), 9);
        let taken =
            self.leases.take_many(std::slice::from_ref(&key), proposed, limits::LEASE_LENGTH).await;
        match taken.unwrap()[0] {
            Lease::Taken { token, .. } => (key, token),
            Lease::Held { .. } => panic!("nobody else has it"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cold_coin_is_loaded_once_for_all_instances() {
    // Breaks: every instance pays for the same coin at the same moment.
    let together = Together::new();
    let rigs = together.instances(3).await;
    together.upstream.block();
    let askers: Vec<_> = (0..300).map(|n: usize| rigs[n % 3].asking(&quotes("1"))).collect();
    together.upstream.until_running(1).await;
    rigs[0].settle().await;
    together.upstream.release_all();
    for asker in askers {
        soon(asker).await.unwrap().unwrap();
    }
    assert_eq!(rigs[0].n_quote_calls(), 1);
    for rig in &rigs {
        rig.assert_idle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_free_map_is_loaded_once_too() {
    // Breaks: it costs no credit, but a request of the minute's limit for each instance.
    let together = Together::new();
    together.instances(3).await;
    assert_eq!(together.upstream.n_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dead_holder_is_noticed_by_the_end_of_its_lease() {
    // Breaks: a killed instance would make a coin unaskable, or every follower pay for it.
    let together = Together::new();
    let rigs = together.instances(2).await;
    let (_, token) = together.stranger_takes_the_lease().await;
    let askers: Vec<_> = rigs.iter().map(|rig| rig.asking(&quotes("1"))).collect();
    rigs[0].settle().await;
    assert_eq!(rigs[0].n_quote_calls(), 0, "somebody else is loading it");
    together.clock.advance(limits::LEASE_LENGTH);
    for asker in askers {
        soon(asker).await.unwrap().unwrap();
    }
    assert_eq!(rigs[0].n_quote_calls(), 1);
    let held = together.shared.peek(&quote(1).key("")).expect("it was stored");
    assert!(held.meta.version > token, "what the dead one may still bring is older");
}

#[tokio::test(start_paused = true)]
async fn who_lets_go_is_followed_at_once() {
    // Breaks: a refused call of one instance makes the others wait for the end of a lease.
    let together = Together::new();
    let rig = together.instance().await;
    let held = together.stranger_takes_the_lease().await;
    let asker = rig.asking(&quotes("1"));
    rig.settle().await;
    together.leases.release_many(&[held]).await.unwrap();
    soon(asker).await.unwrap().unwrap();
    assert_eq!(rig.n_quote_calls(), 1);
}

/// Leases that nobody can be asked for.
#[derive(Debug)]
struct DeadLeases;

#[async_trait]
impl Leases for DeadLeases {
    fn name(&self) -> &str {
        "dead"
    }
    async fn take_many(&self, _: &[Key], _: Version, _: Duration) -> Result<Vec<Lease>, TierError> {
        std::future::pending().await
    }
    async fn renew_many(&self, _: &[(Key, Version)], _: Duration) -> Result<Vec<bool>, TierError> {
        Err(TierError::new("dead", TierErrorKind::Unavailable))
    }
    async fn release_many(&self, _: &[(Key, Version)]) -> Result<(), TierError> {
        Err(TierError::new("dead", TierErrorKind::Unavailable))
    }
}

#[tokio::test(start_paused = true)]
async fn without_its_leases_each_instance_loads_for_itself() {
    // Breaks: the death of a store that only saves credits would cost answers.
    let together = Together::new();
    let commons = Commons { leases: Some(Arc::new(DeadLeases)), ..Commons::default() };
    let rig = together.instance_with(commons).await;
    soon(rig.ask(&quotes("1"))).await;
    assert_eq!(rig.n_quote_calls(), 1);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn what_one_refreshes_the_others_have() {
    // Breaks: each instance pays for its own copy, or keeps an older one beside the newer.
    let together = Together::new();
    let rigs = together.instances(2).await;
    for rig in &rigs {
        soon(rig.ask(&quotes("1"))).await;
    }
    assert_eq!(rigs[0].n_quote_calls(), 1);
    together.clock.advance(Duration::from_secs(61));
    let new = soon(rigs[0].ask(&quotes("1"))).await;
    rigs[1].settle().await;
    let other = rigs[1].engine.peek(&quotes("1")).expect("it lies in memory already");
    assert_eq!(read_at(&other), read_at(&new));
    assert_eq!(rigs[0].n_quote_calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_one_invalidates_is_dead_in_all() {
    // Breaks: an operator's correction reaches one gateway of three.
    let together = Together::new();
    let rigs = together.instances(2).await;
    for rig in &rigs {
        soon(rig.ask(&quotes("1"))).await;
    }
    let before = together.clock.now();
    together.clock.advance(Duration::from_secs(5));
    rigs[0].engine.invalidate(&[quote(1)]).await;
    rigs[1].settle().await;
    assert!(rigs[1].engine.peek(&quotes("1")).is_none());
    let after = soon(rigs[1].ask(&quotes("1"))).await;
    assert!(read_at(&after)[0] > before);
    assert_eq!(rigs[0].n_quote_calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_missed_an_invalidation_learns_of_it_when_it_hears_again() {
    // Breaks: a broken connection of a second makes a dead value live for its whole life.
    let together = Together::new();
    let rigs = together.instances(2).await;
    for rig in &rigs {
        soon(rig.ask(&quotes("1"))).await;
    }
    together.backplane.cut();
    together.clock.advance(Duration::from_secs(5));
    rigs[0].engine.invalidate(&[quote(1)]).await;
    rigs[1].settle().await;
    assert!(rigs[1].engine.peek(&quotes("1")).is_some(), "it could not know");
    together.backplane.heal();
    rigs[1].settle().await;
    assert!(rigs[1].engine.peek(&quotes("1")).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_whole_class_is_invalidated_for_those_who_run_and_those_who_start_later() {
    // Breaks: after a deploy the shared tiers would serve what was declared dead before it.
    let together = Together::new();
    let rigs = together.instances(2).await;
    for rig in &rigs {
        soon(rig.ask(&quotes("1,2"))).await;
    }
    together.clock.advance(Duration::from_secs(5));
    rigs[0].engine.invalidate_all("", Some(CacheClass::Quotes)).await;
    rigs[1].settle().await;
    assert!(rigs[1].engine.peek(&quotes("1,2")).is_none());
    let late = together.instance().await;
    late.engine.learn_marks().await;
    soon(late.ask(&quotes("1"))).await;
    assert_eq!(late.n_quote_calls(), 2, "what lay in the shared tier was dead");
    assert_eq!(late.calls_to("/cryptocurrency/map").len(), 1, "the map was not");
}

#[tokio::test(start_paused = true)]
async fn one_instance_warms_and_the_others_leave_it_to_it() {
    // Breaks if each instance pays for the same warming.
    let together = Together::new();
    let rigs = together.instances(2).await;
    let (one, other) = (&rigs[0], &rigs[1]);
    let at_work = one.engine.alone("work", async {
        let elsewhere = other.engine.alone("work", async { 1 }).await;
        assert_eq!(elsewhere, None);
        2
    });
    assert_eq!(soon(at_work).await, Some(2));
    assert_eq!(
        soon(other.engine.alone("work", async { 3 })).await,
        Some(3),
        "the work is free again"
    );
}

#[tokio::test(start_paused = true)]
async fn instances_tell_each_other_what_is_popular() {
    // Breaks if each instance fills its blocks with what it is asked for itself.
    let together = Together::new();
    let rigs = together.instances(2).await;
    rigs[0].ask(&quotes("600")).await;
    rigs[0].engine.sync_popularity().await;
    rigs[1].engine.sync_popularity().await;
    let popular = rigs[1].engine.popular(9);
    assert_eq!(popular.iter().map(|popular| popular.coin.get()).collect::<Vec<_>>(), [600]);
}

#[tokio::test(start_paused = true)]
async fn one_instance_buys_the_page_for_all() {
    // Breaks if each instance of a busy house buys the same page of the ranking each minute,
    // because each was first asked for another coin of it.
    let together = Together::new();
    let rigs = together.instances(2).await;
    let mut before = (0, 0);
    for second in 0..240 {
        together.clock.advance(Duration::from_secs(1));
        let asked = [rigs[0].asking(&hundred(second)), rigs[1].asking(&hundred(second + 3))];
        for asked in asked {
            let answer = soon(asked).await.unwrap().unwrap();
            for at in read_at(&answer) {
                let age = together.clock.now().since(at);
                assert!(age < Duration::from_secs(60), "{age:?} in second {second}");
            }
        }
        if second == 119 {
            before = (rigs[0].calls_to("/listings/latest").len(), rigs[0].n_quote_calls());
        }
    }
    let after = (rigs[0].calls_to("/listings/latest").len(), rigs[0].n_quote_calls());
    assert_eq!((after.0 - before.0, after.1 - before.1), (2, 0), "{before:?} {after:?}");
    for rig in &rigs {
        rig.assert_idle().await;
    }
}
