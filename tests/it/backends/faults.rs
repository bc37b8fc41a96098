//! May a store freeze, break or crawl under load without anybody noticing?

use std::time::Duration;

use harness::{Client, Fault, Gateway, Load, PATIENCE, Proxy, Sim, ask_all, stopwatch};

use super::{Backend, memcached, mysql, n_puts, postgres, redis, spec};
use crate::market;

/// Answers whose time is taken, per window.
const N_HITS: usize = 400;
/// Questions that miss meanwhile.
const N_MISSES: usize = 24;
/// Windows with and without the fault, in turn: so many are enough on a machine of one's own.
const ROUNDS_MIN: usize = 3;
/// And so many tell what is ours from what others do to a busy one.
const ROUNDS_MAX: usize = 9;
/// Below this a ratio says more about the machine than about the product.
const NOISE: Duration = Duration::from_millis(4);

/// A gateway before that store, with the network between them in our hands.
struct Between {
    sim: Sim,
    gateway: Gateway,
    proxy: Proxy,
    name: &'static str,
    /// Coins that are in memory, and those that nobody has asked for.
    hits: Vec<String>,
    misses: Vec<String>,
    _backend: Backend,
}

impl Between {
    async fn new(backend: Backend) -> Self {
        let sim = Sim::frozen().await;
        let proxy = Proxy::before(backend.authority.clone()).await;
        let gateway = spec(&sim, &[(&backend, &proxy.authority())]).start().await;
        let coins = market::active(&sim).await;
        let target =
            |coin: &market::Coin| format!("/v3/cryptocurrency/quotes/latest?id={}", coin.id);
        let hits: Vec<String> = coins.iter().take(20).map(target).collect();
        // Whole answers of their own: no block that is filled for others brings them.
        let misses = coins
            .iter()
            .rev()
            .map(|coin| format!("/v1/cryptocurrency/market-pairs/latest?id={}&limit=1", coin.id));
        let between = Self {
            hits,
            misses: misses.collect(),
            name: backend.name,
            sim,
            gateway,
            proxy,
            _backend: backend,
        };
        for reply in ask_all(&between.client(), &between.hits, 4).await {
            assert_eq!(reply.expect("the gateway answers").status, 200);
        }
        between
    }

    fn client(&self) -> Client {
        self.gateway.client()
    }

    /// The slowest hit but for one in a hundred, while others miss.
    async fn window(&mut self) -> Duration {
        assert!(self.misses.len() >= N_MISSES, "the market is large enough");
        let some = self.misses.split_off(self.misses.len() - N_MISSES);
        let load = Load::start(&self.client(), some, 4);
        let mut took = Vec::with_capacity(N_HITS);
        for n in 0..N_HITS {
            let since = stopwatch();
            let reply = self.client().get(&self.hits[n % self.hits.len()]).await;
            took.push(since.elapsed());
            assert_eq!(reply.status, 200, "a hit: {}", reply.text());
            assert_eq!(reply.header("x-cmcache-cache"), Some("full"));
        }
        for reply in load.finish().await {
            let reply = reply.expect("the gateway answers");
            assert_eq!(reply.status, 200, "a miss: {}", reply.text());
        }
        took.sort();
        took[N_HITS * 99 / 100]
    }

    /// With the fault nobody gets an error, and hits are as fast as without.
    #[expect(clippy::print_stdout, reason = "the measured times are what is asked for")]
    async fn check(&mut self, fault: Fault) {
        let (mut well, mut ill) = (Vec::new(), Vec::new());
        loop {
            well.push(self.window().await);
            self.proxy.set(fault).await;
            ill.push(self.window().await);
            self.proxy.heal().await;
            let (well, ill, n_rounds) = (median(&well), median(&ill), well.len());
            println!("{} with {fault:?}: p99 of hits {ill:?}, healthy {well:?}", self.name);
            if n_rounds >= ROUNDS_MIN && ill <= 2 * well.max(NOISE) {
                break;
            }
            assert!(n_rounds < ROUNDS_MAX, "{} with {fault:?}: {ill:?}, {well:?}", self.name);
        }
        self.is_used_again().await;
    }

    /// The store takes entries again, without a restart of ours.
    async fn is_used_again(&mut self) {
        let client = self.client();
        let before = n_puts(&client, self.name).await;
        let since = stopwatch();
        while n_puts(&client, self.name).await <= before {
            assert!(since.elapsed() < 3 * PATIENCE, "{} is not used again", self.name);
            let target = self.misses.pop().expect("the market is large enough");
            assert_eq!(client.get(&target).await.status, 200);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2]
}

async fn survives_everything(backend: Backend) {
    let mut between = Between::new(backend).await;
    for fault in [
        Fault::HalfOpen,
        Fault::Cut,
        Fault::Reset,
        Fault::Latency(Duration::from_millis(300)),
        Fault::Drip { n_bytes: 16, every: Duration::from_millis(20) },
    ] {
        between.check(fault).await;
    }
    assert!(between.sim.bill().credits > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_may_freeze_break_or_crawl() {
    survives_everything(redis().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memcached_may_freeze_break_or_crawl() {
    survives_everything(memcached().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_may_freeze_break_or_crawl() {
    survives_everything(mysql().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_may_freeze_break_or_crawl() {
    survives_everything(postgres().await).await;
}
