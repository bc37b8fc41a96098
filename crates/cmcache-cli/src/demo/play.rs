//! Plays the demand against the gateway, over HTTP, as clients would.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use cmcache::{
    clock::Stopwatch,
    cmc_api::{
        Reply,
        json::{self, Elements, Members},
    },
    monitor::{Monitor, MonitorConfig},
};

use super::{
    demand::{Coin, Demand},
    models::Models,
};

/// Clients that ask at once.
const CLIENTS: u64 = 12;
/// What each of them waits between two requests.
const PAUSE: Duration = Duration::from_millis(24);
/// Coins that are asked at all.
const COINS: usize = 2_000;
/// The maximum age of quotes, ours and that of the URL cache we compare with.
const TTL: Duration = Duration::from_secs(60);

/// What happened.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) elapsed: Duration,
    pub(crate) counts: Counts,
    pub(crate) latencies: Monitor,
    pub(crate) models: Models,
}

/// Requests by how much of their answer was cached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) full: u64,
    pub(crate) partial: u64,
    pub(crate) cold: u64,
    pub(crate) stale: u64,
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) const fn served(&self) -> u64 {
        self.full + self.partial + self.cold + self.stale
    }
}

/// What the clients share.
struct Stage {
    base: String,
    http: reqwest::Client,
    clock: Stopwatch,
    length: Duration,
    latencies: Monitor,
    counts: Mutex<Counts>,
    models: Mutex<Models>,
    n_asked: Arc<AtomicU64>,
}

/// Plays for `length` against the gateway at `base`; `n_asked` counts along.
///
/// # Errors
///
/// The gateway cannot be reached at all.
pub(crate) async fn play(
    base: &str,
    length: Duration,
    n_asked: Arc<AtomicU64>,
) -> anyhow::Result<Played> {
    let http = reqwest::Client::builder().no_proxy().build().context("an HTTP client")?;
    let coins = coins(&http, base).await?;
    let stage = Arc::new(Stage {
        base: base.to_owned(),
        http,
        clock: Stopwatch::start(),
        length,
        latencies: Monitor::new(MonitorConfig::default()),
        counts: Mutex::default(),
        models: Mutex::new(Models::new(TTL)),
        n_asked,
    });
    let clients = (0..CLIENTS).map(|seed| {
        let demand = Demand::new(coins.clone(), seed);
        #[expect(clippy::disallowed_methods, reason = "all of them are awaited below")]
        tokio::task::spawn(client(Arc::clone(&stage), demand))
    });
    let clients: Vec<_> = clients.collect();
    for client in clients {
        client.await.context("a client of the demo")?;
    }
    let elapsed = stage.clock.elapsed();
    let stage = Arc::into_inner(stage).context("a client of the demo is still at work")?;
    Ok(Played {
        elapsed,
        counts: stage.counts.into_inner().unwrap_or_else(PoisonError::into_inner),
        latencies: stage.latencies,
        models: stage.models.into_inner().unwrap_or_else(PoisonError::into_inner),
    })
}

/// One client: asks, waits, asks again.
async fn client(stage: Arc<Stage>, mut demand: Demand) {
    while stage.clock.elapsed() < stage.length {
        let target = demand.next();
        let started = stage.clock.elapsed();
        stage.models.lock().unwrap_or_else(PoisonError::into_inner).ask(&target, started);
        let state = ask(&stage, &target).await;
        let ended = stage.clock.elapsed();
        let outcome = match state.as_deref() {
            Some("full") => "hit",
            Some(_) => "miss",
            None => "failed",
        };
        stage.latencies.operation("demo", outcome).record(ended.saturating_sub(started), ended);
        stage.count(state.as_deref());
        stage.n_asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
    }
}

impl Stage {
    fn count(&self, state: Option<&str>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *match state {
            Some("full") => &mut counts.full,
            Some("partial") => &mut counts.partial,
            Some("cold") => &mut counts.cold,
            Some("stale") => &mut counts.stale,
            _ => &mut counts.failed,
        } += 1;
    }
}

/// How much of the answer was cached, as its header says; `None` if there was no answer.
async fn ask(stage: &Stage, target: &str) -> Option<String> {
    let response = stage.http.get(format!("{}{target}", stage.base)).send().await.ok()?;
    let is_ok = response.status().is_success();
    let state = response.headers().get("x-cmcache-cache")?.to_str().ok()?.to_owned();
    response.bytes().await.ok()?;
    is_ok.then_some(state)
}

/// The coins of the map by rank: the map is free.
async fn coins(http: &reqwest::Client, base: &str) -> anyhow::Result<Vec<Coin>> {
    let url = format!("{base}/v1/cryptocurrency/map?sort=cmc_rank&limit={COINS}");
    let body = http.get(url).send().await?.bytes().await?;
    let reply = Reply::read(200, body).context("the map")?;
    let text = std::str::from_utf8(&reply.data)?;
    let rows = Elements::of(text).context("the map is a list")?;
    Ok(rows.0.into_iter().filter_map(coin).collect())
}

fn coin(row: &str) -> Option<Coin> {
    let row = Members::of(row)?;
    let id = row.get("id")?.parse().ok()?;
    let symbol = json::text(row.get("symbol")?)?;
    let slug = json::text(row.get("slug")?)?;
    Some(Coin { id, symbol, slug })
}
