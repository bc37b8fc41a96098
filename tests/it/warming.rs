//! Is what was warmed there when somebody asks, and bought once?

use harness::{Client, Gateway, GatewaySpec, PATIENCE, RedisServer, Sim, eventually_async};
use http::Method;
use serde_json::Value;

use crate::market;

const WARM: &str = "/_cmcache/api/v1/warm";
const POPULARITY: &str = "/_cmcache/api/v1/popularity";

async fn json(client: &Client, target: &str) -> Value {
    let reply = client.get(target).await;
    assert_eq!(reply.status, 200, "{target}: {}", reply.text());
    serde_json::from_slice(&reply.body).expect("JSON")
}

/// The last warming, once it has ended.
async fn warmed(client: &Client) -> Value {
    eventually_async("a warming that has ended", PATIENCE, || async {
        let last = json(client, WARM).await["last"].clone();
        let has_ended = ["done", "elsewhere"].iter().any(|state| last["state"] == *state);
        has_ended.then_some(last)
    })
    .await
}

/// A question for the first coins of the ranking.
async fn first(sim: &Sim, n: usize) -> String {
    let coins = market::active(sim).await;
    let ids: Vec<String> = coins.iter().take(n).map(|coin| coin.id.to_string()).collect();
    format!("/v3/cryptocurrency/quotes/latest?id={}", ids.join(","))
}

fn spec(sim: &Sim) -> GatewaySpec {
    GatewaySpec::before(sim).set("warm.coins=500").set("warm.by=rank")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_warmed_at_the_start_costs_no_askers_time_and_no_credit() {
    // Breaks: the first minutes after every start are slow, or warming is bought twice.
    let sim = Sim::frozen().await;
    let gateway = spec(&sim).start().await;
    let client = gateway.client();
    let last = warmed(&client).await;
    assert_eq!((last["state"].as_str(), last["chosen"].as_u64()), (Some("done"), Some(500)));
    assert_eq!(last["credits"].as_u64(), Some(2), "500 coins are two credits: {last}");
    assert_eq!(sim.bill().credits, 2);
    let reply = client.get(&first(&sim, 100).await).await;
    assert_eq!((reply.status, reply.header("x-cmcache-cache")), (200, Some("full")));
    assert_eq!(sim.bill().credits, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warming_that_is_too_dear_for_its_share_buys_nothing() {
    // Breaks: a start of a gateway whose plan is nearly gone takes the rest of it.
    let sim = Sim::frozen().await;
    let gateway = spec(&sim).set("budget.month=19").set("warm.share=0.1").start().await;
    let last = warmed(&gateway.client()).await;
    assert_eq!((last["credits"].as_u64(), last["left"].as_u64()), (Some(0), Some(500)), "{last}");
    assert_eq!(sim.bill().credits, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_share_a_store_warm_once_between_them() {
    // Breaks: each of them buys the same, at every start of a fleet.
    let (sim, redis) = (Sim::frozen().await, RedisServer::start().await);
    let spec = || {
        spec(&sim)
            .set("tiers=memory,redis")
            .set(&format!("tiers.redis.url={}", redis.url()))
            .set("tiers.redis.deadline=9s")
    };
    let (one, two) = tokio::join!(spec().start(), spec().start());
    let (one, two) = (one.client(), two.client());
    let states = [warmed(&one).await, warmed(&two).await];
    assert!(states.iter().any(|last| last["state"] == "done"), "{states:?}");
    assert_eq!(sim.bill().credits, 2, "{states:?}");
    let target = first(&sim, 100).await;
    for client in [&one, &two] {
        assert_eq!(client.get(&target).await.status, 200);
    }
    assert_eq!(sim.bill().credits, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_warms_a_running_gateway_and_tells_what_is_popular_there() {
    // Breaks: the command warms a cache of its own that nobody asks.
    let sim = Sim::frozen().await;
    let spec = GatewaySpec::before(&sim);
    let mut warm = spec.command(&["warm", "BTC,ETH", "--convert", "EUR", "--json"]);
    let mut popular = spec.command(&["popularity", "--json"]);
    let gateway: Gateway = spec.start().await;
    let client = gateway.client();
    let url = format!("http://{}", gateway.authority());
    let told = warm.args(["--url", &url]).output().expect("the command runs");
    let text = String::from_utf8_lossy(&told.stdout);
    let last: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (last["state"].as_str(), last["fetched"].as_u64()),
        (Some("done"), Some(2)),
        "{text}"
    );
    let reply = client.get("/v3/cryptocurrency/quotes/latest?id=1,1027&convert=EUR").await;
    assert_eq!((reply.status, reply.header("x-cmcache-cache")), (200, Some("full")));
    let shown = json(&client, POPULARITY).await;
    assert!(shown.as_array().expect("coins").iter().any(|row| row["id"] == 1), "{shown}");
    let told = popular.args(["--url", &url]).output().expect("the command runs");
    let rows: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    assert!(rows.as_array().is_some_and(|rows| !rows.is_empty()), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_order_is_refused_with_what_is_right() {
    // Breaks: a misspelt order warms something else, or nothing, and says nothing.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let client = gateway.client();
    for (body, says) in
        [(r#"{"coins":5,"by":"fame"}"#, "popularity"), (r#"{"coin":5}"#, "coins"), ("{}", "coins")]
    {
        let headers = [("X-Cmcache-Action", "warm"), ("Content-Type", "application/json")];
        let reply = client.request(Method::POST, WARM, &headers, body.into()).await.expect("sent");
        assert_eq!(reply.status, 400, "{body}: {}", reply.text());
        assert!(reply.text().contains(says), "{body}: {}", reply.text());
    }
    assert_eq!(sim.bill().credits, 0);
}
