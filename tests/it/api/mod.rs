//! Does the gateway answer every operation of the catalogue as the API does?
//!
//! The questions are made of the catalogue; what the right answer is, the simulator says.

mod bill;
mod dex;
mod question;
mod subjects;
mod table;
mod unknown;
mod valid;
mod values;
mod wrong;

use std::sync::Arc;

use cmc_api::{Catalogue, Operation};
use cmc_sim::{Control, KeyControl, Plan};
use futures_util::StreamExt;
use futures_util::stream;
use harness::{Client, Gateway, KEY, Sim, setting};
use question::Question;
use subjects::Subjects;
use table::{Row, Table};
use valid::Writer;

const SEED: u64 = 20_261_106;
/// Valid questions to each operation: the first three differ most.
const N_TURNS: usize = 3;
const N_ASKERS: usize = 12;
const NO_LIMIT: u64 = 1_000_000_000;

/// The simulator, standing still, and the gateway before it.
struct Bench {
    sim: Sim,
    gateway: Gateway,
    subjects: Subjects,
}

impl Bench {
    /// The account is on `plan`, without limits to speak of.
    async fn on(plan: Plan) -> Self {
        let sim = Sim::frozen().await;
        // What there is to ask for does not depend on the plan, but only the largest sees it all.
        let subjects = Subjects::of(&sim).await;
        let key = KeyControl {
            key: KEY.to_owned(),
            plan: Some(plan),
            credits: Some(NO_LIMIT),
            rpm: Some(NO_LIMIT),
            ..KeyControl::default()
        };
        sim.change(Control { key: Some(key), reset_bill: true, ..Control::default() });
        let gateway = Gateway::before(&sim).await;
        Self { sim, gateway, subjects }
    }

    /// Asks both, one operation after the other, and writes down what differs.
    async fn table(&self, mut write: impl FnMut(&Operation) -> Vec<Question>) -> Table {
        let mut table = Table::default();
        for operation in operations() {
            let questions = write(&operation);
            let differences = self.differences(&questions).await;
            let operation = name(&operation);
            table.rows.push(Row { operation, n_asked: questions.len(), differences });
        }
        table
    }

    async fn differences(&self, questions: &[Question]) -> Vec<String> {
        let (ours, theirs) = (self.gateway.client(), self.sim.client());
        let asked = stream::iter(questions).map(|question| check(question, &ours, &theirs));
        asked.buffered(N_ASKERS).filter_map(std::future::ready).collect().await
    }
}

async fn check(question: &Question, ours: &Client, theirs: &Client) -> Option<String> {
    let (ours, theirs) = tokio::join!(question.ask(ours), question.ask(theirs));
    question.difference(&ours, &theirs).map(|text| format!("{question}\n  {text}"))
}

/// All of the catalogue, or those whose path contains `CMCACHE_API_ONLY`.
fn operations() -> Vec<Arc<Operation>> {
    let catalogue = Catalogue::embedded();
    let only = setting("CMCACHE_API_ONLY").unwrap_or_default();
    catalogue.operations().filter(|operation| operation.path.contains(&only)).cloned().collect()
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// Prints the table; every row must be equal.
#[expect(clippy::print_stdout, reason = "the table is what is asked for")]
fn conclude(title: &str, table: &Table) {
    let text = table.text(title);
    println!("{text}");
    let n_all = table.rows.len();
    assert_eq!(table.n_equal(), n_all, "{title}: operations differ, see above");
    let is_whole = setting("CMCACHE_API_ONLY").is_none();
    assert!(!is_whole || n_all == 110, "the catalogue lists {n_all} operations");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_the_api_does() {
    // Breaks: a client would see other data than without the gateway.
    let bench = Bench::on(Plan::Enterprise).await;
    let mut writer = Writer::new(SEED, &bench.subjects);
    let table = bench
        .table(|operation| (0..N_TURNS).map(|turn| writer.question(operation, turn)).collect())
        .await;
    conclude("valid questions", &table);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_refuses_as_the_api_does() {
    // Breaks: a client that reads error codes or messages would take another path.
    let bench = Bench::on(Plan::Enterprise).await;
    let mut writer = Writer::new(SEED, &bench.subjects);
    let table = bench.table(|operation| wrong::questions(&mut writer, operation)).await;
    conclude("wrong questions", &table);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_plan_meets_the_gates_of_the_api() {
    // Breaks: what the plan does not allow would fail otherwise, or look like an outage.
    let bench = Bench::on(Plan::Basic).await;
    let mut writer = Writer::new(SEED, &bench.subjects);
    // Of several currencies the gateway sells more than the plan: it buys them one by one.
    writer.n_converts_max = 1;
    let table = bench
        .table(|operation| (0..N_TURNS).map(|turn| writer.question(operation, turn)).collect())
        .await;
    conclude("on the free plan", &table);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_valid_questions_are_valid() {
    // Breaks: two refusals of a question that makes no sense would pass as equal answers.
    let bench = Bench::on(Plan::Enterprise).await;
    let mut writer = Writer::new(SEED, &bench.subjects);
    let mut refused = Vec::new();
    for operation in operations() {
        for turn in 0..N_TURNS {
            let question = writer.question(&operation, turn);
            let reply = question.ask(&bench.sim.client()).await;
            if reply.status != 200 || reply.data().is_none() {
                refused.push(format!("{question}\n    {}", reply.text()));
            }
        }
    }
    println!("{} valid questions are refused by the simulator", refused.len());
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
