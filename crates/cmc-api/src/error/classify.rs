//! From codes to kinds: the body's code first, the HTTP status second.

use super::UpstreamErrorKind as Kind;

/// The kind that the API's own code names; `None` if the code says nothing.
pub(crate) const fn kind_by_code(code: i64) -> Option<Kind> {
    Some(match code {
        1001 | 1002 | 1005 | 1007 => Kind::Key,
        1003 | 1004 => Kind::Payment,
        1006 => Kind::PlanGate,
        1008 => Kind::MinuteLimit,
        1009 => Kind::DailyLimit,
        // 1015 is hearsay: "monthly credits exhausted" in one catalogue.
        1010 | 1015 => Kind::MonthlyLimit,
        1011 | 1022 | 429 => Kind::IpLimit,
        401 => Kind::Key,
        402 => Kind::Payment,
        408 => Kind::TimedOut,
        400..=499 | 4000..=4999 => Kind::Refused,
        500..=599 => Kind::ServerFault,
        _ => return None,
    })
}

/// The kind of an error that came in an envelope.
pub(crate) fn kind_by_body(code: Option<i64>, http_status: u16) -> Kind {
    code.and_then(kind_by_code).unwrap_or(match http_status {
        // An unknown trouble under a good status, or an envelope without a code.
        200..=299 => Kind::ServerFault,
        // The API itself speaks: a refusal, unlike the same status from a proxy.
        403 => Kind::Refused,
        _ => kind_by_http(http_status),
    })
}

/// The kind of an answer without an envelope.
pub(crate) const fn kind_by_http(http_status: u16) -> Kind {
    match http_status {
        401 => Kind::Key,
        402 => Kind::Payment,
        408 => Kind::TimedOut,
        429 => Kind::IpLimit,
        // The API always answers in JSON: a bare 403 is a firewall in front of it.
        403 => Kind::NotJson,
        400..=499 => Kind::Refused,
        500..=599 => Kind::ServerFault,
        _ => Kind::NotJson,
    }
}
