//! What does a gateway say before its stores are open, and what becomes of those who asked?

use std::time::Duration;

use anyhow::{Context, Result};
use cmc_sim::Control;
use harness::{
    Gateway, GatewaySpec, PATIENCE, Proxy, RedisServer, Reply, Sim, TestServers, eventually_async,
    stopwatch,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const QUOTE: &str = "/v3/cryptocurrency/quotes/latest?id=1";
/// What a URL of a store may hide.
const PASSWORD: &str = "canary-of-a-store";
/// Much longer than it takes to end what has not begun.
const PROMPTLY: Duration = Duration::from_secs(3);

/// Launched, and listening; its log tells where, because nothing is announced before it serves.
async fn launched(spec: GatewaySpec) -> Gateway {
    spec.env("RUST_LOG", "gateway=info").launch().await
}

/// Connections are taken, and nothing ever comes back.
async fn silent() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free")
}

fn url_of(silent: &TcpListener, scheme: &str) -> String {
    let at = silent.local_addr().expect("it listens");
    format!("{scheme}://cmc:{PASSWORD}@{at}/cmc")
}

/// One connection, kept open: it is never made anew.
struct Kept(TcpStream);

impl Kept {
    async fn to(gateway: &Gateway) -> Self {
        Self(TcpStream::connect(gateway.authority()).await.expect("it listens"))
    }

    async fn get(&mut self, path: &str) -> Result<(u16, String)> {
        let key = harness::KEY;
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nX-CMC_PRO_API_KEY: {key}\r\n\r\n");
        self.0.write_all(head.as_bytes()).await?;
        let mut text = Vec::new();
        loop {
            if let Some(whole) = whole(&text)? {
                return Ok(whole);
            }
            let n_read = self.0.read_buf(&mut text).await?;
            anyhow::ensure!(n_read > 0, "closed after {:?}", String::from_utf8_lossy(&text));
        }
    }
}

/// Status and body, once all of it is there.
fn whole(text: &[u8]) -> Result<Option<(u16, String)>> {
    let text = String::from_utf8_lossy(text);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return Ok(None) };
    let head = head.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let length: usize = length.context("a length")?.trim().parse()?;
    let status = head.split(' ').nth(1).context("a status")?.parse()?;
    Ok((body.len() >= length).then(|| (status, body.to_owned())))
}

#[track_caller]
fn says(reply: &Reply, status: u16, words: &[&str]) {
    assert_eq!(reply.status, status, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/health+json"));
    for word in words {
        assert!(reply.text().contains(word), "{word} in {}", reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_its_stores_are_silent_it_is_alive_and_says_what_it_waits_for_and_ends_when_told() {
    // Breaks: it is killed for a slow store; or nobody learns why it is not ready; or it cannot be
    // stopped before the store has been given up.
    let (sim, books, tier) = (Sim::frozen().await, silent().await, silent().await);
    let gateway = launched(
        GatewaySpec::before(&sim)
            .set(&format!("ledger.url={}", url_of(&books, "mariadb")))
            .set("tiers=memory,postgres")
            .set(&format!("tiers.postgres.url={}", url_of(&tier, "postgres"))),
    )
    .await;
    let client = gateway.client();
    says(&client.get("/livez").await, 200, &[r#""status":"pass""#]);
    let waits = [r#""output":"starting""#, "waits for the ledger, a mariadb server", "fail"];
    says(&client.get("/readyz").await, 503, &waits);
    for path in ["/healthz", "/healthz?group=budget", "/healthz?group=upstream"] {
        says(&client.get(path).await, 503, &waits[1..]);
    }
    for path in [QUOTE, "/_cmcache/", "/_cmcache/api/v1/config", "/metrics", "/nowhere"] {
        let reply = client.get(path).await;
        let envelope = reply.envelope().expect("the API's own shape");
        assert_eq!((reply.status, envelope.code), (503, 503), "{path}: {}", reply.text());
        assert_eq!(reply.header("retry-after"), Some("1"), "{path}");
        assert!(!reply.text().contains(PASSWORD), "{path}: {}", reply.text());
    }
    assert_eq!(sim.bill().calls, 0, "nothing was asked of upstream for them");
    let since = stopwatch();
    gateway.terminate();
    let (status, printed, _) = gateway.ended().await;
    assert_eq!(status.code(), Some(0), "{printed}");
    assert!(since.elapsed() < PROMPTLY, "it took {:?}", since.elapsed());
    assert!(!printed.contains("cmcache listens on"), "never ready: {printed}");
    assert!(!printed.contains(PASSWORD), "{printed}");
}

/// Asks over one connection from the start on until it is served; what it was told before.
async fn asked_until_served(gateway: &Gateway) -> Vec<String> {
    let (mut kept, mut reasons) = (Kept::to(gateway).await, Vec::new());
    let since = stopwatch();
    loop {
        let (status, body) = kept.get(QUOTE).await.expect("the connection is kept");
        if status == 200 {
            return reasons;
        }
        assert_eq!(status, 503, "{body}");
        assert!(since.elapsed() < PATIENCE, "never served: {body}");
        let (_, health) = kept.get("/readyz").await.expect("the connection is kept");
        reasons.push(health);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_came_during_the_start_is_served_after_it() {
    // Breaks: whoever comes early is cut off at the moment when everything is well.
    let sim = Sim::frozen().await;
    sim.change(Control { latency_ms: Some(700), ..Control::default() });
    let gateway = launched(GatewaySpec::before(&sim)).await;
    let many = (0..32).map(|_| asked_until_served(&gateway));
    let reasons = futures_util::future::join_all(many).await;
    assert!(reasons.iter().any(|one| !one.is_empty()), "nobody came during the start");
    let told = reasons.concat();
    assert!(told.iter().any(|health| health.contains("the plan of the key")), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_answers_only_after_a_while_is_waited_for() {
    // Breaks: a store that comes up a little later than the gateway is never used.
    let (sim, server) = (Sim::frozen().await, RedisServer::start().await);
    server.freeze();
    let spec = GatewaySpec::before(&sim)
        .set("tiers=memory,redis")
        .set(&format!("tiers.redis.url={}", server.url()))
        .set("tiers.redis.deadline=9s");
    let gateway = launched(spec).await;
    let client = gateway.client();
    let reply = client.get("/readyz").await;
    says(&reply, 503, &["starting"]);
    server.thaw();
    asked_until_served(&gateway).await;
    eventually_async("readiness", PATIENCE, || async {
        (client.get("/readyz").await.status == 200).then_some(())
    })
    .await;
    eventually_async("an entry in the store", PATIENCE, || async {
        let text = client.get("/metrics").await.text();
        let is_done = |line: &&str| {
            line.starts_with("cmcache_tiers_puts_total{")
                && line.contains("tier=\"redis\"")
                && line.contains("outcome=\"done\"")
        };
        text.lines().find(is_done).filter(|line| !line.ends_with(" 0")).map(drop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_far_away_is_opened_behind_the_listener() {
    // Breaks: each round trip of opening a far database is a moment in which nobody is answered.
    let (sim, database) = (Sim::frozen().await, TestServers::mysql_database().await);
    let far = Proxy::before(database.authority()).await;
    far.set(harness::Fault::Latency(Duration::from_millis(25))).await;
    let url = database.url_through(&far.authority());
    let gateway = launched(GatewaySpec::before(&sim).set(&format!("ledger.url={url}"))).await;
    let told = asked_until_served(&gateway).await;
    let ledger = |health: &String| health.contains("the ledger, a mysql server");
    assert!(told.iter().any(ledger), "{told:?}");
    let credits = gateway.client().get("/_cmcache/api/v1/credits").await;
    assert_eq!(credits.status, 200, "{}", credits.text());
}
