use bytes::Bytes;

use super::{UpstreamErrorKind as Kind, *};
use crate::{envelope, operation::Style};

/// HTTP status, code of the body, kind, retryable.
const TABLE: &[(u16, i64, Kind, bool)] = &[
    (400, 400, Kind::Refused, false),
    (400, 4001, Kind::Refused, false),
    (400, 4002, Kind::Refused, false),
    (401, 1001, Kind::Key, false),
    (401, 1002, Kind::Key, false),
    (402, 1003, Kind::Payment, false),
    (402, 1004, Kind::Payment, false),
    (403, 1005, Kind::Key, false),
    (403, 1006, Kind::PlanGate, false),
    (403, 1007, Kind::Key, false),
    (429, 1008, Kind::MinuteLimit, true),
    (429, 1009, Kind::DailyLimit, false),
    (429, 1010, Kind::MonthlyLimit, false),
    (429, 1011, Kind::IpLimit, true),
    (429, 1015, Kind::MonthlyLimit, false),
    (429, 1022, Kind::IpLimit, true),
    (500, 500, Kind::ServerFault, true),
    (404, 404, Kind::Refused, false),
    (403, 403, Kind::Refused, false),
    (405, 405, Kind::Refused, false),
    (429, 429, Kind::IpLimit, true),
    // A good status does not make an error good: the body decides.
    (200, 500, Kind::ServerFault, true),
    (200, 1001, Kind::Key, false),
    (200, 1008, Kind::MinuteLimit, true),
    (200, 4001, Kind::Refused, false),
    // Nor does a bad status change what the body says.
    (500, 1008, Kind::MinuteLimit, true),
    (503, 400, Kind::Refused, false),
    // A code nobody knows: then the status decides.
    (400, 7777, Kind::Refused, false),
    (502, 7777, Kind::ServerFault, true),
    (200, 7777, Kind::ServerFault, true),
];

#[test]
fn every_documented_error_is_told_apart_in_both_styles() {
    // Breaks if a code is read as another kind: a plan gate would be retried, a limit given up.
    for &(http_status, code, kind, retryable) in TABLE {
        for style in [Style::Classic, Style::Java] {
            let body = envelope::error_body(style, http_status, code, "said so", "");
            let error = envelope::read(http_status, body).unwrap_err();
            assert_eq!(error.kind, kind, "{http_status} {code}");
            assert_eq!(error.charge, Charge::Nothing, "{http_status} {code}");
            assert_eq!(error.is_retryable(), retryable, "{http_status} {code}");
            let answer = *error.answer.unwrap();
            assert_eq!(answer, ApiError { http_status, code, message: "said so".to_owned() });
        }
    }
}

#[test]
fn an_answer_without_an_envelope_is_judged_by_its_status() {
    // Breaks if a proxy's page is booked as spent, or a lost answer as free.
    let pages =
        ["", "<html>502 Bad Gateway</html>", "[]", "{}", "{\"error\":\"x\"}", "null", "\u{7f}"];
    let cases = [
        (200, Kind::NotJson, Charge::Unknown),
        (302, Kind::NotJson, Charge::Nothing),
        (401, Kind::Key, Charge::Nothing),
        (403, Kind::NotJson, Charge::Nothing),
        (404, Kind::Refused, Charge::Nothing),
        (408, Kind::TimedOut, Charge::Nothing),
        (414, Kind::Refused, Charge::Nothing),
        (429, Kind::IpLimit, Charge::Nothing),
        (500, Kind::ServerFault, Charge::Nothing),
        (502, Kind::ServerFault, Charge::Nothing),
        (503, Kind::ServerFault, Charge::Nothing),
        (504, Kind::ServerFault, Charge::Nothing),
    ];
    for page in pages {
        for (http_status, kind, charge) in cases {
            let error = envelope::read(http_status, Bytes::from(page)).unwrap_err();
            assert_eq!((error.kind, error.charge), (kind, charge), "{http_status} {page:?}");
            assert!(error.answer.is_none());
        }
    }
}

#[test]
fn odd_error_bodies_are_still_read() {
    // Breaks if an unusual member hides what the API says.
    let body = r#"{"status":{"error_code":4001,"category":"VALIDATION","error_detail":{},
        "error_message":"Invalid parameter"},"data":{}}"#;
    let error = envelope::read(400, Bytes::from(body)).unwrap_err();
    assert_eq!(error.kind, Kind::Refused);
    assert_eq!(error.to_string(), "the API refused the query (4001: Invalid parameter)");
    for code in ["\"BAD\"", "null", "{}", "true"] {
        let body = format!("{{\"status\":{{\"error_code\":{code}}}}}");
        let error = envelope::read(503, Bytes::from(body)).unwrap_err();
        assert_eq!(error.kind, Kind::ServerFault);
        assert_eq!(error.answer.unwrap().code, 503);
    }
}

#[test]
fn an_error_that_names_a_price_is_believed() {
    // Breaks if money is lost track of because errors should be free.
    let body = r#"{"status":{"error_code":500,"credit_count":2}}"#;
    let error = envelope::read(500, Bytes::from(body)).unwrap_err();
    assert_eq!(error.charge, Charge::Exactly(Credits::new(2)));
}

#[test]
fn a_bad_status_is_never_a_success() {
    // Breaks if a 503 whose body says 0 is cached as an answer.
    let body = r#"{"status":{"error_code":0,"credit_count":0},"data":[]}"#;
    let error = envelope::read(503, Bytes::from(body)).unwrap_err();
    assert_eq!(error.kind, Kind::ServerFault);
}

#[test]
fn only_a_refused_query_and_a_plan_gate_are_no_outage() {
    // Breaks if old entries hide a client's own mistake, or are withheld in an outage.
    for kind in Kind::ALL {
        let is_mistake = matches!(kind, Kind::Refused | Kind::PlanGate);
        assert_eq!(kind.is_outage(), !is_mistake, "{kind:?}");
    }
}

#[test]
fn kinds_have_distinct_names() {
    // Breaks if two kinds fall together in metrics.
    let names: std::collections::BTreeSet<_> = Kind::ALL.map(Kind::name).into();
    assert_eq!(names.len(), Kind::ALL.len());
}

#[test]
fn clones_share_the_cause() {
    // Breaks if the askers of one flight cannot all be told.
    let error = UpstreamError::new(Kind::Connect, Charge::Nothing)
        .with_source(std::io::Error::other("refused"));
    let clone = error.clone();
    for error in [error, clone] {
        assert_eq!(Error::source(&error).unwrap().to_string(), "refused");
        assert_eq!(error.to_string(), "the API cannot be reached");
    }
}
