//! May a store freeze, break or crawl under load without anybody noticing?

use std::time::Duration;

use harness::{
    Client, Database, Fault, Gateway, GatewaySpec, Load, MemcachedServer, PATIENCE, Proxy,
    RedisServer, Sim, TestServers, ask_all, eventually_async, stopwatch,
};

use crate::market;

/// Answers whose time is taken, per window.
const N_HITS: usize = 400;
/// Windows with and without the fault, in turn.
const N_ROUNDS: usize = 3;
/// Coins of one question, and how many such questions there are.
const PAGE: usize = 100;
const N_PAGES: usize = 12;
/// All of them, as a metric tells it.
const STORED: f64 = 1_200.0;
/// What the network takes to a store while round trips are told by their time.
const ONE_WAY: Duration = Duration::from_millis(100);
/// Below this a ratio says more about the machine than about the product.
const NOISE: Duration = Duration::from_millis(4);

/// A store, and what keeps it alive.
struct Backend {
    name: &'static str,
    /// `{}` is where it is.
    setting: String,
    authority: String,
    _alive: Alive,
}

enum Alive {
    Redis { _server: RedisServer },
    Memcached { _server: MemcachedServer },
    Database { _database: Database },
}

async fn redis() -> Backend {
    let server = RedisServer::start().await;
    let authority = server.authority();
    let setting = "tiers.redis.url=redis://{}".to_owned();
    Backend { name: "redis", setting, authority, _alive: Alive::Redis { _server: server } }
}

async fn memcached() -> Backend {
    let server = MemcachedServer::start().await;
    let authority = server.authority();
    let setting = "tiers.memcached.urls={}".to_owned();
    Backend { name: "memcached", setting, authority, _alive: Alive::Memcached { _server: server } }
}

fn sql(name: &'static str, database: Database) -> Backend {
    let authority = database.authority().to_owned();
    let setting = format!("tiers.{name}.url={}", database.url_through("{}"));
    Backend { name, setting, authority, _alive: Alive::Database { _database: database } }
}

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

fn spec(sim: &Sim, backend: &Backend, place: &str) -> GatewaySpec {
    GatewaySpec::before(sim)
        .set(&format!("tiers=memory,{}", backend.name))
        .set(&backend.setting.replace("{}", place))
        // Nothing ends while it is measured.
        .set("freshness.quotes=1h")
        // It keeps entries here; what happens when it counts has tests of its own.
        .set("shared.meter=off")
}

impl Between {
    async fn new(backend: Backend) -> Self {
        let sim = Sim::frozen().await;
        let proxy = Proxy::before(backend.authority.clone()).await;
        let gateway = spec(&sim, &backend, &proxy.authority()).start().await;
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
        let some = self.misses.split_off(self.misses.len().saturating_sub(24));
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
        for _ in 0..N_ROUNDS {
            well.push(self.window().await);
            self.proxy.set(fault).await;
            ill.push(self.window().await);
            self.proxy.heal().await;
        }
        well.sort();
        ill.sort();
        let (well, ill) = (well[N_ROUNDS / 2], ill[N_ROUNDS / 2]);
        println!("{} with {fault:?}: p99 of hits {ill:?}, healthy {well:?}", self.name);
        assert!(ill <= 2 * well.max(NOISE), "{} with {fault:?}: {ill:?}, {well:?}", self.name);
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

/// Entries that the store has taken.
async fn n_puts(client: &Client, tier: &str) -> f64 {
    let text = client.get("/metrics").await.text();
    let is_meant = |line: &&str| {
        line.starts_with("cmcache_tiers_puts_total{")
            && line.contains(&format!("tier=\"{tier}\""))
            && line.contains("outcome=\"done\"")
    };
    let line = text.lines().find(is_meant);
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
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
    survives_everything(sql("mysql", TestServers::mysql_database().await)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_may_freeze_break_or_crawl() {
    survives_everything(sql("postgres", TestServers::postgres_database().await)).await;
}

/// A second gateway reads what a first one has stored: how many round trips is a hundred coins?
async fn a_page_is_one_round_trip(backend: Backend) {
    let sim = Sim::frozen().await;
    let first = spec(&sim, &backend, &backend.authority).start().await;
    let coins = market::active(&sim).await;
    let page = |coins: &[market::Coin]| {
        let ids: Vec<String> = coins.iter().map(|coin| coin.id.to_string()).collect();
        format!("/v3/cryptocurrency/quotes/latest?id={}", ids.join(","))
    };
    let pages: Vec<String> = coins.chunks(PAGE).take(N_PAGES).map(page).collect();
    for target in &pages {
        assert_eq!(first.client().get(target).await.status, 200);
    }
    eventually_async("the store to have them", PATIENCE, || async {
        let n_stored = n_puts(&first.client(), backend.name).await;
        (n_stored >= STORED).then_some(())
    })
    .await;
    let proxy = Proxy::before(backend.authority.clone()).await;
    let patient = format!("tiers.{}.deadline=9s", backend.name);
    let second = spec(&sim, &backend, &proxy.authority()).set(&patient).start().await;
    // Connecting and preparing statements are round trips, too; later pages do without.
    let (early, late) = pages.split_at(N_PAGES / 2);
    for target in early {
        assert_eq!(second.client().get(target).await.status, 200);
    }
    proxy.set(Fault::Latency(ONE_WAY)).await;
    let mut least = Duration::MAX;
    for target in late {
        let since = stopwatch();
        let reply = second.client().get(target).await;
        least = least.min(since.elapsed());
        assert_eq!(reply.header("x-cmcache-cache"), Some("full"), "{}", reply.text());
    }
    // A pool may ask whether a connection lives after the answer; nobody waits for that.
    assert!(least >= 2 * ONE_WAY, "{}: it did not come from there", backend.name);
    assert!(least < 4 * ONE_WAY, "{}: {least:?} for a round trip of {ONE_WAY:?}", backend.name);
}

// Breaks: the price of a shared tier is paid a hundred times per page.

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_are_one_round_trip_to_redis() {
    a_page_is_one_round_trip(redis().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_are_one_round_trip_to_memcached() {
    a_page_is_one_round_trip(memcached().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_are_one_round_trip_to_mysql() {
    a_page_is_one_round_trip(sql("mysql", TestServers::mysql_database().await)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_are_one_round_trip_to_postgres() {
    a_page_is_one_round_trip(sql("postgres", TestServers::postgres_database().await)).await;
}
