//! Does the tariff know what a call costs before the API has said it?

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use cmc_api::{Call, Catalogue, HttpConfig, HttpUpstream, Operation, PriceRule, Query, Tariff};
use cmc_api::{Reply, Secret, Upstream};
use cmc_sim::Plan;
use harness::{setting, stopwatch};
use serde_json::Value;

use super::question::Question;
use super::valid::Writer;
use super::{Bench, SEED, operations};

/// Calls; `CMCACHE_CALLS` may say otherwise.
const N_CALLS: usize = 5_000;
/// How many times longer than needed lists and pages are: most are short, some cross batches.
const SCALES: [usize; 8] = [1, 1, 1, 1, 1, 1, 1, 30];
const SHOWN: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn the_tariff_knows_every_charge() {
    // Breaks: budgets would reserve too little, and the month would end early.
    let n_calls = setting("CMCACHE_CALLS").map_or(N_CALLS, |n| n.parse().expect("a number"));
    let bench = Bench::on(Plan::Enterprise).await;
    let mut asker = Asker::new(&bench);
    let is_priced = |it: &Arc<Operation>| it.billing.stated;
    let operations: Vec<_> = operations().into_iter().filter(is_priced).collect();
    let mut writer = Writer::new(SEED, &bench.subjects);
    let before = bench.sim.bill().credits;
    let (mut total, mut wrong) = (0, Vec::new());
    for turn in 0..n_calls {
        writer.scale = SCALES[writer.rng.usize(..SCALES.len())];
        let way = writer.rng.usize(..3);
        let question = writer.question(&operations[turn % operations.len()], way);
        let outcome = asker.ask(&question).await;
        total += outcome.charged;
        wrong.extend(outcome.problem.map(|problem| format!("{question}\n  {problem}")));
    }
    let shown: Vec<String> = wrong.iter().take(SHOWN).cloned().collect();
    println!("{} of {n_calls} charges foreseen, {total} credits", n_calls - wrong.len());
    assert!(wrong.is_empty(), "{} charges not foreseen:\n{}", wrong.len(), shown.join("\n"));
    assert_eq!(bench.sim.bill().credits - before, total, "the bill says otherwise");
}

/// The paid API, called as the engine calls it.
struct Asker {
    catalogue: Arc<Catalogue>,
    tariff: Tariff,
    upstream: HttpUpstream,
    /// What was bought of operations that charge for news only.
    bought: HashSet<String>,
}

struct Outcome {
    charged: u64,
    problem: Option<String>,
}

impl Asker {
    fn new(bench: &Bench) -> Self {
        let catalogue = Catalogue::embedded();
        let started = stopwatch();
        let mut config = HttpConfig::new(bench.sim.url(), Arc::new(move || started.elapsed()));
        config.key = Some(Secret::new(bench.sim.key()));
        let upstream = HttpUpstream::new(config).expect("a loopback address is an upstream");
        Self { tariff: Tariff::of(&catalogue), catalogue, upstream, bought: HashSet::new() }
    }

    async fn ask(&mut self, question: &Question) -> Outcome {
        let problem = |problem| Outcome { charged: 0, problem: Some(problem) };
        let (path, query) = question.target.split_once('?').unwrap_or((&question.target, ""));
        let body = question.body.clone().map_or_else(Bytes::new, Bytes::from);
        let method = question.method.as_str();
        let query = match Query::parse(&self.catalogue, method, path, query, body) {
            Ok(query) => query,
            Err(error) => return problem(format!("not asked: {error}")),
        };
        let call = Call::whole(&query).expect("a short question fits");
        match self.upstream.call(&call).await {
            Ok(reply) => self.compare(&call, &reply),
            Err(error) => problem(format!("no answer: {error:?}")),
        }
    }

    fn compare(&mut self, call: &Call, reply: &Reply) -> Outcome {
        let charged = reply.status.credit_count.get();
        let operation = call.operation();
        let data = serde_json::from_slice(&reply.data).expect("an answer has data");
        let n_items =
            if operation.billing.repeats_free { self.n_news(operation, &data) } else { None };
        let n_items = n_items.unwrap_or_else(|| n_items_of(operation, &data));
        let is_free = operation.billing.repeats_free && n_items == 0;
        let foreseen = self.tariff.price_parts(operation, n_items, call.n_converts()).get();
        let expected = if is_free { 0 } else { foreseen };
        let most = self.tariff.price(call).get();
        let problem = if charged != expected {
            Some(format!("charged {charged}, {expected} foreseen for {n_items} items"))
        } else if charged > most {
            Some(format!("charged {charged}, {most} reserved"))
        } else {
            None
        };
        Outcome { charged, problem }
    }

    /// Of an answer of which only the new is charged: how much was not bought before.
    fn n_news(&mut self, operation: &Operation, data: &Value) -> Option<u64> {
        let list = list_of(data)?;
        let contents = match operation.price {
            PriceRule::Item => list.to_vec(),
            _ => vec![list.into()],
        };
        let path = &operation.path;
        let texts = contents.into_iter().map(|content| format!("{path} {content}"));
        Some(texts.filter(|text| self.bought.insert(text.clone())).count() as u64)
    }
}

/// How many of what is charged for an answer holds.
fn n_items_of(operation: &Operation, data: &Value) -> u64 {
    let path = &*operation.path;
    let n = if path.contains("market-pairs") {
        n_under(data, "market_pairs")
    } else if path.ends_with("/quotes/historical") || path.ends_with("/ohlcv/historical") {
        n_under(data, "quotes")
    } else if path.ends_with("/category") {
        n_under(data, "coins")
    } else if path.starts_with("/v5/") {
        list_of(data).map_or(1, <[Value]>::len)
    } else {
        n_entries(data)
    };
    n as u64
}

/// The one list of an answer of v5.
fn list_of(data: &Value) -> Option<&[Value]> {
    data.as_object()?.values().find_map(Value::as_array).map(Vec::as_slice)
}

/// Elements of all lists of that name; such lists do not nest.
fn n_under(value: &Value, name: &str) -> usize {
    match value {
        Value::Object(members) => match members.get(name) {
            Some(Value::Array(elements)) => elements.len(),
            _ => members.values().map(|inner| n_under(inner, name)).sum(),
        },
        Value::Array(elements) => elements.iter().map(|inner| n_under(inner, name)).sum(),
        _ => 0,
    }
}

/// Elements of a list, or of a map from names to one or several.
fn n_entries(data: &Value) -> usize {
    match data {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => {
            members.values().map(|value| value.as_array().map_or(1, Vec::len)).sum()
        }
        _ => 1,
    }
}
