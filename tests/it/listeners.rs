//! Do a thousand who follow a price each get every refresh, at no cost to those who ask?

use std::time::Duration;

use harness::{Client, Gateway, GatewaySpec, Listener, Sim, setting, stopwatch};
use tokio::task::JoinSet;

/// Those who follow.
const N_LISTENERS: usize = 1_000;
/// What they may take of memory together.
const GROWTH_BYTES_MAX: u64 = 64 << 20;
/// Hits of one round, at least.
const N_HITS: usize = 2_000;
/// How much longer the slowest hundredth of hits may take beside them. Listeners are served by the
/// same two cores as this test, which itself reads a thousand streams.
const SLOWER_MAX: f64 = 3.0;
/// Where a millisecond is nothing, a ratio of microseconds tells nothing.
const NOTHING: Duration = Duration::from_millis(2);

const STREAM: &str = "/_cmcache/stream?id=1,1027&convert=USD";
const HIT: &str = "/v3/cryptocurrency/quotes/latest?id=1&convert=USD";

/// How long it is listened; a minute where somebody has the time.
fn listened() -> Duration {
    let seconds = setting("CMCACHE_LISTEN_SECONDS").map(|text| text.parse().expect("seconds"));
    Duration::from_secs(seconds.unwrap_or(8))
}

/// Bytes that a process holds in memory.
fn resident(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).expect("Linux");
    let pages: u64 = text.split(' ').nth(1).expect("a field").parse().expect("a number");
    pages * 4_096
}

/// The slowest hundredth of a round of hits, one after the other, that lasts at least until `end`.
async fn slowest_hundredth(client: &Client, end: tokio::time::Instant) -> Duration {
    let mut took = Vec::with_capacity(N_HITS);
    while took.len() < N_HITS || tokio::time::Instant::now() < end {
        let since = stopwatch();
        let reply = client.get(HIT).await;
        took.push(since.elapsed());
        assert_eq!(reply.status, 200);
    }
    took.sort_unstable();
    took[took.len() * 99 / 100]
}

/// The ids of all refreshes until `end`: they change with what is told.
async fn heard(mut listener: Listener, end: tokio::time::Instant) -> Vec<String> {
    let mut refreshes = Vec::new();
    while let Ok(Some((event, id))) = tokio::time::timeout_at(end, listener.next_id()).await {
        if event == "quotes" {
            refreshes.push(id);
        }
    }
    refreshes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_listeners_get_every_refresh_and_harm_nobody() {
    // Breaks: listeners fill the memory, miss what others got, or slow everybody down.
    let sim = Sim::frozen().await;
    let spec = GatewaySpec::before(&sim).set("freshness.quotes=1s").set("pace.mode=off");
    let gateway: Gateway = spec.start().await;
    let client = gateway.client();
    assert_eq!(client.get(HIT).await.status, 200);
    let before_all = slowest_hundredth(&client, tokio::time::Instant::now()).await;
    let before = resident(gateway.pid());

    let mut listeners = Vec::with_capacity(N_LISTENERS);
    for _ in 0..N_LISTENERS {
        listeners.push(Listener::open(gateway.authority(), STREAM, "").await);
    }
    let billed = sim.bill().credits;
    let since = stopwatch();
    let end = tokio::time::Instant::now() + listened();
    let mut listening: JoinSet<Vec<String>> =
        listeners.into_iter().map(|one| heard(one, end)).collect();
    // All the time that they listen: each refresh wakes all of them.
    let beside = slowest_hundredth(&client, end).await;
    let grown = resident(gateway.pid()).saturating_sub(before);
    let mut all = Vec::with_capacity(N_LISTENERS);
    while let Some(one) = listening.join_next().await {
        all.push(one.expect("nobody panics"));
    }
    let spent = sim.bill().credits - billed;
    // Others use the machine, too: what it can do alone is told by both ends of the test.
    let after_all = slowest_hundredth(&client, tokio::time::Instant::now()).await;
    let alone = before_all.max(after_all);

    // The first and the last may have come before or after somebody listened.
    let most = all.iter().map(Vec::len).max().unwrap_or(0);
    let fewest = all.iter().map(Vec::len).min().unwrap_or(0);
    println!(
        "{N_LISTENERS} listeners, {fewest} to {most} refreshes each, {spent} credits, {} KiB more; \
         p99 of hits {beside:?} beside them, {alone:?} without",
        grown >> 10
    );
    assert!(most >= 3, "{most} refreshes in {:?}", listened());
    assert!(most - fewest <= 2, "{fewest} to {most} refreshes");
    let middle = |ids: &Vec<String>| ids[1..ids.len() - 1].to_vec();
    let longest = all.iter().max_by_key(|ids| ids.len()).cloned().unwrap_or_default();
    let missed = all.iter().filter(|ids| !is_run(&middle(ids), &longest)).count();
    assert_eq!(missed, 0, "so many missed a refresh in the middle");
    assert!(grown < GROWTH_BYTES_MAX, "{grown} bytes more");
    // A refresh a second feeds all who follow, and whoever asks for a part of it beside them; a few
    // more, until all are in step, and where a busy machine lets them fall out of it.
    let seconds = since.elapsed().as_secs();
    let refreshes = seconds + seconds / 4 + 4;
    assert!(spent <= refreshes, "{spent} credits, {refreshes} refreshes");
    let is_harmed = beside > NOTHING && beside.as_secs_f64() > SLOWER_MAX * alone.as_secs_f64();
    assert!(!is_harmed, "{beside:?} beside them, {alone:?} without");
}

/// Whether `some` are there one after the other.
fn is_run(some: &[String], all: &[String]) -> bool {
    some.is_empty() || all.windows(some.len()).any(|window| window == some)
}
