//! Is what happens told, to whoever listens, once?

use std::net::SocketAddr;

use bytes::Bytes;
use cmc_sim::{Control, PriceRule};
use harness::{
    Booked, Client, Gateway, GatewaySpec, Listener, PATIENCE, Receiver, Sim, eventually_async,
    free_port,
};
use http::Method;
use serde_json::Value;

const EVENTS: &str = "/_cmcache/api/v1/events";
const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
const QUOTES: &str = "/v3/cryptocurrency/quotes/latest";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn flat(path: &str, credits: u64) -> Control {
    let rule = serde_json::json!({ "path": path, "flat": credits });
    let price_rule: PriceRule = serde_json::from_value(rule).expect("a rule");
    Control { price_rule: Some(price_rule), ..Control::default() }
}

/// Asks for the newest until an answer was paid for: clocks are coarse.
async fn paid(client: &Client, target: &str) {
    eventually_async("an answer that is not cached", PATIENCE, || async {
        let headers = [("Cache-Control", "no-cache")];
        let reply = client.request(Method::GET, target, &headers, Bytes::new()).await;
        (reply.expect("a reply").headers["x-cmcache-credits"] != "0").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_charges_are_told_as_they_happen_and_can_be_read_again() {
    // A dashboard shows what it hears, and hears on after its connection broke.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let filter = format!("{EVENTS}?kind=credit_consumed");
    let mut live = Listener::open(gateway.authority(), &filter, "").await;
    gateway.client().get(GLOBAL).await;
    let first = live.next().await.unwrap();
    assert_eq!(
        (first.event.as_str(), &first.data["kind"]),
        ("credit_consumed", &"credit_consumed".into())
    );
    assert_eq!(
        (&first.data["told"]["operation"], &first.data["told"]["credits"]),
        (&GLOBAL.into(), &1.into())
    );
    drop(live);
    gateway.client().get("/v1/fiat/map").await;
    let last = format!("Last-Event-ID: {}\r\n", first.id);
    let mut again = Listener::open(gateway.authority(), &filter, &last).await;
    let second = again.next().await.unwrap();
    assert_eq!(second.data["told"]["operation"], "/v1/fiat/map");
    assert_eq!(gateway.client().get(&format!("{EVENTS}?kind=x")).await.status, 400);
    // A drain does not wait for those who listen for ever.
    gateway.terminate();
    assert!(again.next().await.is_none());
    let (status, printed, _) = gateway.ended().await;
    assert!(status.success(), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_prices_change_the_next_reservation_is_right_and_it_is_told_once() {
    // A tariff that is too low spends beyond the budget, call after call.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let client = gateway.client();
    let drifts = format!("{EVENTS}?kind=price_drift&replay=true");
    let price = async || {
        let headers = [("X-Cmcache-Dry-Run", "true")];
        let reply = client.request(Method::GET, GLOBAL, &headers, Bytes::new()).await.unwrap();
        let reply: Value = serde_json::from_slice(&reply.body).unwrap();
        reply["data"]["credits_without_cache"].as_u64().unwrap()
    };
    paid(&client, GLOBAL).await;
    assert_eq!(price().await, 1);
    sim.change(flat(GLOBAL, 4));
    paid(&client, GLOBAL).await;
    assert_eq!(price().await, 4, "after one call, the next reservation is right");
    for _ in 0..3 {
        paid(&client, GLOBAL).await;
    }
    eventually_async("books that equal the bill", PATIENCE, || async {
        (Booked::of(&client).await.credits == sim.bill().credits).then_some(())
    })
    .await;
    let mut told = Listener::open(gateway.authority(), &drifts, "").await;
    let first = told.next().await.unwrap();
    assert_eq!(
        (&first.data["told"]["price"], &first.data["told"]["charged"]),
        (&1.into(), &4.into())
    );
    // The rule outlives the process: after a kill nothing has to be learned again.
    let revived = gateway.kill().start().await;
    let client = revived.client();
    paid(&client, GLOBAL).await;
    let all = format!("{EVENTS}?kind=price_drift,credit_consumed&replay=true");
    let mut told = Listener::open(revived.authority(), &all, "").await;
    assert_eq!(told.next().await.unwrap().event, "credit_consumed");
    revived.terminate();
    while let Some(event) = told.next().await {
        assert_ne!(event.event, "price_drift", "it is no news any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_reaches_a_receiver_that_was_away_once_and_signed_even_after_a_kill() {
    // The alert for which all this is done.
    let sim = Sim::frozen().await;
    let at: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    let spec = GatewaySpec::before(&sim)
        .set("budget.month=100")
        .set("webhook.events=credit_warning")
        .set(&format!("webhook.url=http://{at}/alerts"))
        .set(&format!("webhook.secret={SECRET}"));
    let gateway = spec.start().await;
    let levels = format!("{EVENTS}?kind=credit_warning&replay=true");
    // Dearer than anybody foresaw: three fifths of the month are gone at once.
    sim.change(flat(GLOBAL, 60));
    gateway.client().get(GLOBAL).await;
    let mut told = Listener::open(gateway.authority(), &levels, "").await;
    let event = told.next().await.unwrap();
    assert_eq!(event.data["told"]["level"], 50);
    let id = event.data["id"].as_str().unwrap().to_owned();
    let revived = gateway.kill().start().await;
    let receiver = Receiver::at(at).await;
    let received = eventually_async("the letter", PATIENCE, || async {
        Some(receiver.received()).filter(|received| !received.is_empty())
    })
    .await;
    assert_eq!(received[0].headers["webhook-id"], id.as_str());
    assert!(received[0].headers["webhook-signature"].to_str().unwrap().starts_with("v1,"));
    let test =
        revived.spec().command(&["alerts", "test", "--set", &format!("webhook.url=http://{at}/")]);
    let output = { test }.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("thanks"), "{said} {output:?}");
    assert_eq!(receiver.received().len(), 2, "the alert once, and the trial");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_gets_smaller_is_found_from_one_charge() {
    // The largest calls are those whose price changes most.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    for path in [QUOTES, "/v3/cryptocurrency/listings/latest"] {
        let rule = serde_json::json!({ "path": path, "per": 100 });
        let price_rule = Some(serde_json::from_value(rule).unwrap());
        sim.change(Control { price_rule, ..Control::default() });
    }
    let client = gateway.client();
    // The rest of the block is filled with other coins, once the map is known.
    client.get("/v2/cryptocurrency/quotes/latest?symbol=BTC,ETH").await;
    let drifts = format!("{EVENTS}?kind=price_drift&replay=true");
    let mut told = Listener::open(gateway.authority(), &drifts, "").await;
    let first = told.next().await.unwrap();
    let after = first.data["told"]["rule_after"].as_str().unwrap().to_owned();
    assert!(after.starts_with("1 per 100 items"), "{after}");
    eventually_async("books that equal the bill", PATIENCE, || async {
        (Booked::of(&client).await.credits == sim.bill().credits).then_some(())
    })
    .await;
}
