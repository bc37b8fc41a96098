//! Does the gateway compose what the API would have answered?

pub(crate) mod queries;
mod words;

use futures_util::StreamExt;
use futures_util::stream;
use harness::{Client, Gateway, Reply, Sim, json_difference, setting};
use queries::Queries;

use crate::market;

/// Another seed, or more queries: `CMCACHE_SEED`, `CMCACHE_QUERIES`.
const SEED: u64 = 20_261_005;
const N_QUERIES: usize = 2_000;
/// Mismatches shown before the test gives up.
const SHOWN: usize = 8;
const N_ASKERS: usize = 8;

/// What a client sees of a reply that must be equal on both sides.
fn difference(ours: &Reply, theirs: &Reply) -> Option<String> {
    if ours.status != theirs.status {
        let (ours, theirs) = (ours.text(), theirs.text());
        let [ours, theirs] = [ours, theirs].map(|text| text.chars().take(400).collect::<String>());
        return Some(format!("HTTP status differs:\n    ours   {ours}\n    theirs {theirs}"));
    }
    let (mine, other) = match (ours.envelope(), theirs.envelope()) {
        (Ok(mine), Ok(other)) => (mine, other),
        (mine, other) => return Some(format!("envelope: {mine:?} is not {other:?}")),
    };
    let seen = |envelope: &harness::Envelope| {
        let harness::Envelope { code, is_code_text, message, total_count, .. } = envelope.clone();
        (code, is_code_text, message, total_count)
    };
    if seen(&mine) != seen(&other) {
        return Some(format!("{mine:?} is not {other:?}"));
    }
    match (ours.data(), theirs.data()) {
        (None, None) => None,
        (Some(ours), Some(theirs)) => json_difference(&ours, &theirs),
        (ours, _) => Some(format!("data only on one side (ours: {})", ours.is_some())),
    }
}

async fn check(gateway: &Client, sim: &Client, target: &str) -> Option<String> {
    let (ours, theirs) = tokio::join!(gateway.get(target), sim.get(target));
    difference(&ours, &theirs).map(|text| format!("GET {target}\n  {text}"))
}

async fn check_all(gateway: &Client, sim: &Client, targets: &[String]) -> Vec<String> {
    let found = stream::iter(targets)
        .map(|target| check(gateway, sim, target))
        .buffered(N_ASKERS)
        .filter_map(std::future::ready);
    found.take(SHOWN).collect().await
}

fn number(name: &str) -> Option<u64> {
    setting(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

#[tokio::test(flavor = "multi_thread")]
async fn composed_answers_equal_those_of_the_api() {
    // Breaks: a client would see other data, or other errors, than without the gateway.
    let seed = number("CMCACHE_SEED").unwrap_or(SEED);
    let n_queries = number("CMCACHE_QUERIES").map_or(N_QUERIES, |n| usize::try_from(n).unwrap());
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let mut queries = Queries::new(seed, market::coins(&sim).await);
    let targets: Vec<String> = (0..n_queries).map(|_| queries.next_target()).collect();
    let found = check_all(&gateway.client(), &sim.client(), &targets).await;
    assert!(found.is_empty(), "CMCACHE_SEED={seed}: differences:\n{}", found.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_follow_the_market_when_time_passes() {
    // Breaks: an old price would be sold as a new one.
    let sim = Sim::frozen().await;
    let gateway = harness::GatewaySpec::before(&sim).set("freshness.quotes=1s").start().await;
    let target = "/v3/cryptocurrency/quotes/latest?id=1&convert=USD,EUR";
    let (ours, theirs) = (gateway.client(), sim.client());
    assert_eq!(check(&ours, &theirs, target).await, None);
    sim.advance(std::time::Duration::from_secs(60));
    let what = "the price of the next minute";
    harness::eventually_async(what, harness::PATIENCE, || async {
        check(&ours, &theirs, target).await.is_none().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_questions_themselves_are_fair() {
    // Breaks: a property that asks only wrong questions, or the same one, proves nothing.
    let sim = Sim::frozen().await;
    let coins = market::coins(&sim).await;
    let mut queries = Queries::new(SEED, coins);
    let targets: Vec<String> = (0..400).map(|_| queries.next_target()).collect();
    let replies = harness::ask_all(&sim.client(), &targets, N_ASKERS).await;
    let n_served = replies.iter().flatten().filter(|reply| reply.status == 200).count();
    assert!((240..390).contains(&n_served), "{n_served} of 400 questions have an answer");
    let mut different = targets;
    different.sort_unstable();
    different.dedup();
    assert!(different.len() > 390, "{} questions differ", different.len());
    assert_eq!(check(&sim.client(), &sim.client(), &different[0]).await, None);
}
