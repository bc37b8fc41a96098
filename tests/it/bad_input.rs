//! Does a wrong request get the API's own error, and cost nothing?

use bytes::Bytes;
use harness::{Gateway, Reply, Sim, raw_exchange};
use http::Method;

const QUOTES: &str = "/v2/cryptocurrency/quotes/latest";
/// What the gateway takes, in bytes.
const BODY_MAX: usize = 64 << 10;

/// A gateway that is warm enough to know every answer below by itself, currencies included.
async fn ready() -> (Sim, Gateway) {
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    for target in [format!("{QUOTES}?id=1"), format!("{QUOTES}?symbol=BTC&convert=EUR")] {
        let reply = gateway.client().get(&target).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    (sim, gateway)
}

/// Credits, and calls that the API refused. What the gateway asks for its own ends is free.
fn asked(sim: &Sim) -> (u64, u64) {
    let bill = sim.bill();
    (bill.credits, bill.refused)
}

#[track_caller]
fn check_refused(what: &str, reply: &Reply, http: u16, code: i64) -> Option<String> {
    assert_eq!(reply.status, http, "{what}: {}", reply.text());
    let envelope = reply.envelope().unwrap_or_else(|error| panic!("{what}: {error:#}"));
    assert_eq!(envelope.code, code, "{what}: {envelope:?}");
    assert!(envelope.is_error(), "{what}: no words: {envelope:?}");
    assert_eq!(envelope.credits, 0, "{what}: charged");
    assert_eq!(reply.data(), None, "{what}: data beside an error");
    let media = reply.header("content-type").unwrap_or_default();
    assert!(media.starts_with("application/json"), "{what}: {media}");
    envelope.message
}

/// The gateway refuses with the words of the API, and the API is not asked.
async fn check_as_the_api(targets: &[String]) {
    let (sim, gateway) = ready().await;
    let before = asked(&sim);
    let mut refused = Vec::new();
    for target in targets {
        let reply = gateway.client().get(target).await;
        refused.push(check_refused(target, &reply, 400, 400));
    }
    assert_eq!(asked(&sim), before, "the API was asked");
    for (target, message) in targets.iter().zip(refused) {
        let theirs = sim.client().get(target).await;
        assert_eq!(message, check_refused(target, &theirs, 400, 400), "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_get_the_words_of_the_api_without_asking_it() {
    // Breaks: clients that read error messages stumble, and typing errors cost calls.
    let targets = [
        format!("{QUOTES}?id=1&foo=bar"),
        QUOTES.to_owned(),
        format!("{QUOTES}?id="),
        format!("{QUOTES}?id=,"),
        format!("{QUOTES}?id=abc"),
        format!("{QUOTES}?id=1&convert=NOSUCHMONEY"),
        format!("{QUOTES}?id=1&convert=EUR&convert_id=2790"),
        format!("{QUOTES}?id=1&aux=nothing"),
        format!("{QUOTES}?id=1&skip_invalid=maybe"),
        "/v1/cryptocurrency/listings/latest?limit=-5".to_owned(),
        "/v1/cryptocurrency/listings/latest?limit=5001".to_owned(),
        "/v3/cryptocurrency/listings/latest?start=0".to_owned(),
        "/v3/cryptocurrency/listings/latest?sort=colour".to_owned(),
        "/v1/cryptocurrency/map?limit=all".to_owned(),
        "/v1/tools/price-conversion?id=1".to_owned(),
    ];
    check_as_the_api(&targets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_that_are_no_text_are_refused() {
    // Breaks: bytes that are no UTF-8 bring down whoever reads them first.
    let (sim, gateway) = ready().await;
    let before = asked(&sim);
    let reply = gateway.client().get(&format!("{QUOTES}?symbol=%FF%FE")).await;
    check_refused("escaped bytes", &reply, 400, 400);
    let mut raw = format!("GET {QUOTES}?symbol=").into_bytes();
    raw.extend_from_slice(b"\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let reply = raw_exchange(gateway.authority(), &raw).await.unwrap();
    check_refused("raw bytes", &reply, 400, 400);
    assert_eq!(asked(&sim), before, "the API was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_too_long_is_refused_at_any_length() {
    // Breaks: beyond some length a bare library error comes back instead of an envelope.
    let (sim, gateway) = ready().await;
    let before = asked(&sim);
    let many: Vec<String> = (1..=10_000).map(|id| id.to_string()).collect();
    let many = format!("{QUOTES}?id={}", many.join(","));
    let long = |length: usize| format!("{QUOTES}?id=1{}", "1".repeat(length));
    for (what, target) in [("10,000 ids", many), ("64 KB", long(64_000)), ("70 KB", long(70_000))] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let reply = raw_exchange(gateway.authority(), request.as_bytes()).await;
        let reply = reply.unwrap_or_else(|error| panic!("{what}: {error:#}"));
        check_refused(what, &reply, 414, 414);
    }
    assert_eq!(asked(&sim), before, "the API was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_body_on_get_is_ignored_and_a_large_one_refused() {
    // Breaks: clients that send an empty JSON object with every GET get nothing.
    let (sim, gateway) = ready().await;
    let before = asked(&sim);
    let json = [("content-type", "application/json")];
    let target = format!("{QUOTES}?id=1");
    let small = Bytes::from_static(b"{}");
    let reply = gateway.client().request(Method::GET, &target, &json, small).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    let mut large = format!(
        "GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        BODY_MAX + 1
    );
    large.push_str(&" ".repeat(BODY_MAX + 1));
    let reply = raw_exchange(gateway.authority(), large.as_bytes()).await.unwrap();
    check_refused("a large body", &reply, 413, 413);
    assert_eq!(asked(&sim), before, "the API was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_is_refused_in_the_style_of_its_path() {
    // Breaks: a client that reads `status` from every reply finds none.
    let (sim, gateway) = ready().await;
    let before = asked(&sim);
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        for version in ["v2", "v3"] {
            let target = format!("/{version}/cryptocurrency/quotes/latest?id=1");
            let request =
                gateway.client().request(method.clone(), &target, &[], Bytes::new()).await;
            let reply = request.unwrap();
            check_refused(&format!("{method} {version}"), &reply, 405, 405);
            assert_eq!(reply.envelope().unwrap().is_code_text, version == "v3");
        }
    }
    assert_eq!(asked(&sim), before, "the API was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_no_http_gets_an_envelope_too() {
    // Breaks: the one reply that comes from a library below us is the one nobody can read.
    let (sim, gateway) = ready().await;
    let before = asked(&sim);
    for (what, bytes) in [
        ("garbage", &b"HELLO WORLD\r\n\r\n"[..]),
        ("an unknown version", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
        ("a header without a name", b"GET /livez HTTP/1.1\r\n: x\r\nConnection: close\r\n\r\n"),
        (
            "a length that is no number",
            b"GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        ),
    ] {
        let reply = raw_exchange(gateway.authority(), bytes).await;
        let reply = reply.unwrap_or_else(|error| panic!("{what}: {error:#}"));
        assert!((400..600).contains(&reply.status), "{what}: {}", reply.text());
        check_refused(what, &reply, reply.status, i64::from(reply.status));
    }
    assert_eq!(asked(&sim), before, "the API was asked");
    assert_eq!(gateway.client().get("/livez").await.status, 200, "it still lives");
}
