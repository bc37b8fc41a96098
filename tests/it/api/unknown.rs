//! What the API says beyond its documentation: does it reach the client, byte by byte?

use cmc_api::{Family, Operation};
use futures_util::StreamExt;
use futures_util::stream;
use harness::{GatewaySpec, Seasoned, Sim};

use super::subjects::Subjects;
use super::valid::Writer;
use super::{N_ASKERS, SEED, check, operations};

/// Questions to each operation.
const N_TURNS: usize = 6;
const SHOWN: usize = 10;

/// Whether the gateway passes the objects of upstream on. What it writes itself, field by field
/// (prices alone, a conversion, the state of a key), holds what is documented and nothing else.
fn is_passed_on(operation: &Operation) -> bool {
    !matches!(operation.family, Family::SimplePrice(_) | Family::Conversion(_) | Family::KeyInfo)
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_members_and_odd_numbers_arrive_unchanged() {
    // Breaks: a field that the API adds tomorrow would be missing until the next release.
    let sim = Sim::frozen().await;
    let subjects = Subjects::of(&sim).await;
    let upstream = Seasoned::before(&sim).await;
    let gateway = GatewaySpec::before_url(upstream.url(), sim.key()).start().await;
    let mut writer = Writer::new(SEED, &subjects);
    let mut questions = Vec::new();
    let asked = operations().into_iter().filter(|it| is_passed_on(it));
    for operation in asked {
        questions.extend((0..N_TURNS).map(|turn| writer.question(&operation, turn)));
    }
    let (ours, theirs) = (gateway.client(), upstream.client());
    let reply = questions[0].ask(&theirs).await;
    assert!(reply.text().contains("x_odd"), "the upstream adds nothing: {}", reply.text());
    let checks = stream::iter(&questions).map(|question| check(question, &ours, &theirs));
    let found = checks.buffered(N_ASKERS).filter_map(std::future::ready);
    let found: Vec<String> = found.collect().await;
    let shown: Vec<String> = found.iter().take(SHOWN).cloned().collect();
    println!("{} of {} answers unchanged", questions.len() - found.len(), questions.len());
    assert!(found.is_empty(), "{} answers changed:\n{}", found.len(), shown.join("\n\n"));
}
