//! `bench-scrape`: what a look at `/metrics` takes, with all series present.
//!
//! A gateway with three tiers answers for every operation of the catalogue, as far as a plain
//! question can be put to it: hits, misses and refusals. Then it is scraped, one scrape after the
//! other, as Prometheus does over HTTP, in rounds. The median of the quietest round counts: a noisy
//! neighbour can only add to it. The size of the page is told beside it, because time grows with
//! it: bytes, families, series.
//!
//! Goal: less than 5 ms. The exit code is 1 when it is missed, or when a metric of the reference
//! is not on the page that nothing but trouble would bring.
#![expect(clippy::print_stdout, reason = "a bench shows its result")]

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use cmc_api::Catalogue;
use harness::{
    Client, Exposition, Gateway, GatewaySpec, PATIENCE, RedisServer, Sim, eventually_async,
    exposition, stopwatch,
};

const GOAL: Duration = Duration::from_millis(5);
const N_ROUNDS: usize = 9;
const N_ROUNDS_QUICK: usize = 3;
const N_SCRAPES: usize = 25;
/// Questions that one operation or another answers; most refuse most of them, and refusals are
/// series, too.
const QUESTIONS: [&str; 8] = [
    "",
    "?id=1",
    "?id=1,1027&convert=EUR",
    "?symbol=BTC",
    "?slug=binance",
    "?id=270",
    "?amount=2&symbol=BTC",
    "?network_slug=ethereum",
];
/// The list that is written from the code.
const LIST: &str = include_str!("../../../docs/reference/metrics.md");
/// Those of parts that are not here, and those that only trouble brings.
const ABSENT: [&str; 10] = [
    "cmcache_memcached_",
    "cmcache_webhook_",
    "cmcache_pace_",
    "cmcache_otlp_",
    "cmcache_redis_unreadable_messages_total",
    "cmcache_api_retries_refused_total",
    "cmcache_api_retries_total",
    "cmcache_credits_price_deviations_total",
    "cmcache_credits_used_elsewhere",
    "cmcache_events_lost_total",
];

fn main() -> ExitCode {
    let is_quick = std::env::args().any(|word| word == "--quick");
    let n_rounds = if is_quick { N_ROUNDS_QUICK } else { N_ROUNDS };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.context("no runtime").and_then(|runtime| runtime.block_on(run(n_rounds))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            println!("bench-scrape: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(n_rounds: usize) -> Result<bool> {
    let (sim, redis) = (Sim::frozen().await, RedisServer::start().await);
    let spec = GatewaySpec::before(&sim).set("tiers=memory,redis,sqlite");
    let gateway = spec.set(&format!("tiers.redis.url={}", redis.url())).start().await;
    let client = gateway.client();
    ask_for_everything(&client).await;
    until_upkeep(&gateway).await?;

    let (mut took, mut medians, mut body) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..n_rounds {
        let mut round = Vec::with_capacity(N_SCRAPES);
        for _ in 0..N_SCRAPES {
            let since = stopwatch();
            let reply = client.get("/metrics").await;
            round.push(since.elapsed());
            ensure!(reply.status == 200, "/metrics: HTTP {}", reply.status);
            body = reply.body.to_vec();
        }
        round.sort_unstable();
        medians.push(round[N_SCRAPES / 2]);
        took.append(&mut round);
    }
    took.sort_unstable();
    let page = exposition(std::str::from_utf8(&body)?)?;
    let quietest = medians.into_iter().min().context("no round")?;
    let missing = missing(&page);
    println!("the page:   {}", size(&page, body.len()));
    println!("best:       {:>8.2?}", took[0]);
    println!("median:     {quietest:>8.2?}   of the quietest round; goal: less than {GOAL:?}");
    println!(
        "of all:     {:>8.2?}   99 of 100: {:.2?}",
        took[took.len() / 2],
        took[took.len() * 99 / 100]
    );
    if !missing.is_empty() {
        println!("not there:  {}", missing.join(", "));
    }
    Ok(quietest < GOAL && missing.is_empty())
}

/// Twice, so that there are hits of all that can be had.
async fn ask_for_everything(client: &Client) {
    let catalogue = Catalogue::embedded();
    for operation in catalogue.operations() {
        for question in QUESTIONS {
            for _ in 0..2 {
                // What it answers does not matter, nor whether it does.
                drop(client.try_get(&format!("{}{question}", operation.path)).await);
            }
        }
    }
}

/// Some gauges are set by the background only.
async fn until_upkeep(gateway: &Gateway) -> Result<()> {
    eventually_async("the first figures of the credits", PATIENCE, || async {
        let reply = gateway.client().get("/metrics").await;
        let page = exposition(std::str::from_utf8(&reply.body).ok()?).ok()?;
        page.contains_key("cmcache_credits_used").then_some(())
    })
    .await;
    Ok(())
}

fn size(page: &Exposition, n_bytes: usize) -> String {
    let n_series: usize = page.values().map(|family| family.samples.len()).sum();
    let calls = page.get("cmcache_api_call_seconds").into_iter().flat_map(|family| &family.samples);
    let operations: BTreeSet<_> = calls.filter_map(|call| call.labels.get("operation")).collect();
    format!(
        "{n_bytes} bytes, {} families, {n_series} series; calls of {} operations",
        page.len(),
        operations.len()
    )
}

/// What the reference lists and the page has nothing of.
fn missing(page: &Exposition) -> Vec<&'static str> {
    let names = LIST.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let is_absent = |name: &str| ABSENT.iter().any(|absent| name.starts_with(absent));
    let is_told = |name: &str| page.get(name).is_some_and(|family| !family.samples.is_empty());
    names.filter(|name| !is_absent(name) && !is_told(name)).collect()
}
