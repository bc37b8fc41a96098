pub(super) mod server;

use std::{error::Error, sync::Arc, time::Instant};

use resilience::BreakerConfig;
use server::{Served, serve};

use super::*;
use crate::{
    UpstreamErrorKind as Kind,
    error::Charge,
    id::CoinId,
    layers::{Breakers, RateConfig, RateLimit, Retry, RetryConfig, Timed},
    secret::Secret,
    upstream::Layer,
};

const CANARY: &str = "canary-0b1c2d3e";
const GOOD: &str = concat!(
    r#"{"data":{"price":84211.7500},"status":{"error_code":"0","error_message":"","elapsed":1,"#,
    r#""credit_count":1,"timestamp":"2026-10-05T09:14:31.207Z"}}"#
);
/// `GOOD`, as `gzip -9` packs it.
const GOOD_GZIP: [u8; 135] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 45, 203, 65, 14, 194, 32, 16, 133, 225, 187, 204, 154, 54, 51,
    216, 90, 229, 28, 93, 185, 49, 19, 32, 134, 196, 90, 194, 76, 87, 13, 119, 23, 140, 219, 239,
    253, 239, 132, 192, 202, 224, 78, 200, 37, 249, 8, 238, 54, 89, 162, 113, 153, 17, 171, 1, 81,
    214, 67, 250, 26, 75, 217, 203, 211, 239, 161, 37, 128, 96, 254, 176, 69, 17, 126, 117, 235,
    244, 230, 44, 49, 128, 35, 3, 190, 196, 144, 180, 29, 142, 143, 254, 64, 83, 107, 149, 183,
    220, 90, 139, 246, 58, 16, 14, 56, 175, 120, 119, 52, 185, 11, 141, 22, 151, 7, 212, 250, 5,
    40, 44, 31, 245, 144, 0, 0, 0,
];

fn config(base_url: &str) -> HttpConfig {
    #[expect(clippy::disallowed_methods, reason = "real sockets need real time")]
    let start = Instant::now();
    let now: Now = Arc::new(move || start.elapsed());
    HttpConfig {
        key: Some(Secret::from(CANARY)),
        timeout: Duration::from_millis(1_000),
        ..HttpConfig::new(base_url, now)
    }
}

async fn ask(served: Served) -> Result<Reply, UpstreamError> {
    let server = serve(served);
    let upstream = HttpUpstream::new(config(&server.base_url)).unwrap();
    let result = upstream.call(&Call::key_info()).await;
    if let Err(error) = &result {
        assert_no_canary(error);
    }
    result
}

/// Nothing that an error shows, at any depth, holds the key or the URL.
fn assert_no_canary(error: &UpstreamError) {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        shown.push_str(&format!("{error} {error:?}"));
        source = error.source();
    }
    assert!(!shown.contains(CANARY), "{shown}");
    assert!(!shown.contains("http://"), "{shown}");
}

fn good(extra_headers: &str, body: &[u8]) -> Served {
    Served::answer("200 OK", extra_headers, body)
}

#[tokio::test]
async fn an_answer_comes_back_with_its_number_text_and_its_times() {
    // Breaks if the way out changes what the API said.
    let reply = ask(good("", GOOD.as_bytes())).await.unwrap();
    assert_eq!(reply.body, GOOD);
    assert_eq!(reply.data, "{\"price\":84211.7500}");
    assert_eq!((reply.http_status, reply.timing.attempts), (200, 1));
    assert!(reply.timing.wait > Duration::ZERO);
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    // Breaks if compression is offered but not understood.
    let reply = ask(good("content-encoding: gzip\r\n", &GOOD_GZIP)).await.unwrap();
    assert_eq!(reply.body, GOOD);
}

#[tokio::test]
async fn the_key_travels_in_its_header_and_nowhere_else() {
    // Breaks if the key lands in a URL, where every proxy logs it.
    let server = serve(good("", GOOD.as_bytes()));
    let upstream = HttpUpstream::new(config(&server.base_url)).unwrap();
    let call = Call::quotes(&[CoinId::new(1)], &[CoinId::USD]).unwrap();
    upstream.call(&call).await.unwrap();
    let request = server.requests().remove(0).to_lowercase();
    let (line, headers) = request.split_once("\r\n").unwrap();
    assert!(line.starts_with("get /v3/cryptocurrency/quotes/latest?id=1&convert_id=2781&"));
    assert!(!line.contains(CANARY));
    assert!(headers.contains(&format!("x-cmc_pro_api_key: {CANARY}\r\n")));
    assert_eq!(headers.matches(CANARY).count(), 1);
    for wanted in ["accept: application/json", "user-agent: cmcache/", "gzip", "br", "zstd"] {
        assert!(headers.contains(wanted), "{wanted}: {headers}");
    }
}

#[tokio::test]
async fn a_keyless_upstream_sends_no_key_even_if_it_has_one() {
    // Breaks if the keyless API gets to know the key.
    let server = serve(good("", GOOD.as_bytes()));
    let base_url = format!("{}/public-api/", server.base_url);
    let upstream = HttpUpstream::new(HttpConfig { keyless: true, ..config(&base_url) }).unwrap();
    upstream.call(&Call::key_info()).await.unwrap();
    let request = server.requests().remove(0);
    assert!(request.starts_with("GET /public-api/v1/key/info HTTP/1.1\r\n"));
    assert!(!request.contains(CANARY));
}

#[tokio::test]
async fn nothing_is_charged_if_nobody_listens() {
    // Breaks if an outage empties the budget.
    let upstream = HttpUpstream::new(config("http://127.0.0.1:1")).unwrap();
    let error = upstream.call(&Call::key_info()).await.unwrap_err();
    assert_eq!((error.kind, error.charge), (Kind::Connect, Charge::Nothing));
    assert_no_canary(&error);
}

#[tokio::test]
async fn what_breaks_after_sending_may_have_been_charged() {
    // Breaks if a lost answer is booked as free: spending would exceed the budget.
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":".to_vec();
    let until = Duration::from_secs(4);
    let cases = [
        (Served::Raw(half.clone()), Kind::Interrupted),
        (Served::Raw(Vec::new()), Kind::Interrupted),
        (Served::Reset, Kind::Interrupted),
        (Served::Slow { first: Vec::new(), until }, Kind::TimedOut),
        (Served::Slow { first: half, until }, Kind::TimedOut),
        (good("content-encoding: gzip\r\n", &GOOD_GZIP[..60]), Kind::Interrupted),
        (good("", b"<html>hello</html>"), Kind::NotJson),
        (good("", b""), Kind::NotJson),
    ];
    for (served, kind) in cases {
        let error = ask(served).await.unwrap_err();
        assert_eq!((error.kind, error.charge), (kind, Charge::Unknown));
    }
}

#[tokio::test]
async fn bad_statuses_cost_nothing_whatever_their_body() {
    // Breaks if a proxy's error page is booked as spent.
    let page = "<html>502 Bad Gateway</html>".as_bytes();
    let half = b"HTTP/1.1 503 Busy\r\ncontent-length: 500\r\nretry-after: 7\r\n\r\n<ht".to_vec();
    let moved = "location: http://127.0.0.1:1/elsewhere\r\n";
    let cases = [
        (Served::answer("502 Bad Gateway", "", page), Kind::ServerFault, None),
        (Served::answer("504 Gateway Timeout", "", b""), Kind::ServerFault, None),
        (Served::Raw(half), Kind::ServerFault, Some(7)),
        (Served::answer("302 Found", moved, b""), Kind::NotJson, None),
        (Served::answer("429 Slow", "retry-after: 3\r\n", b""), Kind::IpLimit, Some(3)),
    ];
    for (served, kind, retry_after) in cases {
        let error = ask(served).await.unwrap_err();
        assert_eq!((error.kind, error.charge), (kind, Charge::Nothing));
        assert_eq!(error.retry_after, retry_after.map(Duration::from_secs));
    }
}

#[tokio::test]
async fn a_date_to_come_back_is_compared_with_the_servers_own_clock() {
    // Breaks if our clock, which may be wrong, decides how long to wait.
    let headers =
        "date: Wed, 21 Oct 2026 07:28:00 GMT\r\nretry-after: Wed, 21 Oct 2026 07:28:42 GMT\r\n";
    let error = ask(Served::answer("503 Busy", headers, b"")).await.unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_secs(42)));
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_not_read_to_its_end() {
    // Breaks if an endless answer fills the memory.
    let server = serve(good("", GOOD.as_bytes()));
    let bound = HttpConfig { body_bytes_max: 100, ..config(&server.base_url) };
    let error = HttpUpstream::new(bound).unwrap().call(&Call::key_info()).await.unwrap_err();
    assert_eq!((error.kind, error.charge), (Kind::Interrupted, Charge::Unknown));
}

#[tokio::test]
async fn connections_are_bounded_kept_and_counted() {
    // Breaks if a rush opens a connection per call, or a connection serves one call only.
    let server = serve(good("", GOOD.as_bytes()));
    let bound = HttpConfig { max_connections: 1, ..config(&server.base_url) };
    let upstream = HttpUpstream::new(bound).unwrap();
    let call = Call::key_info();
    let (one, other) = tokio::join!(upstream.call(&call), upstream.call(&call));
    assert!(one.unwrap().timing.queue < other.unwrap().timing.queue);
    assert_eq!((server.requests().len(), server.n_connections()), (2, 1));
    assert_eq!(upstream.pool(), PoolUsage { in_use: 0, waiting: 0, limit: 1 });
}

#[tokio::test]
async fn a_call_that_finds_no_place_in_time_was_never_sent() {
    // Breaks if waiting for a connection has no end, or is booked as spent.
    let server = serve(Served::Slow { first: Vec::new(), until: Duration::from_secs(4) });
    let timeout = Duration::from_millis(300);
    let bound = HttpConfig { max_connections: 1, timeout, ..config(&server.base_url) };
    let upstream = HttpUpstream::new(bound).unwrap();
    let slot = upstream.pool.enter().await;
    let error = upstream.call(&Call::key_info()).await.unwrap_err();
    assert_eq!((error.kind, error.charge), (Kind::TimedOut, Charge::Nothing));
    assert_eq!(error.attempts, 0);
    assert_eq!(upstream.pool(), PoolUsage { in_use: 1, waiting: 0, limit: 1 });
    drop(slot);
}

#[test]
fn settings_that_cannot_work_are_refused_without_showing_secrets() {
    // Breaks if a password in a URL, or the key, is printed with a configuration error.
    let hidden = format!("https://user:{CANARY}@example.org");
    let in_query = format!("https://example.org/?CMC_PRO_API_KEY={CANARY}");
    for base_url in [hidden.as_str(), &in_query, CANARY, "ftp://example.org", ""] {
        let config = config(base_url);
        let error = HttpUpstream::new(config.clone()).unwrap_err();
        assert!(matches!(error, HttpError::BaseUrl));
        assert!(!format!("{config:?} {error} {error:?}").contains(CANARY));
    }
    let bad_key = HttpConfig { key: Some(Secret::from("canary\n")), ..config("http://localhost") };
    assert!(matches!(HttpUpstream::new(bad_key).unwrap_err(), HttpError::Key));
    let no_key = HttpConfig { key: None, ..config("http://localhost") };
    assert!(matches!(HttpUpstream::new(no_key).unwrap_err(), HttpError::NoKey));
}

#[test]
fn the_key_is_not_shown_by_what_holds_it() {
    // Breaks if a log of the wiring holds the key.
    let config = config("https://example.org/");
    let upstream = HttpUpstream::new(config.clone()).unwrap();
    let client = format!("{:?}", upstream.client);
    let now = Arc::clone(&config.now);
    let wrapped = RateLimit::new(RateConfig::default(), Arc::clone(&now)).layer(upstream);
    let wrapped = Breakers::new(BreakerConfig::default(), Arc::clone(&now)).layer(wrapped);
    let wrapped = Retry::new(RetryConfig::default(), Arc::clone(&now)).layer(wrapped);
    let wrapped = Timed::new(now).layer(wrapped);
    let shown = format!("{config:?} {config:#?} {wrapped:?} {client}");
    assert!(!shown.contains(CANARY), "{shown}");
    assert!(shown.contains("https://example.org"));
}

#[tokio::test]
async fn a_path_that_does_not_exist_is_no_outage() {
    // HTTP 200 with code 500 for a typing error must neither be retried nor trip a breaker.
    let busy = r#"{"status":{"error_code":"500","error_message":"The system is busy"}}"#;
    let server = serve(good("", busy.as_bytes()));
    let upstream = HttpUpstream::new(config(&server.base_url)).unwrap();
    let catalogue = crate::Catalogue::embedded();
    let kind_of = async |path: &str| {
        let query = crate::Query::parse(&catalogue, "GET", path, "", Bytes::new()).unwrap();
        upstream.call(&Call::whole(&query).unwrap()).await.unwrap_err().kind
    };
    assert_eq!(kind_of("/v2/cryptocurrency/listings/latest").await, UpstreamErrorKind::Refused);
    assert_eq!(kind_of("/v1/key/info").await, UpstreamErrorKind::ServerFault);
}
