//! They share a budget, which a Redis counts.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cmc_sim::Control;
use harness::{
    Client, Gateway, GatewaySpec, PATIENCE, RedisServer, Sim, ask_all, eventually_async,
};
use serde_json::Value;

/// What all of them may spend together.
const LIMIT: u64 = 100;
/// What is spent of it at least when more is wanted.
const SPENT_MIN: u64 = 99;
/// What each gateway spends before one of them is killed: one credit each.
const EACH: u64 = 15;
const N_EACH: usize = 15;
const N_ASKERS: usize = 8;

fn spec(sim: &Sim, redis: &RedisServer) -> GatewaySpec {
    GatewaySpec::before(sim)
        .set("tiers=memory,redis")
        // All of it is to be spent, the reserve for the unexpected included.
        .set("pace.mode=off")
        .set(&format!("tiers.redis.url={}", redis.url()))
        // A machine that runs other tests is slower than the default has patience.
        .set("tiers.redis.deadline=9s")
}

/// What nobody has asked for yet, and what nothing else brings along: one credit each.
fn targets(from: u64, n: u64) -> Vec<String> {
    let days = (from..from + n).map(|day| 1_700_000_000 + day * 86_400);
    days.map(|at| format!("/v1/cryptocurrency/listings/historical?date={at}&limit=1")).collect()
}

async fn n_answered(client: &Client, targets: &[String]) -> usize {
    let replies = ask_all(client, targets, N_ASKERS).await;
    replies.iter().flatten().filter(|reply| reply.status == 200).count()
}

/// Used and held of the month, as the gateway tells.
async fn month(client: &Client) -> (u64, u64) {
    let reply = client.get("/_cmcache/api/v1/credits").await;
    let told: Value = serde_json::from_slice(&reply.body).unwrap();
    (told["month"]["used"].as_u64().unwrap(), told["reserved"].as_u64().unwrap())
}

/// Waits until all of them tell the same: so much used, nothing held.
async fn until_told(clients: &[Client], used: impl Fn() -> u64 + Sync) {
    eventually_async("the same count everywhere", PATIENCE, || async {
        let mut told = Vec::new();
        for client in clients {
            told.push(month(client).await);
        }
        told.iter().all(|told| *told == (used(), 0)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_gateways_spend_one_budget_to_the_end_and_no_more_though_one_is_killed() {
    // Breaks: each instance spends a budget of its own; or a dead one takes its block along, or
    // what it had spent and not told is counted twice when it is back.
    let (sim, redis) = (Sim::frozen().await, RedisServer::start().await);
    let spec = || spec(&sim, &redis).set(&format!("budget.month={LIMIT}"));
    let mut gateways = Vec::new();
    for _ in 0..3 {
        gateways.push(spec().start().await);
    }
    let before = sim.bill().credits;
    let spent = || sim.bill().credits - before;
    for (n, gateway) in (0_u64..).zip(&gateways) {
        assert_eq!(n_answered(&gateway.client(), &targets(n * 100, EACH)).await, N_EACH);
    }
    let clients: Vec<Client> = gateways.iter().map(Gateway::client).collect();
    until_told(&clients, || 3 * EACH).await;
    // What upstream knows of before anybody here does.
    assert_eq!(n_answered(&clients[0], &targets(300, EACH)).await, N_EACH);
    let again = gateways.remove(0).kill();
    gateways.push(again.start().await);
    let clients: Vec<Client> = gateways.iter().map(Gateway::client).collect();
    let wanted = [targets(400, 60), targets(500, 60), targets(600, 60)];
    tokio::join!(
        n_answered(&clients[0], &wanted[0]),
        n_answered(&clients[1], &wanted[1]),
        n_answered(&clients[2], &wanted[2]),
    );
    // What one of them had left of a block comes back when nobody asks for it.
    eventually_async("all of the budget", PATIENCE, || async {
        n_answered(&clients[0], &targets(700 + spent() * 2, 2)).await;
        let spent = spent();
        assert!(spent <= LIMIT, "{spent} of {LIMIT} are billed");
        (spent >= SPENT_MIN).then_some(())
    })
    .await;
    until_told(&clients, spent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_death_of_the_store_that_counts_is_borne_as_the_policy_says() {
    // Breaks: paying ends with the store; or goes on without anybody counting.
    let (sim, mut redis) = (Sim::frozen().await, RedisServer::start().await);
    let spec = |policy: &str| spec(&sim, &redis).set("budget.month=1000").set(policy);
    let lease = spec("budget.lease=10").start().await;
    let closed = spec("budget.policy=closed").start().await;
    let open = spec("budget.policy=open").set("budget.lease=10").start().await;
    for (n, gateway) in (0_u64..).zip([&lease, &closed, &open]) {
        assert_eq!(n_answered(&gateway.client(), &targets(n * 10, 1)).await, 1);
    }
    redis.kill();
    sim.change(Control { latency_ms: Some(0), ..Control::default() });
    assert_eq!(n_answered(&closed.client(), &targets(100, 3)).await, 0, "nobody counts");
    assert_eq!(n_answered(&closed.client(), &targets(10, 1)).await, 1, "what is cached");
    let by_lease = n_answered(&lease.client(), &targets(200, 30)).await;
    assert!((3..=20).contains(&by_lease), "{by_lease}: what it had leased, and no more");
    assert_eq!(n_answered(&open.client(), &targets(300, 30)).await, 30, "at any price");
}
