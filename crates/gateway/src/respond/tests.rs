use std::{sync::Arc, time::Duration};

use cmcache::cmc_api::{ApiError, Charge};
use http_body_util::BodyExt;

use super::*;

async fn text(reply: Reply) -> String {
    let body = reply.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

fn upstream(kind: UpstreamErrorKind) -> AnswerError {
    let error = UpstreamError::new(kind, Charge::Nothing);
    AnswerError::Failed(FlightError::Upstream(Box::new(error)))
}

#[test]
fn every_kind_of_trouble_has_its_code() {
    // Clients decide by code whether to wait, to give up, or to blame their own key.
    for (kind, http, code) in [
        (UpstreamErrorKind::Connect, 502, 502),
        (UpstreamErrorKind::TimedOut, 504, 504),
        (UpstreamErrorKind::Interrupted, 502, 502),
        (UpstreamErrorKind::NotJson, 502, 502),
        (UpstreamErrorKind::ServerFault, 502, 502),
        (UpstreamErrorKind::MinuteLimit, 429, 1008),
        (UpstreamErrorKind::DailyLimit, 429, 1009),
        (UpstreamErrorKind::MonthlyLimit, 429, 1010),
        (UpstreamErrorKind::IpLimit, 429, 1011),
        (UpstreamErrorKind::Key, 502, 502),
        (UpstreamErrorKind::Payment, 502, 502),
        (UpstreamErrorKind::BreakerOpen, 503, 503),
        (UpstreamErrorKind::Throttled, 429, 1008),
    ] {
        let said = said(&upstream(kind));
        assert_eq!((said.http, said.code), (http, code), "{kind:?}");
    }
}

#[test]
fn what_the_api_says_of_the_query_is_passed_on() {
    // An existing client knows these words.
    let answer = ApiError { http_status: 403, code: 1006, message: "not in your plan".to_owned() };
    let error =
        UpstreamError::new(UpstreamErrorKind::PlanGate, Charge::Nothing).with_answer(answer);
    let said = said(&AnswerError::Failed(FlightError::Upstream(Box::new(error))));
    assert_eq!(said, Said::new(403, 1006, "not in your plan"));
}

#[tokio::test]
async fn a_pause_tells_when_to_come_back() {
    // Without it, clients hammer.
    let now = Timestamp::from_millis(1_000);
    let error = Box::new(UpstreamError::new(UpstreamErrorKind::Connect, Charge::Nothing));
    let until = now.after(Duration::from_millis(1_500));
    let failed = AnswerError::Failed(FlightError::Paused { until, error });
    let reply = failure(&failed, Style::Classic, now);
    assert_eq!(reply.status(), 503);
    assert_eq!(reply.headers()["retry-after"], "2");
    let body = text(reply).await;
    assert!(body.contains("\"error_code\": 503"), "{body}");
    assert!(body.contains("\"credit_count\": 0"), "{body}");
}

#[tokio::test]
async fn a_long_answer_is_not_copied_and_a_short_one_is_whole() {
    // Both must be the same envelope.
    for n in [10, limits::COPIED_BYTES_MAX + 1] {
        let data = Bytes::from(format!("[{}]", "1,".repeat(n) + "1"));
        let sent = text(answer(&made(data.clone()))).await;
        let reply = cmcache::cmc_api::Reply::read(200, sent.into()).unwrap();
        assert_eq!(reply.data, data);
    }
}

#[test]
fn a_raw_refusal_is_a_whole_response() {
    // It is written instead of the HTTP library's own, byte for byte.
    let raw = String::from_utf8(raw_refusal(414).to_vec()).unwrap();
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 414 "), "{head}");
    assert!(head.contains(&format!("content-length: {}", body.len())));
    assert!(body.contains("\"error_code\": 414"), "{body}");
}

fn made(data: Bytes) -> Answer {
    let catalogue = cmcache::cmc_api::Catalogue::embedded();
    let path = "/v3/cryptocurrency/quotes/latest";
    let operation = catalogue.find(cmcache::cmc_api::Method::Get, path).unwrap();
    let query = cmcache::cmc_api::Query::parse(&catalogue, "GET", path, "id=1", Bytes::new());
    Answer {
        query: Arc::new(query.unwrap()),
        operation: Arc::clone(operation),
        style: Style::Java,
        data,
        total_count: None,
        age: Duration::from_secs(3),
        fresh_for: Duration::from_secs(57),
        stale_for: Duration::ZERO,
        paced_for: Duration::ZERO,
        cache: cmcache::engine::CacheState::Full,
        charged: cmcache::credits::Credits::ZERO,
        worth: cmcache::credits::Credits::new(1),
        etag: 7,
        at: Timestamp::from_millis(1_000),
    }
}

#[test]
fn what_the_budget_has_made_older_says_so() {
    // A client must be able to tell an old price from a stretched one, and by how much.
    let mut answer = made(Bytes::from_static(b"[]"));
    assert!(!headers::of(&answer).contains_key("x-cmcache-paced"));
    (answer.age, answer.paced_for) = (Duration::from_secs(100), Duration::from_secs(40));
    let headers = headers::of(&answer);
    assert_eq!(headers["age"], "100");
    assert_eq!(headers["x-cmcache-paced"], "40");
    assert_eq!(headers["cache-status"], "cmcache; hit; detail=paced; ttl=57");
    assert_eq!(headers["x-cmcache-cache"], "full", "scripts know four words");
}

#[test]
fn the_headers_tell_the_story() {
    // Users see the product work without a dashboard.
    let answer = made(Bytes::from_static(b"[]"));
    let headers = headers::of(&answer);
    assert_eq!(headers["age"], "3");
    assert_eq!(headers["cache-status"], "cmcache; hit; ttl=57");
    assert_eq!(headers["x-cmcache-cache"], "full");
    assert_eq!(headers["x-cmcache-credits"], "0");
    assert!(headers::is_known(Some(&HeaderValue::from_static("W/\"7\", \"8\"")), &answer));
    assert!(!headers::is_known(Some(&HeaderValue::from_static("W/\"8\"")), &answer));
}
