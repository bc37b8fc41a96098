//! One call for all of them, whatever they share, and one more when its maker is killed.

use std::sync::Arc;
use std::time::Duration;

use harness::{
    Client, Gateway, GatewaySpec, MemcachedServer, PATIENCE, RedisServer, Reply, Sim, TestServers,
    ask_all_at_once, eventually_async,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{all_served, gateways, n_calls, slow, target};

/// Slow enough that a crowd is in before the first reply is out, on a busy machine, too, and quick
/// enough that a lease outlives a call that is not renewed in time there.
const UPSTREAM_MS: u64 = 2_000;
const N_GATEWAYS: usize = 3;
const COIN: u64 = 5_426;

/// Gateways before `sim` that share what `settings` name.
fn spec(sim: &Sim, tier: &str, settings: &[String]) -> GatewaySpec {
    let spec = GatewaySpec::before(sim)
        .set(&format!("tiers=memory,{tier}"))
        // A machine that runs other tests is slower than the default has patience.
        .set(&format!("tiers.{tier}.deadline=9s"));
    settings.iter().fold(spec, |spec, setting| spec.set(setting))
}

fn redis(sim: &Sim, server: &RedisServer) -> GatewaySpec {
    spec(sim, "redis", &[format!("tiers.redis.url={}", server.url())])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_askers_of_one_cold_coin_at_three_gateways_over_redis_cost_one_call() {
    // Breaks: every instance pays for what the others pay for at the same moment.
    let (sim, server) = (Sim::frozen().await, RedisServer::start().await);
    let gateways = gateways(N_GATEWAYS, || redis(&sim, &server)).await;
    slow(&sim, UPSTREAM_MS);
    let before = n_calls(&sim.bill());
    let clients: Vec<Client> = gateways.iter().map(Gateway::client).collect();
    let targets = vec![target(COIN); 334];
    let (one, two, three) = tokio::join!(
        ask_all_at_once(&clients[0], &targets),
        ask_all_at_once(&clients[1], &targets),
        ask_all_at_once(&clients[2], &targets),
    );
    for replies in [&one, &two, &three] {
        all_served(replies);
        assert_eq!(replies[0].data(), one[0].data(), "the same quote everywhere");
    }
    assert_eq!(n_calls(&sim.bill()) - before, 1, "calls");
}

/// An asker behind a balancer: who loses its gateway asks the next one, once.
async fn ask(client: Client, next: Client) -> (bool, Reply) {
    match client.try_get(&target(COIN)).await {
        Ok(reply) => (true, reply),
        Err(_) => (false, next.get(&target(COIN)).await),
    }
}

/// Askers spread over three gateways, the one that makes the call is killed while it makes it.
async fn a_killed_leader_costs_one_more_call(
    spec: impl Fn(&Sim) -> GatewaySpec + Send + Sync,
    n_askers: usize,
) {
    let sim = Sim::frozen().await;
    let mut gateways = gateways(N_GATEWAYS, || spec(&sim)).await;
    slow(&sim, UPSTREAM_MS);
    let before = n_calls(&sim.bill());
    let clients: Vec<Client> = gateways.iter().map(Gateway::client).collect();
    // All are connected before the first one asks.
    let barrier = Arc::new(Barrier::new(n_askers));
    let mut crowd = JoinSet::new();
    for n in 1..n_askers {
        let (client, next) = (clients[n % N_GATEWAYS].clone(), clients[1 + n % 2].clone());
        let barrier = Arc::clone(&barrier);
        crowd.spawn(async move {
            client.get("/livez").await;
            barrier.wait().await;
            (n % N_GATEWAYS, ask(client, next).await)
        });
    }
    let leader = gateways.remove(0);
    let killed = async {
        let mut first = JoinSet::new();
        first.spawn(ask(clients[0].clone(), clients[1].clone()));
        eventually_async("the leader's call", PATIENCE, || async {
            (n_calls(&sim.bill()) > before).then_some(())
        })
        .await;
        barrier.wait().await;
        tokio::time::sleep(Duration::from_millis(UPSTREAM_MS / 4)).await;
        drop(leader.kill());
        first.join_all().await.remove(0)
    };
    let (first, crowd) = tokio::join!(killed, crowd.join_all());
    assert!(!first.0, "its gateway was killed before it had an answer");
    for (gateway, (is_first_try, reply)) in &crowd {
        all_served(std::slice::from_ref(reply));
        assert!(*is_first_try || *gateway == 0, "only the killed one lost anybody");
    }
    all_served(&[first.1]);
    let n_calls = n_calls(&sim.bill()) - before;
    assert_eq!(n_calls, 2, "the one that was lost, and one more");
}

// Breaks: one crash, and everybody who waited elsewhere gets an error, or pays on their own.

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_killed_costs_one_more_call_and_no_answer_of_a_thousand_over_redis() {
    let server = RedisServer::start().await;
    a_killed_leader_costs_one_more_call(|sim| redis(sim, &server), 1_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_killed_costs_one_more_call_and_no_answer_over_memcached() {
    let server = MemcachedServer::start().await;
    let settings = [format!("tiers.memcached.urls={}", server.authority())];
    a_killed_leader_costs_one_more_call(|sim| spec(sim, "memcached", &settings), 90).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_killed_costs_one_more_call_and_no_answer_over_mysql() {
    let database = TestServers::mysql_database().await;
    let settings = [format!("tiers.mysql.url={}", database.url())];
    a_killed_leader_costs_one_more_call(|sim| spec(sim, "mysql", &settings), 90).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_killed_costs_one_more_call_and_no_answer_over_postgres() {
    let database = TestServers::postgres_database().await;
    let settings = [format!("tiers.postgres.url={}", database.url())];
    a_killed_leader_costs_one_more_call(|sim| spec(sim, "postgres", &settings), 90).await;
}
