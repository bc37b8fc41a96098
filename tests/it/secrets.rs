//! Does a key ever leave the gateway, but for its way to the API?

use std::path::Path;
use std::{fs, io};

use bytes::Bytes;
use cmc_sim::{Control, FailNext, FaultKind};
use harness::{Client, Gateway, GatewaySpec, PATIENCE, Reply, Sim, eventually, eventually_async};
use http::Method;

/// Found nowhere else, so that any sighting is a leak.
const PAID_KEY: &str = "canary-paid-key-4711";
const CLIENT_TOKEN: &str = "canary-client-token-4712";
const WRONG_TOKEN: &str = "canary-wrong-token-4713";

const OWN_PATHS: [&str; 16] = [
    "/livez",
    "/readyz",
    "/healthz",
    "/metrics",
    "/_cmcache/",
    "/_cmcache/api/v1/status",
    "/_cmcache/api/v1/credits",
    "/_cmcache/api/v1/ledger",
    "/_cmcache/api/v1/clients",
    "/_cmcache/api/v1/report?by=client",
    "/_cmcache/api/v1/report/guide",
    "/_cmcache/api/v1/forecast",
    "/_cmcache/api/v1/tiers",
    "/_cmcache/api/v1/slow",
    "/_cmcache/api/v1/latencies",
    "/_cmcache/api/v1/config",
];

#[track_caller]
fn has_no_canary(place: &str, bytes: &[u8]) {
    for canary in [PAID_KEY, CLIENT_TOKEN, WRONG_TOKEN] {
        let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{place} shows {canary}");
    }
}

#[track_caller]
fn reply_has_no_canary(place: &str, reply: &Reply) {
    has_no_canary(place, &reply.body);
    for (name, value) in &reply.headers {
        has_no_canary(&format!("{place}, header {name}"), value.as_bytes());
    }
}

fn files_have_no_canary(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files_have_no_canary(&path)?;
        } else {
            has_no_canary(&path.display().to_string(), &fs::read(&path)?);
        }
    }
    Ok(())
}

fn spec(sim: &Sim) -> GatewaySpec {
    let clients = format!("tester={CLIENT_TOKEN}");
    GatewaySpec::before(sim).env("CMCACHE_CLIENTS", &clients).env("RUST_LOG", "trace")
}

/// Everything a client may see, with a key in the header, in the query, or none.
async fn ask_around(gateway: &Gateway) {
    let client = Client::new(format!("http://{}", gateway.authority()), None);
    let quotes = "/v2/cryptocurrency/quotes/latest?id=1";
    let targets = [
        quotes.to_owned(),
        "/v1/key/info".to_owned(),
        "/v1/cryptocurrency/map?limit=1".to_owned(),
        "/v9/nothing/here".to_owned(),
        format!("{quotes}&CMC_PRO_API_KEY={CLIENT_TOKEN}"),
        format!("{quotes}&CMC_PRO_API_KEY={WRONG_TOKEN}"),
    ];
    for target in targets.into_iter().chain(OWN_PATHS.map(str::to_owned)) {
        reply_has_no_canary(&target, &client.get(&target).await);
        for key in [CLIENT_TOKEN, WRONG_TOKEN] {
            let headers = [("X-CMC_PRO_API_KEY", key)];
            let reply = client.request(Method::GET, &target, &headers, Bytes::new()).await;
            reply_has_no_canary(&target, &reply.expect("any key gets a reply"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_found_in_any_output() {
    // Breaks: whoever reads a log, a metric or an error message can spend our credits.
    let sim = Sim::with_key(PAID_KEY).await;
    let gateway = spec(&sim).start().await;
    ask_around(&gateway).await;
    for kind in [FaultKind::Error500, FaultKind::Html502, FaultKind::Reset] {
        let fail_next = Some(FailNext { count: 10, kind });
        sim.change(Control { fail_next, ..Control::default() });
        ask_around(&gateway).await;
        let fail_next = Some(FailNext { count: 0, kind });
        sim.change(Control { fail_next, ..Control::default() });
    }
    gateway.terminate();
    let (status, printed, spec) = gateway.ended().await;
    assert_eq!(status.code(), Some(0), "{printed}");
    assert!(printed.len() > 1_000, "the log is too quiet to prove anything: {printed}");
    has_no_canary("the log", printed.as_bytes());
    files_have_no_canary(spec.folder()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_given_out_is_kept_nowhere() {
    // Breaks: whoever reads the folder, a backup of it or the log can ask as that client.
    let sim = Sim::with_key(PAID_KEY).await;
    let gateway = spec(&sim).start().await;
    let mut add = gateway.spec().command(&["client", "add", "given", "--day", "3", "--data-dir"]);
    let output = add.arg(gateway.spec().folder()).output().unwrap();
    let token = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let digits = token.strip_prefix("cmcache_").expect("a token says what it is").to_owned();
    let client = Client::new(format!("http://{}", gateway.authority()), Some(&token));
    eventually_async("the token to be good", PATIENCE, || async {
        (client.get("/v3/cryptocurrency/quotes/latest?id=1").await.status == 200).then_some(())
    })
    .await;
    let has_no_token = |place: &str, bytes: &[u8]| {
        let found = bytes.windows(digits.len()).any(|window| window == digits.as_bytes());
        assert!(!found, "{place} shows the token");
    };
    for path in OWN_PATHS {
        has_no_token(path, &client.get(path).await.body);
    }
    let mut list = gateway.spec().command(&["client", "list", "--json", "--data-dir"]);
    let listed = list.arg(gateway.spec().folder()).output().unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).contains("given"));
    has_no_token("client list", &listed.stdout);
    gateway.terminate();
    let (_, printed, spec) = gateway.ended().await;
    has_no_token("the log", printed.as_bytes());
    let mut folders = vec![spec.folder().to_owned()];
    let mut n_files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            has_no_token(&path.display().to_string(), &fs::read(&path).unwrap());
            n_files += 1;
        }
    }
    assert!(n_files > 1, "only {n_files} files were looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_is_not_printed() {
    // Breaks: the first log line of a wrong deployment publishes the right key.
    let sim = Sim::with_key("another-key").await;
    let refused = GatewaySpec::before_url(&sim.url(), PAID_KEY).env("RUST_LOG", "trace");
    let gateway = refused.launch().await;
    eventually("the end of the start", PATIENCE, || {
        gateway.printed().contains("cmcache listens on").then_some(())
    })
    .await;
    let reply = gateway.client().get("/v3/cryptocurrency/quotes/latest?id=1").await;
    assert!(reply.envelope().unwrap().is_error(), "{}", reply.text());
    reply_has_no_canary("the refusal", &reply);
    gateway.terminate();
    let (_, printed, _) = gateway.ended().await;
    has_no_canary("the log", printed.as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shown_configuration_has_no_key() {
    // Breaks: configurations are pasted into issues.
    let sim = Sim::with_key(PAID_KEY).await;
    let output = spec(&sim).command(&["config", "show"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.is_empty(), "nothing was shown");
    has_no_canary("config show", &output.stdout);
    has_no_canary("config show, errors", &output.stderr);
}
