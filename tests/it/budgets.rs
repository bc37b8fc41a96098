//! Is every credit booked that was charged?

use cmc_sim::{Control, FailRate, FaultKind};
use harness::{
    Booked, Client, Gateway, GatewaySpec, Load, PATIENCE, Sim, ask_all, eventually_async,
};

use crate::market;
use crate::reading::queries::Queries;

/// Ends the waiting for a reply that never comes soon enough for a test.
const SHORT_TIMEOUT: &str = "upstream.timeout=700ms";
const N_ASKERS: usize = 24;

/// Faults after which both sides know that nothing was charged.
const CLEAR_FAULTS: [FaultKind; 6] = [
    FaultKind::Error500,
    FaultKind::Busy200,
    FaultKind::Html502,
    FaultKind::Empty503,
    FaultKind::Rate1008,
    FaultKind::Rate1011,
];

async fn load(sim: &Sim, client: &Client, n_queries: usize, seed: u64) {
    let mut queries = Queries::new(seed, market::coins(sim).await);
    let targets: Vec<String> = (0..n_queries).map(|_| queries.next_target()).collect();
    // Refused or failed, each answer counts: only the books are looked at.
    drop(ask_all(client, &targets, N_ASKERS).await);
}

/// Waits until the books agree with the bill; postings may be written behind the answer.
async fn books_agree(sim: &Sim, gateway: &Gateway) -> Booked {
    let client = gateway.client();
    let bill = sim.bill().credits;
    eventually_async(&format!("a ledger of {bill} credits"), PATIENCE, || async {
        let booked = Booked::of(&client).await;
        (booked.credits == sim.bill().credits).then_some(booked)
    })
    .await
}

fn faults(sim: &Sim, rate: f64, kinds: &[FaultKind]) {
    let fail_rate = Some(FailRate { rate, kinds: kinds.to_vec(), seed: 7 });
    sim.change(Control { fail_rate, ..Control::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn after_load_the_ledger_equals_the_bill() {
    // Breaks: the budget is guarded by numbers that drift from what is charged.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    load(&sim, &gateway.client(), 300, 11).await;
    let booked = books_agree(&sim, &gateway).await;
    assert!(booked.credits > 0, "the load spent nothing");
    assert_eq!(booked.assumed, 0, "no outcome was unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_faults_that_charge_nothing_the_ledger_equals_the_bill() {
    // Breaks: each bad minute of the API leaves the books a little more wrong.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    faults(&sim, 0.1, &CLEAR_FAULTS);
    load(&sim, &gateway.client(), 300, 12).await;
    faults(&sim, 0.0, &[]);
    let booked = books_agree(&sim, &gateway).await;
    assert_eq!(booked.assumed, 0, "no outcome was unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_faults_of_any_kind_the_ledger_is_the_bill_and_what_is_assumed() {
    // Breaks: a reply that was lost on its way is spent, and nobody knows.
    let sim = Sim::frozen().await;
    let gateway = GatewaySpec::before(&sim).set(SHORT_TIMEOUT).start().await;
    faults(&sim, 0.1, &[]);
    load(&sim, &gateway.client(), 300, 13).await;
    faults(&sim, 0.0, &[]);
    let client = gateway.client();
    let is_safe =
        |booked: Booked, bill: u64| (bill..=bill + booked.assumed).contains(&booked.credits);
    eventually_async("a ledger between bill and bill + assumed", PATIENCE, || async {
        is_safe(Booked::of(&client).await, sim.bill().credits).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_is_booked_as_spent() {
    // Breaks: the charge of a cut-off reply is missing from the books.
    let sim = Sim::frozen().await;
    let gateway = GatewaySpec::before(&sim).set(SHORT_TIMEOUT).start().await;
    faults(&sim, 1.0, &[FaultKind::Truncated]);
    let target = "/v3/cryptocurrency/quotes/latest?id=1";
    let reply = gateway.client().get(target).await;
    assert!(reply.envelope().unwrap().is_error(), "{}", reply.text());
    faults(&sim, 0.0, &[]);
    let booked = books_agree(&sim, &gateway).await;
    assert!(booked.assumed > 0, "a charge that nobody confirmed is marked as assumed");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_and_restart_the_ledger_is_not_below_the_bill() {
    // Breaks: a crash forgets what was spent, and the budget is spent twice.
    let sim = Sim::frozen().await;
    // Slow enough that the kill finds calls under way.
    sim.change(Control { latency_ms: Some(120), ..Control::default() });
    let gateway = Gateway::before(&sim).await;
    let client = gateway.client();
    let mut queries = Queries::new(14, market::coins(&sim).await);
    let spent = sim.bill().credits;
    let targets = (0..2_000).map(|_| queries.next_target()).collect();
    let load = Load::start(&client, targets, N_ASKERS);
    eventually_async("some spending", PATIENCE, || async {
        (sim.bill().credits >= spent + 10).then_some(())
    })
    .await;
    let again = gateway.kill();
    drop(load);
    let revived = again.start().await;
    let client = revived.client();
    let (booked, bill) = eventually_async("a ledger not below the bill", PATIENCE, || async {
        let booked = Booked::of(&client).await;
        let bill = sim.bill().credits;
        (booked.credits >= bill).then_some((booked, bill))
    })
    .await;
    assert!(booked.credits <= bill + booked.assumed, "{booked:?} over a bill of {bill}");
}
