//! How many calls does a crowd cost?

use cmc_sim::{Bill, Control};
use harness::{Gateway, GatewaySpec, Reply, Sim, ask_all_at_once, same_json};

use crate::market;

/// Slow enough that a crowd is in before the first reply is out.
const UPSTREAM_MS: u64 = 400;

async fn slow_sim() -> Sim {
    let sim = Sim::frozen().await;
    sim.change(Control { latency_ms: Some(UPSTREAM_MS), ..Control::default() });
    sim
}

/// Calls and credits of everything that delivers quotes.
fn spent_on_quotes(bill: &Bill) -> (u64, u64) {
    let paths = ["quotes/latest", "listings/latest", "simple/price"];
    let lines = bill.operations.iter().filter(|(path, _)| {
        !path.contains("global-metrics") && paths.iter().any(|part| path.contains(part))
    });
    lines.fold((0, 0), |sum, (_, line)| (sum.0 + line.calls, sum.1 + line.credits))
}

#[track_caller]
fn all_served(replies: &[Reply]) {
    for reply in replies {
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_askers_of_one_cold_coin_cost_one_call() {
    // Breaks: a popular coin that expires is paid for once per asker.
    let sim = slow_sim().await;
    let gateway = Gateway::before(&sim).await;
    let before = spent_on_quotes(&sim.bill());
    let target = "/v2/cryptocurrency/quotes/latest?id=1027".to_owned();
    let replies = ask_all_at_once(&gateway.client(), &vec![target; 500]).await;
    all_served(&replies);
    let expected = replies[0].data().expect("a served quote");
    for reply in &replies {
        same_json("two askers", &expected, &reply.data().unwrap());
    }
    let after = spent_on_quotes(&sim.bill());
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1), "calls and credits");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_and_fifty_cold_coins_at_once_cost_two_credits() {
    // Breaks: a restart under load costs a credit per coin instead of one per block.
    let sim = slow_sim().await;
    let coins = market::active(&sim).await;
    // Wide enough for a loaded machine to get 250 requests in.
    let spec = GatewaySpec::before(&sim).set("upstream.boarding_window=400ms");
    let gateway = spec.start().await;
    let before = spent_on_quotes(&sim.bill());
    // Far down the ranks, where no block filled for others could have brought them.
    let coins = &coins[coins.len() - 250..];
    let target = |id: u64| format!("/v3/cryptocurrency/quotes/latest?id={id}");
    let targets: Vec<String> = coins.iter().map(|coin| target(coin.id)).collect();
    let replies = ask_all_at_once(&gateway.client(), &targets).await;
    all_served(&replies);
    for (coin, reply) in coins.iter().zip(&replies) {
        let data = reply.data().expect("a served quote");
        assert!(data.contains(&format!("\"id\":{}", coin.id)), "{} got {data}", coin.id);
    }
    let after = spent_on_quotes(&sim.bill());
    // At an idle gateway the first one does not wait; the others share a call.
    let credits = after.1 - before.1;
    assert!(credits <= 2, "{credits} credits, in {} calls", after.0 - before.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asker_who_leaves_takes_nobodys_answer_along() {
    // Breaks: one impatient client makes everybody else pay, or wait, again.
    let sim = slow_sim().await;
    let gateway = Gateway::before(&sim).await;
    let before = spent_on_quotes(&sim.bill());
    let client = gateway.client();
    let target = "/v3/cryptocurrency/quotes/latest?id=5426";
    let hasty = std::time::Duration::from_millis(UPSTREAM_MS / 4);
    let left = tokio::time::timeout(hasty, client.try_get(target)).await;
    assert!(left.is_err(), "the first asker should have left before the reply");
    let reply = client.get(target).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(spent_on_quotes(&sim.bill()).0 - before.0, 1, "calls");
}
