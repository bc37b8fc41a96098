use std::net::Ipv4Addr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::*;
use crate::config::{DEFAULT_KEY, KeyConfig, Plan};
use crate::faults::{FailNext, FaultKind};
use crate::testing::frozen;

const QUOTE: &str = "/v3/cryptocurrency/quotes/latest?id=1";
/// Long enough for a busy machine, short enough for a test that waits in vain.
const PATIENCE: Duration = Duration::from_secs(10);

async fn start() -> Sim {
    let config = frozen(vec![KeyConfig::new(DEFAULT_KEY, Plan::Startup)]);
    Sim::start(config, (Ipv4Addr::LOCALHOST, 0).into()).await.unwrap()
}

/// Everything that comes back until the connection closes.
async fn exchange(sim: &Sim, request: &str) -> String {
    let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    // A reset counts as an end.
    let _ended = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

async fn get(sim: &Sim, target: &str) -> String {
    let head = format!("GET {target} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\n");
    exchange(sim, &format!("{head}x-CMC_pro_api_KEY: {DEFAULT_KEY}\r\n\r\n")).await
}

async fn get_json(sim: &Sim, target: &str) -> Value {
    let text = get(sim, target).await;
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

async fn fail_next(kind: FaultKind) -> (Sim, String) {
    let sim = start().await;
    let plan = Control { fail_next: Some(FailNext { count: 1, kind }), ..Control::default() };
    sim.control(plan).unwrap();
    let text = timeout(PATIENCE, get(&sim, QUOTE)).await.unwrap();
    (sim, text)
}

#[tokio::test]
async fn it_answers_over_http_and_shows_its_bill() {
    // Would break: everything that uses the simulator from outside.
    let sim = start().await;
    let text = get(&sim, QUOTE).await;
    assert!(
        text.starts_with("HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n")
    );
    let bill = get_json(&sim, "/_sim/bill").await;
    assert_eq!((bill["credits"].as_u64(), bill["calls"].as_u64()), (Some(1), Some(1)));
    assert_eq!(bill["operations"]["/v3/cryptocurrency/quotes/latest"]["credits"], 1);
    assert_eq!(serde_json::from_value::<Bill>(bill).unwrap(), sim.bill());
    assert_eq!(get_json(&sim, "/_sim/time").await["now_ms"], sim.now_ms());
    assert!(get(&sim, "/_sim/nothing").await.starts_with("HTTP/1.1 404"));
    sim.stop().await;
}

#[tokio::test]
async fn control_is_posted_and_printed() {
    // Would break: scripts that steer the simulator with curl.
    let sim = start().await;
    let post = |body: &str| {
        let length = body.len();
        format!(
            "POST /_sim/control HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\
            Content-Length: {length}\r\n\r\n{body}"
        )
    };
    let answer = exchange(&sim, &post(r#"{"latency_ms": 7}"#)).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"latency_ms\":7"), "{answer}");
    let refused = exchange(&sim, &post(r#"{"latencyms": 7}"#)).await;
    assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("unknown field"), "{refused}");
    assert_eq!(get_json(&sim, "/_sim/control").await["latency_ms"], 7);
}

#[tokio::test]
async fn faults_that_answer_are_free_and_look_as_they_should() {
    // Would break: the classification of errors by clients.
    for (kind, line, inside) in [
        (FaultKind::Error500, "HTTP/1.1 500", "\"error_code\":\"500\""),
        (FaultKind::Busy200, "HTTP/1.1 200", "The system is busy"),
        (FaultKind::Html502, "HTTP/1.1 502", "<h1>502 Bad Gateway</h1>"),
        (FaultKind::Empty503, "HTTP/1.1 503", "content-length: 0"),
        (FaultKind::Rate1008, "HTTP/1.1 429", "\"error_code\":\"1008\""),
        (FaultKind::Rate1011, "HTTP/1.1 429", "\"error_code\":\"1011\""),
    ] {
        let (sim, text) = fail_next(kind).await;
        assert!(text.starts_with(line) && text.contains(inside), "{kind:?} {text}");
        assert_eq!((sim.bill().credits, sim.bill().refused), (0, 1), "{kind:?}");
        assert!(get(&sim, QUOTE).await.contains("\"error_code\":\"0\""));
    }
}

#[tokio::test]
async fn a_truncated_answer_is_charged_and_ends_in_the_middle() {
    // Would break: the fate of a call that was paid for and not received.
    let (sim, text) = fail_next(FaultKind::Truncated).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("\"Bitcoin\""), "{text}");
    assert!(!text.contains("credit_count") && !text.ends_with("0\r\n\r\n"), "{text}");
    assert!(!text.to_lowercase().contains("content-length"));
    assert_eq!((sim.bill().credits, sim.bill().calls), (1, 1));
}

#[tokio::test]
async fn a_reset_connection_says_nothing_and_costs_nothing() {
    // Would break: the fate of a call that never happened.
    let (sim, text) = fail_next(FaultKind::Reset).await;
    assert_eq!(text, "");
    assert_eq!((sim.bill().credits, sim.bill().refused), (0, 1));
}

#[tokio::test]
async fn a_drip_is_whole_and_slow() {
    // Would break: time-outs between two reads, and whole answers behind them.
    let sim = start().await;
    let steps = "[[step]]\nfor_calls = 1\nfault = \"drip\"\nbytes_per_s = 4000".to_owned();
    sim.control(Control { scenario: Some(steps), ..Control::default() }).unwrap();
    let began = tokio::time::Instant::now();
    let text = timeout(PATIENCE, get(&sim, QUOTE)).await.unwrap();
    assert!(began.elapsed() > Duration::from_millis(150), "{:?}", began.elapsed());
    assert!(text.ends_with("0\r\n\r\n") && text.contains("\"credit_count\":1"), "{text}");
}

#[tokio::test]
async fn bodies_that_are_no_json_come_with_200_too() {
    // Would break: clients that trust the status.
    let (_sim, text) = fail_next(FaultKind::Html200).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("<html>"), "{text}");
    let (_sim, text) = fail_next(FaultKind::Empty200).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("content-length: 0"), "{text}");
}

#[tokio::test]
async fn a_scenario_about_an_unknown_key_does_not_start() {
    // Would break: scenarios that silently do nothing.
    let text = "[[step]]\nkey = { key = \"nobody\", state = \"expired\" }";
    let scenario = crate::Scenario::parse("mine", text).unwrap();
    let config = scenario.configure(SimConfig::default());
    let error = Sim::start(config, (Ipv4Addr::LOCALHOST, 0).into()).await.unwrap_err();
    assert!(error.to_string().contains("there is no key \"nobody\""), "{error}");
}

#[tokio::test]
async fn old_clients_and_probes_are_served() {
    // Would break: HTTP/1.0, HEAD, OPTIONS.
    let sim = start().await;
    let key = format!("X-CMC_PRO_API_KEY: {DEFAULT_KEY}\r\n");
    let old = exchange(&sim, &format!("GET {QUOTE} HTTP/1.0\r\n{key}\r\n")).await;
    assert!(old.starts_with("HTTP/1.0 200") && old.ends_with('}'), "{old}");
    let close = "Host: s\r\nConnection: close\r\n";
    let head = exchange(&sim, &format!("HEAD {QUOTE} HTTP/1.1\r\n{close}{key}\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    let options = exchange(&sim, &format!("OPTIONS {QUOTE} HTTP/1.1\r\n{close}\r\n")).await;
    assert!(options.starts_with("HTTP/1.1 405") && options.contains("allow: GET, HEAD"));
    assert!(!options.contains("access-control"));
    let keyless = "/trial-pro-api/v1/cryptocurrency/map?limit=1";
    let trial = exchange(&sim, &format!("GET {keyless} HTTP/1.1\r\n{close}\r\n")).await;
    assert!(trial.starts_with("HTTP/1.1 200"), "{trial}");
}

#[tokio::test]
async fn the_operations_are_listed_as_the_tables_hold_them() {
    // Would break: comparing the simulator with a catalogue.
    let sim = start().await;
    let listed = get_json(&sim, "/_sim/operations").await;
    let listed = listed["operations"].as_array().unwrap();
    assert_eq!(listed.len(), crate::operations::all().count());
    let paths: std::collections::BTreeSet<_> =
        listed.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), listed.len(), "one row for each path");
    assert!(crate::operations::all().all(|operation| paths.contains(operation.path)));
    let quotes = listed.iter().find(|it| it["path"] == "/v3/cryptocurrency/quotes/latest").unwrap();
    let wanted = serde_json::json!({
        "method": "GET", "path": "/v3/cryptocurrency/quotes/latest", "stack": "java",
        "plan": "basic", "keyless": true,
        "price": {"base": 0, "per": 250, "flat": 0, "converts": true}
    });
    assert_eq!(*quotes, wanted);
}

#[tokio::test]
async fn recording_is_switched_over_http_and_replayed_from_the_configuration() {
    // Would break: recordings made by tests in other languages.
    let tape = tempfile::NamedTempFile::new().unwrap();
    let file = tape.path().to_owned();
    let sim = start().await;
    let post = |body: String| {
        let length = body.len();
        let head = "POST /_sim/record HTTP/1.1\r\nHost: s\r\nConnection: close\r\n";
        format!("{head}Content-Length: {length}\r\n\r\n{body}")
    };
    let named = serde_json::json!({ "file": &file }).to_string();
    let on = exchange(&sim, &post(named)).await;
    assert!(on.starts_with("HTTP/1.1 200") && on.contains("\"exchanges\":0"), "{on}");
    let first = get(&sim, QUOTE).await;
    let off = exchange(&sim, &post("{\"file\": null}".to_owned())).await;
    assert!(off.contains("\"recording\":null"), "{off}");
    assert!(exchange(&sim, &post("{\"fil\": 1}".to_owned())).await.contains("HTTP/1.1 400"));
    let config = SimConfig { replay: Some(file), seed: 99, ..SimConfig::default() };
    let replaying = Sim::start(config, (Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
    let second = get(&replaying, QUOTE).await;
    let body = |text: &str| text.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&first), body(&second));
    assert_eq!(replaying.bill().keys["replay"].credits, 1);
}

#[tokio::test]
async fn a_hanging_call_is_never_answered_and_does_not_hold_up_the_stop() {
    // Would break: time-outs of clients, and the end of every test that uses this fault.
    let sim = start().await;
    let plan = FailNext { count: 1, kind: FaultKind::Hang };
    sim.control(Control { fail_next: Some(plan), ..Control::default() }).unwrap();
    let waited = timeout(Duration::from_millis(100), get(&sim, QUOTE)).await;
    assert!(waited.is_err());
    assert_eq!(sim.bill().credits, 0);
    timeout(PATIENCE, sim.stop()).await.unwrap();
}

#[tokio::test]
async fn latency_holds_the_answer_back_after_the_charge() {
    // Would break: callers that give up are billed all the same.
    let sim = start().await;
    sim.control(Control { latency_ms: Some(60_000), ..Control::default() }).unwrap();
    assert!(timeout(Duration::from_millis(200), get(&sim, QUOTE)).await.is_err());
    assert_eq!(sim.bill().credits, 1);
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    // Would break: keep-alive, without which nothing sustains thousands a second.
    let sim = start().await;
    let one = format!("GET {QUOTE} HTTP/1.1\r\nHost: s\r\nX-CMC_PRO_API_KEY: {DEFAULT_KEY}\r\n");
    let text = exchange(&sim, &format!("{one}\r\n{one}Connection: close\r\n\r\n")).await;
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2);
    assert!(text.matches("\"credit_count\":1").count() == 2 && sim.bill().calls == 2);
}
