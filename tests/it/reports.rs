//! Do the reports tell what was charged and what was answered?

use std::collections::BTreeMap;

use bytes::Bytes;
use cmc_sim::Bill;
use harness::{Client, Gateway, PATIENCE, Reply, Sim, ask_all, eventually_async};
use http::Method;
use serde_json::Value;

use crate::market;
use crate::reading::queries::Queries;

const REPORT: &str = "/_cmcache/api/v1/report";
const LEDGER: &str = "/_cmcache/api/v1/ledger";

async fn load(sim: &Sim, client: &Client, n_queries: usize, seed: u64) -> Vec<Reply> {
    let mut queries = Queries::new(seed, market::coins(sim).await);
    let targets: Vec<String> = (0..n_queries).map(|_| queries.next_target()).collect();
    let replies = ask_all(client, &targets, 8).await;
    replies.into_iter().map(Result::unwrap).collect()
}

async fn json(client: &Client, target: &str) -> Value {
    let reply = client.get(target).await;
    assert_eq!(reply.status, 200, "{target}: {}", reply.text());
    serde_json::from_slice(&reply.body).expect("JSON")
}

/// Waits until the report has the bill; what was booked behind an answer may come later.
async fn settled(sim: &Sim, client: &Client) -> (Value, Bill) {
    eventually_async("a report that equals the bill", PATIENCE, || async {
        let report = json(client, &format!("{REPORT}?since=1h")).await;
        let bill = sim.bill();
        (report["sum"]["credits"] == bill.credits).then_some((report, bill))
    })
    .await
}

fn sum_of(report: &Value, figure: &str) -> u64 {
    let lines = report["lines"].as_array().expect("lines");
    lines.iter().map(|line| line[figure].as_u64().expect("a whole number")).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_grouping_of_a_report_equals_the_bill_and_the_answers() {
    // Breaks: the report flatters, or two reports of the same hours disagree.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let client = gateway.client();
    let replies = load(&sim, &client, 300, 21).await;
    let (report, bill) = settled(&sim, &client).await;
    let mut states = BTreeMap::<&str, u64>::new();
    for reply in &replies {
        *states.entry(reply.header("x-cmcache-cache").unwrap_or("failed")).or_default() += 1;
    }
    let sum = &report["sum"];
    for state in ["full", "partial", "cold", "stale"] {
        let answered = states.get(state).copied().unwrap_or(0);
        assert!(sum[state] == answered, "{state}: {answered} of {sum}");
    }
    // What is no question of the API is refused before anything is looked up, and not counted.
    assert!(sum["failed"].as_u64() <= states.get("failed").copied(), "{sum}");
    let told = |reply: &Reply| reply.header("x-cmcache-credits")?.parse::<u64>().ok();
    let charged: u64 = replies.iter().filter_map(told).sum();
    assert_eq!(sum["charged"], charged, "what answers say they cost is what is told of them");
    assert!(sum["worth"].as_u64() > sum["credits"].as_u64(), "a cache saves: {sum}");
    for by in ["operation", "day", "hour"] {
        let lines = json(&client, &format!("{REPORT}?since=1h&by={by}")).await;
        assert_eq!(sum_of(&lines, "credits"), bill.credits, "{by}");
        assert_eq!(sum_of(&lines, "full"), sum["full"].as_u64().unwrap(), "{by}");
        assert_eq!(lines["sum"], report["sum"], "{by}");
    }
    let csv = client.get(&format!("{REPORT}?since=1h&format=csv")).await;
    assert!(csv.header("content-type").unwrap().starts_with("text/csv"), "{:?}", csv.headers);
    let last = csv.text().trim_end().lines().last().unwrap().to_owned();
    assert!(last.starts_with(&format!(",{},", bill.credits)), "{last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_read_page_by_page_without_a_gap() {
    // Breaks: an auditor who pages misses a charge, or counts one twice.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let client = gateway.client();
    load(&sim, &client, 60, 22).await;
    let (_, bill) = settled(&sim, &client).await;
    let (mut charged, mut ids, mut after) = (0, Vec::new(), String::new());
    loop {
        let reply = client.get(&format!("{LEDGER}?limit=7{after}")).await;
        let page: Vec<Value> = serde_json::from_slice(&reply.body).unwrap();
        assert!(page.len() <= 7);
        for posting in page {
            charged += posting["charged"].as_u64().unwrap();
            ids.push(posting["id"].as_str().unwrap().to_owned());
        }
        match reply.header("x-cmcache-next") {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let n_all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((charged, ids.len()), (bill.credits, n_all));
    let csv = client.get(&format!("{LEDGER}?limit=1000&format=csv")).await.text();
    assert_eq!(csv.lines().count(), n_all + 1, "a heading and every posting");
    let refused = client.get(&format!("{LEDGER}?limt=7")).await;
    assert_eq!(refused.status, 400, "a typo must not list everything: {}", refused.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn waste_that_was_planted_is_found_and_the_books_tell_it_without_a_gateway() {
    // Breaks: whoever polls faster than the market moves never learns of it.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let client = gateway.client();
    let target = "/v1/global-metrics/quotes/latest";
    for _ in 0..5 {
        let asked = [("cache-control", "no-cache")];
        let reply = client.request(Method::GET, target, &asked, Bytes::new()).await;
        assert_eq!(reply.unwrap().status, 200);
    }
    let (report, bill) = settled(&sim, &client).await;
    assert_eq!(bill.credits, 5);
    // Within moments of the first, each of the other four bought what was known.
    let early = report["wasted"]["below_cadence"].as_f64().unwrap();
    assert!((3.0..=4.0).contains(&early), "{report}");
    let guide = json(&client, &format!("{REPORT}/guide?since=1h")).await;
    let row = &guide["efficiency"][0];
    assert_eq!((row["endpoint"].as_str(), row["total_credits"].as_u64()), (Some(target), Some(5)));
    assert_eq!(row["cache_hit_rate"].as_f64(), Some(0.0));
    assert_eq!(row["avg_credits_per_request"].as_f64(), Some(1.0));
    // No hits, one credit each: 0.3 * 80, and the speed.
    let speed = (100.0 - row["avg_response_time"].as_f64().unwrap() / 50.0).max(0.0);
    let score = row["efficiency_score"].as_f64().unwrap();
    assert!((score - (24.0 + 0.2 * speed)).abs() < 0.001, "{row}");

    gateway.terminate();
    let (ended, _, spec) = gateway.ended().await;
    assert!(ended.success());
    let at = ["--json", "--set", "listen=127.0.0.1:9"];
    let folder = spec.folder().to_str().unwrap().to_owned();
    let at = [&["credits", "report", "--since", "1h", "--data-dir", &folder], &at[..]].concat();
    let mut command = spec.command(&at);
    command.args(["--upstream", &sim.url()]);
    let read = command.output();
    let read = read.unwrap();
    let told: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(told["sum"]["credits"], 5, "{}", String::from_utf8_lossy(&read.stderr));
    assert_eq!(told["sum"]["cold"], report["sum"]["cold"]);
    assert_eq!(told["wasted"], report["wasted"]);
    let record = std::fs::read_dir(spec.folder().join("demand"));
    let record = record.unwrap_or_else(|error| panic!("{:?}: {error}", spec.folder()));
    assert_eq!(record.count(), 1, "what was asked is on record");
}
