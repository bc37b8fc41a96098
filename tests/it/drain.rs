//! What happens to those who are being served when the gateway is told to stop?

use cmc_sim::Control;
use harness::{Booked, Gateway, Load, PATIENCE, Sim, eventually, eventually_async, unread_bytes};
use tokio::task::JoinSet;

use crate::market;

/// Far longer than it takes to send a signal, far shorter than the grace.
const UPSTREAM_MS: u64 = 1_500;
const N_ASKERS: usize = 64;

async fn slow(sim: &Sim) -> Gateway {
    let gateway = Gateway::before(sim).await;
    sim.change(Control { latency_ms: Some(UPSTREAM_MS), ..Control::default() });
    gateway
}

/// The books of the same folder, opened again, against the bill.
async fn books_after(sim: &Sim, again: harness::GatewaySpec) {
    sim.change(Control { latency_ms: Some(0), ..Control::default() });
    let bill = sim.bill().credits;
    assert!(bill > 0, "nothing was spent: nothing was tested");
    let revived = again.start().await;
    let client = revived.client();
    eventually_async("books that equal the bill", PATIENCE, || async {
        let booked = Booked::of(&client).await;
        (booked.credits == sim.bill().credits && booked.assumed == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_that_was_read_is_answered_before_the_end() {
    // Breaks: each deployment costs some clients their answer, and some credits their posting.
    let sim = Sim::frozen().await;
    let coins = market::active(&sim).await;
    let gateway = slow(&sim).await;
    let served_before = sim.bill().calls;
    let mut askers = JoinSet::new();
    for coin in &coins[coins.len() - N_ASKERS..] {
        let target = format!("/v3/cryptocurrency/quotes/latest?id={}", coin.id);
        let client = gateway.client();
        askers.spawn(async move { client.try_get(&target).await });
    }
    // Upstream is being asked, and no byte of any request is left in the kernel.
    eventually("the slow call", PATIENCE, || (sim.bill().calls > served_before).then_some(()))
        .await;
    eventually("all requests read", PATIENCE, || (unread_bytes(gateway.port()) == 0).then_some(()))
        .await;
    gateway.terminate();
    let replies = askers.join_all().await;
    assert_eq!(replies.len(), N_ASKERS);
    for reply in replies {
        let reply = reply.expect("a request that was read is answered");
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let (status, printed, again) = gateway.ended().await;
    assert_eq!(status.code(), Some(0), "{printed}");
    books_after(&sim, again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_no_answer_is_cut_and_nothing_is_unbooked() {
    // Breaks: half an answer, which a client may take for a whole one; or a lost posting.
    let sim = Sim::frozen().await;
    let coins = market::active(&sim).await;
    let gateway = Gateway::before(&sim).await;
    sim.change(Control { latency_ms: Some(80), ..Control::default() });
    let target = |id: u64| format!("/v2/cryptocurrency/quotes/latest?id={id}");
    let targets = coins.iter().rev().map(|coin| target(coin.id)).collect();
    let spent = sim.bill().credits;
    let load = Load::start(&gateway.client(), targets, N_ASKERS);
    eventually("spending", PATIENCE, || (sim.bill().credits >= spent + 3).then_some(())).await;
    gateway.terminate();
    let (status, printed, again) = gateway.ended().await;
    assert_eq!(status.code(), Some(0), "{printed}");
    let replies = load.finish().await;
    let n_whole = replies.iter().flatten().filter(|reply| reply.status == 200).count();
    assert!(n_whole > 0, "no request was answered at all");
    for error in replies.iter().filter_map(|reply| reply.as_ref().err()) {
        let text = format!("{error:#}");
        assert!(text.starts_with("no head of a reply"), "an answer was cut: {text}");
    }
    books_after(&sim, again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stops_takes_no_new_clients() {
    // Breaks: a balancer keeps sending clients to a gateway that is going away.
    let sim = Sim::frozen().await;
    let gateway = slow(&sim).await;
    let client = gateway.client();
    let served_before = sim.bill().calls;
    let mut asker = JoinSet::new();
    asker.spawn(async move { client.try_get("/v3/cryptocurrency/quotes/latest?id=1").await });
    eventually("the slow call", PATIENCE, || (sim.bill().calls > served_before).then_some(()))
        .await;
    gateway.terminate();
    let stranger = harness::Client::new(format!("http://{}", gateway.authority()), None);
    eventually_async("a closed listener", PATIENCE, || async {
        stranger.try_get("/livez").await.err().map(drop)
    })
    .await;
    let first = asker.join_next().await.expect("one asker").expect("it does not panic");
    assert_eq!(first.expect("it was accepted before").status, 200);
    let (status, printed, _) = gateway.ended().await;
    assert_eq!(status.code(), Some(0), "{printed}");
}
