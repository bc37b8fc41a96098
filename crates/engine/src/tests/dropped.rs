//! An asker may be dropped at any await.

use std::{future::Future, sync::Arc, time::Duration};

use cache_tiers::{Far, MemoryTier, Tier};
use futures_util::poll;

use super::rig::{Rig, Wishes, query, quotes};
use crate::Terms;

/// Two tiers, the lower of which is awaited.
fn rig() -> Rig {
    let near: Arc<dyn Tier> = Arc::new(MemoryTier::new("near", 8 << 20));
    let far: Arc<dyn Tier> = Arc::new(Far(MemoryTier::new("far", 8 << 20)));
    Rig::with(Wishes { tiers: vec![near, far], ..Wishes::default() })
}

/// Polls at most `n` times, with everything else going on in between; says whether it ended.
async fn poll_then_drop(future: impl Future, n: usize, pause: Duration) -> bool {
    let mut future = Box::pin(future);
    for _ in 0..n {
        if poll!(&mut future).is_ready() {
            return true;
        }
        tokio::time::sleep(pause).await;
    }
    false
}

/// Drops the asker after its first poll, its second, and so on until it ends by itself; says how
/// many awaits there were.
async fn at_every_await(target: &str, pause: Duration) -> usize {
    for n in 0..100 {
        let rig = rig();
        let asked = query(target);
        let terms = Terms::default();
        let ended = poll_then_drop(rig.engine.answer_as(target, &asked, &terms), n, pause).await;
        rig.settle().await;
        rig.assert_idle().await;
        let n_before = rig.upstream.n_calls();
        rig.ask(target).await;
        rig.assert_idle().await;
        let n_calls = rig.upstream.n_calls();
        assert!(n_calls <= 3, "map, block and quotes at most, each once: {n_calls}");
        if ended {
            assert_eq!(n_calls, n_before, "all that was asked for was there");
            return n;
        }
    }
    panic!("it never ends");
}

#[tokio::test(start_paused = true)]
async fn dropping_a_quotes_asker_anywhere_leaves_nothing_behind() {
    // Breaks if a flight, a reservation or an interest hangs on the asker's future.
    for pause in [1, 11].map(Duration::from_millis) {
        let n = at_every_await(&quotes("1,2,701"), pause).await;
        assert!(n >= 2, "{n}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_a_listings_asker_anywhere_leaves_nothing_behind() {
    // The same with two rounds: the block first, its coins second.
    for pause in [1, 11].map(Duration::from_millis) {
        let target = "/v1/cryptocurrency/listings/latest?limit=300&convert=USD,EUR";
        at_every_await(target, pause).await;
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_an_invalidation_anywhere_leaves_nothing_half_done() {
    // Breaks if a key that was to be forgotten is still served by this engine.
    for n in 0..20 {
        let rig = rig();
        rig.ask(&quotes("1")).await;
        rig.settle().await;
        let entities = [super::rig::quote(1)];
        let ended =
            poll_then_drop(rig.engine.invalidate(&entities), n, Duration::from_millis(1)).await;
        rig.advance(1);
        let answer = rig.ask(&quotes("1")).await;
        if n > 0 {
            assert_eq!(answer.cache.name(), "cold", "after {n} polls");
        }
        if ended {
            return;
        }
    }
    panic!("it never ends");
}
