use bytes::Bytes;
use credits::Credits;

use super::*;
use crate::{
    error::{Charge, UpstreamErrorKind},
    json::{Elements, Members},
    operation::Style,
    reply::Reply,
};

const EXAMPLES: &str = include_str!("examples.json");

fn read_text(http_status: u16, body: &str) -> Result<Reply, crate::UpstreamError> {
    read(http_status, Bytes::copy_from_slice(body.as_bytes()))
}

#[test]
fn every_example_splits_with_its_text_untouched() {
    // Breaks if a value is ever parsed and written again: prices would lose or gain digits.
    let examples = Elements::of(EXAMPLES).unwrap();
    assert!(examples.0.len() >= 14);
    for example in examples.0 {
        let reply = read_text(200, example).unwrap();
        let members = Members::of(example).unwrap();
        assert_eq!(reply.data, members.get("data").unwrap());
        assert_eq!(reply.status.raw, members.get("status").unwrap());
        assert_eq!(reply.status.error_code, 0);
        assert_eq!(reply.status.error_message, None);
        assert!(reply.status.timestamp.starts_with("2026-10-05T09:"));
        assert!(reply.status.elapsed > 0);
        assert_eq!(reply.charge, Charge::Exactly(reply.status.credit_count));
    }
}

#[test]
fn the_data_is_a_slice_of_the_body() {
    // Breaks if splitting copies: a listing of 5,000 coins has 3.6 MB.
    let body = Bytes::from_static(b"{\"data\":[1.10],\"status\":{\"credit_count\":1}}");
    let reply = read(200, body.clone()).unwrap();
    assert_eq!(reply.data.as_ptr(), body[8..].as_ptr());
    assert_eq!(reply.data, "[1.10]");
    assert_eq!(reply.body, body);
}

#[test]
fn order_types_and_unknown_members_do_not_matter() {
    // Breaks if a server's harmless change (a new key, a number as text) becomes an outage.
    let body = r#" {"new":{"status":1},"data": {"a":1e-8 } , "status":{"x":[],"total_count":"8231",
        "credit_count":"2","elapsed":1.5,"timestamp":null,"error_message":"","error_code":"0"}} "#;
    let reply = read_text(200, body).unwrap();
    assert_eq!(reply.data, "{\"a\":1e-8 }");
    assert_eq!(reply.status.total_count, Some(8_231));
    assert_eq!(reply.status.elapsed, 2);
    assert_eq!(reply.charge, Charge::Exactly(Credits::new(2)));
    assert_eq!(&*reply.status.timestamp, "");
}

#[test]
fn a_success_without_data_holds_null() {
    // Breaks if an empty success is taken for an error, or for an empty text.
    for body in [
        r#"{"status":{"error_code":0,"credit_count":0}}"#,
        r#"{"data":null,"status":{"error_code":0,"credit_count":0}}"#,
    ] {
        assert_eq!(read_text(200, body).unwrap().data, "null");
    }
}

#[test]
fn a_success_without_a_price_has_an_unknown_charge() {
    // Breaks if silence about the price is booked as free.
    let reply = read_text(200, r#"{"status":{"error_code":0},"data":1}"#).unwrap();
    assert_eq!(reply.charge, Charge::Unknown);
    assert_eq!(reply.status.credit_count, Credits::new(0));
}

#[test]
fn part_of_a_credit_is_booked_as_a_whole_one() {
    // Breaks if a fractional price is read as unknown or as nothing.
    let body = r#"{"status":{"error_code":0,"credit_count":0.025},"data":1}"#;
    assert_eq!(read_text(200, body).unwrap().charge, Charge::Exactly(Credits::new(1)));
}

#[test]
fn a_body_that_is_cut_is_not_an_envelope() {
    // Breaks if half an answer is taken for an answer, or for one that cost nothing.
    let example = Elements::of(EXAMPLES).unwrap().0[0];
    for end in [0, 1, 8, example.len() / 2, example.len() - 1] {
        let error = read_text(200, &example[..end]).unwrap_err();
        assert_eq!(error.kind, UpstreamErrorKind::NotJson);
        assert_eq!(error.charge, Charge::Unknown);
    }
}

fn status(style: Style, total_count: Option<u64>) -> Status<'static> {
    let credit_count = Credits::new(3);
    Status { style, timestamp: "2026-10-05T09:14:31.207Z", elapsed: 7, credit_count, total_count }
}

fn success(style: Style, total_count: Option<u64>) -> String {
    let mut out = Vec::new();
    success_head(&mut out, &status(style, total_count));
    out.extend_from_slice(b"[]");
    success_tail(&mut out, &status(style, total_count));
    String::from_utf8(out).unwrap()
}

#[test]
fn a_classic_success_is_pretty_and_begins_with_its_status() {
    // Breaks if a byte differs from what the v1 and v2 stack sends.
    let expected = r#"{
    "status": {
        "timestamp": "2026-10-05T09:14:31.207Z",
        "error_code": 0,
        "error_message": null,
        "elapsed": 7,
        "credit_count": 3,
        "notice": null,
        "total_count": 8231
    },
    "data": []
}"#;
    assert_eq!(success(Style::Classic, Some(8_231)), expected);
}

#[test]
fn a_java_success_is_compact_and_ends_with_its_status() {
    // Breaks if a byte differs from what the v3 stack sends.
    let expected = concat!(
        r#"{"data":[],"status":{"timestamp":"2026-10-05T09:14:31.207Z","error_code":"0","#,
        r#""error_message":"","elapsed":7,"credit_count":3}}"#
    );
    assert_eq!(success(Style::Java, None), expected);
}

#[test]
fn a_classic_error_can_be_matched_as_text() {
    // Breaks for clients that search for `"error_code": 1008`.
    let body = error_body(Style::Classic, 429, 1008, "Slow \"down\".", "2026-10-03T07:11:42.118Z");
    let expected = r#"{
    "status": {
        "timestamp": "2026-10-03T07:11:42.118Z",
        "error_code": 1008,
        "error_message": "Slow \"down\".",
        "elapsed": 0,
        "credit_count": 0,
        "notice": null
    }
}"#;
    assert_eq!(body, expected);
}

#[test]
fn a_java_error_has_its_code_as_text_and_falls_back_to_the_http_status() {
    // Breaks if an error without a platform code gets none at all.
    let body = error_body(Style::Java, 404, None, "Not Found", "2026-10-03T07:11:42.118Z");
    let expected = concat!(
        r#"{"status":{"timestamp":"2026-10-03T07:11:42.118Z","error_code":"404","#,
        r#""error_message":"Not Found","elapsed":0,"credit_count":0}}"#
    );
    assert_eq!(body, expected);
}

#[test]
fn what_is_written_is_read_back() {
    // Breaks if the two halves of this module disagree about the wire.
    for style in [Style::Classic, Style::Java] {
        let reply = read_text(200, &success(style, Some(5))).unwrap();
        assert_eq!(reply.data, "[]");
        assert_eq!(reply.status.total_count, Some(5));
        assert_eq!(reply.charge, Charge::Exactly(Credits::new(3)));
        let error = read(403, error_body(style, 403, 1006, "No.", "")).unwrap_err();
        assert_eq!(error.kind, UpstreamErrorKind::PlanGate);
        assert_eq!(error.answer.unwrap().message, "No.");
    }
}
