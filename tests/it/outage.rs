//! What still works when the API does not?

use std::time::Duration;

use harness::{Client, Gateway, GatewaySpec, PATIENCE, Reply, Sim, eventually_async, stopwatch};

use crate::market;

const CACHED: &str = "/v2/cryptocurrency/quotes/latest?id=1";
/// Entries go stale soon, and the dead API is noticed soon.
const SOON: [&str; 2] = ["freshness.quotes=1s", "upstream.timeout=500ms"];

/// A gateway that has served [`CACHED`], the reply, and an id that it has never heard of.
async fn warmed() -> (Sim, Gateway, Reply, u64) {
    let sim = Sim::frozen().await;
    let coins = market::active(&sim).await;
    let spec = SOON.iter().fold(GatewaySpec::before(&sim), |spec, setting| spec.set(setting));
    let gateway = spec.start().await;
    let first = gateway.client().get(CACHED).await;
    assert_eq!(first.status, 200, "{}", first.text());
    // So far down that no block filled for others has brought it.
    let unseen = coins[coins.len() - 1].id;
    (sim, gateway, first, unseen)
}

async fn stale(client: &Client) -> Reply {
    eventually_async("a stale answer", PATIENCE, || async {
        let reply = client.get(CACHED).await;
        assert_eq!(reply.status, 200, "a usable answer existed: {}", reply.text());
        (reply.header("x-cmcache-cache") == Some("stale")).then_some(reply)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cached_coin_is_served_with_its_true_age_and_a_stale_marker() {
    // Breaks: an outage of the API becomes an outage of everybody, or old prices look new.
    let (sim, gateway, first, _) = warmed().await;
    let since_first = stopwatch();
    sim.stop().await;
    let client = gateway.client();
    let reply = stale(&client).await;
    assert_eq!(reply.data(), first.data(), "stale, but what the API last said");
    assert!(reply.header("cache-status").is_some_and(|text| text.contains("stale")));
    // An age is whole seconds; the entry is at least as old as its first answer.
    let older = eventually_async("an age of three seconds", PATIENCE, || async {
        let reply = client.get(CACHED).await;
        reply.age().filter(|age| age.as_secs() >= 3)
    })
    .await;
    let elapsed = since_first.elapsed();
    let tolerated = Duration::from_secs(2);
    assert!(older <= elapsed + tolerated, "claims {older:?}, was fetched {elapsed:?} ago");
    assert!(older + tolerated >= elapsed, "claims {older:?}, was fetched {elapsed:?} ago");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_stays_ready_while_it_can_serve() {
    // Breaks: a balancer takes every gateway out at the moment when they are needed most.
    let (sim, gateway, _, _) = warmed().await;
    sim.stop().await;
    let client = gateway.client();
    stale(&client).await;
    for path in ["/livez", "/readyz"] {
        let reply = client.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coin_never_seen_gets_a_clear_error() {
    // Breaks: a client hangs, or parses a page that is no envelope.
    let (sim, gateway, _, unseen) = warmed().await;
    sim.stop().await;
    let client = gateway.client();
    for version in ["v1", "v2", "v3"] {
        let target = format!("/{version}/cryptocurrency/quotes/latest?id={unseen}");
        let reply = client.get(&target).await;
        assert!((500..600).contains(&reply.status), "HTTP {}: {}", reply.status, reply.text());
        let envelope = reply.envelope().unwrap();
        assert!(envelope.is_error(), "{envelope:?}");
        assert_eq!(envelope.credits, 0, "nothing was charged");
        assert_eq!(envelope.is_code_text, version == "v3", "the code in the style of {version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_fresh_again_when_the_api_is_back() {
    // Breaks: after an outage the gateway would stay behind the breaker for good.
    let (sim, gateway, _, _) = warmed().await;
    let broken =
        Some(cmc_sim::FailRate { rate: 1.0, kinds: vec![cmc_sim::FaultKind::Empty503], seed: 1 });
    sim.change(cmc_sim::Control { fail_rate: broken, ..cmc_sim::Control::default() });
    let client = gateway.client();
    stale(&client).await;
    let healed = Some(cmc_sim::FailRate { rate: 0.0, kinds: Vec::new(), seed: 1 });
    sim.change(cmc_sim::Control { fail_rate: healed, ..cmc_sim::Control::default() });
    eventually_async("a fresh answer", 3 * PATIENCE, || async {
        let reply = client.get(CACHED).await;
        (reply.header("x-cmcache-cache") != Some("stale")).then_some(())
    })
    .await;
}
