//! Answer and every error → the API's envelope, status and headers.

use std::time::Duration;

use bytes::Bytes;
use cmcache::{
    clock::Timestamp,
    cmc_api::{
        QueryError, Style, UpstreamError, UpstreamErrorKind,
        envelope::{self, Status},
    },
    credits::{Denied, Window},
    engine::{Answer, AnswerError, Estimate, FlightError},
};
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};

use crate::{body::Sent, clients::Refused, headers, limits};

/// What goes out.
pub(crate) type Reply = Response<Sent>;

/// Wraps an answer's data in its envelope. The data itself is copied only if it is short.
pub(crate) fn answer(answer: &Answer) -> Reply {
    let timestamp = answer.at.iso();
    let status = Status {
        style: answer.style,
        timestamp: std::str::from_utf8(&timestamp).unwrap_or_default(),
        elapsed: 0,
        credit_count: answer.charged,
        total_count: answer.total_count,
    };
    let is_short = answer.data.len() <= limits::COPIED_BYTES_MAX;
    let mut out = Vec::with_capacity(320 + if is_short { answer.data.len() } else { 0 });
    envelope::success_head(&mut out, &status);
    let body = if is_short {
        out.extend_from_slice(&answer.data);
        envelope::success_tail(&mut out, &status);
        Sent::one(out.into())
    } else {
        let mut tail = Vec::with_capacity(256);
        envelope::success_tail(&mut tail, &status);
        Sent::three(out.into(), answer.data.clone(), tail.into())
    };
    let mut response = Response::new(body);
    *response.headers_mut() = headers::of(answer);
    response
}

/// The client holds this very data already.
pub(crate) fn not_modified(answer: &Answer) -> Reply {
    let mut response = Response::new(Sent::default());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = headers::of(answer);
    response
}

/// The price of a query, instead of its answer.
pub(crate) fn estimate(estimate: &Estimate, style: Style, at: Timestamp) -> Reply {
    let calls: Vec<_> = estimate
        .calls
        .iter()
        .map(|(call, price)| serde_json::json!({ "call": call, "credits": price.get() }))
        .collect();
    let data = serde_json::json!({
        "credits_with_cache": estimate.with_cache.get(),
        "credits_without_cache": estimate.without_cache.get(),
        "calls": calls,
    });
    let timestamp = at.to_string();
    let status = Status {
        style,
        timestamp: &timestamp,
        elapsed: 0,
        credit_count: cmcache::credits::Credits::ZERO,
        total_count: None,
    };
    let mut out = Vec::new();
    envelope::success_head(&mut out, &status);
    let text = data.to_string();
    match style {
        Style::Classic => cmcache::cmc_api::json::write_pretty(&mut out, &text, 1),
        Style::Java => out.extend_from_slice(text.as_bytes()),
    }
    envelope::success_tail(&mut out, &status);
    json(StatusCode::OK, out.into())
}

/// Any JSON.
pub(crate) fn json(status: StatusCode, body: Bytes) -> Reply {
    let mut response = Response::new(Sent::one(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// What an error looks like on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) http: u16,
    pub(crate) code: i64,
    pub(crate) message: String,
}

impl Said {
    pub(crate) fn new(http: u16, code: i64, message: impl Into<String>) -> Self {
        Self { http, code, message: message.into() }
    }
}

/// An enveloped error.
pub(crate) fn error(said: &Said, style: Style, at: Timestamp) -> Reply {
    let body = envelope::error_body(style, said.http, said.code, &said.message, &at.to_string());
    let status = StatusCode::from_u16(said.http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json(status, body)
}

/// The API's own words for a query that is wrong.
pub(crate) fn bad(error: &QueryError, at: Timestamp) -> Reply {
    let said = Said::new(error.http, error.code, error.message.clone());
    self::error(&said, error.style, at)
}

/// A client whose key is missing or unknown.
pub(crate) fn refused(refused: Refused, at: Timestamp) -> Reply {
    let said = match refused {
        Refused::Missing => Said::new(401, 1002, "API key missing."),
        Refused::Unknown => Said::new(401, 1001, "This API Key is invalid."),
    };
    error(&said, Style::Classic, at)
}

/// A client that asked more often than its minute allows.
pub(crate) fn too_many(wait: Duration, at: Timestamp) -> Reply {
    later(error(&Said::new(429, 1008, MINUTE), Style::Classic, at), Some(wait))
}

/// No answer: why, in the API's terms, and when to come back.
pub(crate) fn failure(failed: &AnswerError, style: Style, at: Timestamp) -> Reply {
    let response = match failed {
        AnswerError::Bad(query) => bad(query, at),
        other => error(&said(other), style, at),
    };
    later(response, failed.retry_after(at))
}

/// With when to come back, if that is known.
pub(crate) fn later(mut response: Reply, wait: Option<Duration>) -> Reply {
    if let Some(wait) = wait {
        let seconds = wait.as_millis().div_ceil(1_000).max(1);
        let seconds = HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// One exhaustive table of what clients are told.
pub(crate) fn said(failed: &AnswerError) -> Said {
    match failed {
        AnswerError::Bad(error) => Said::new(error.http, error.code, error.message.clone()),
        AnswerError::NotCached => Said::new(504, 504, failed.to_string()),
        AnswerError::TooDear { .. } => Said::new(412, 412, failed.to_string()),
        AnswerError::Failed(flight) => match flight {
            FlightError::Denied(denied) => of_denied(denied),
            FlightError::Upstream(error) => of_upstream(error),
            FlightError::Paused { error, .. } => match of_upstream(error) {
                said if said.http < 500 => said,
                said => Said::new(503, 503, said.message),
            },
            FlightError::Unsendable(_) => Said::new(400, 400, failed.to_string()),
            FlightError::Deadline => Said::new(504, 504, failed.to_string()),
            FlightError::Overloaded => Said::new(503, 503, failed.to_string()),
            _ => Said::new(502, 502, failed.to_string()),
        },
        _ => Said::new(500, 500, failed.to_string()),
    }
}

const MINUTE: &str = "You've exceeded your API Key's HTTP request rate limit. \
                      Rate limits reset every minute.";
const DAILY: &str = "You've exceeded your API Key's daily rate limit.";
const MONTHLY: &str = "You've exceeded your API Key's monthly rate limit.";

fn of_denied(denied: &Denied) -> Said {
    // Whoever may not spend while the budget is short has used up its part of the month.
    if let Denied::Withheld { .. } = denied {
        return Said::new(429, 1010, MONTHLY);
    }
    match denied.refusal().map(|refusal| refusal.window) {
        Some(Window::Minute) => Said::new(429, 1008, MINUTE),
        Some(Window::Day) => Said::new(429, 1009, DAILY),
        Some(Window::Month) => Said::new(429, 1010, MONTHLY),
        None => Said::new(503, 503, denied.to_string()),
    }
}

/// Upstream's errors. What it said of the query is passed on; what it said of the gateway's own
/// key is not the client's, so it is told as the gateway's trouble.
fn of_upstream(error: &UpstreamError) -> Said {
    let answer = error.answer.as_deref();
    match error.kind {
        UpstreamErrorKind::MinuteLimit | UpstreamErrorKind::Throttled => {
            Said::new(429, 1008, MINUTE)
        }
        UpstreamErrorKind::DailyLimit => Said::new(429, 1009, DAILY),
        UpstreamErrorKind::MonthlyLimit => Said::new(429, 1010, MONTHLY),
        UpstreamErrorKind::IpLimit => Said::new(429, 1011, "You've hit an IP rate limit."),
        UpstreamErrorKind::Refused | UpstreamErrorKind::PlanGate => match answer {
            // An unknown path is HTTP 200 with code 500: clients of the API know it so.
            Some(said) if said.http_status >= 400 || said.code >= 500 => {
                Said::new(said.http_status, said.code, said.message.clone())
            }
            Some(said) => Said::new(400, said.code, said.message.clone()),
            None => Said::new(400, 400, error.to_string()),
        },
        UpstreamErrorKind::Key | UpstreamErrorKind::Payment => {
            Said::new(502, 502, format!("upstream refuses the gateway's own key: {error}"))
        }
        UpstreamErrorKind::TimedOut => Said::new(504, 504, error.to_string()),
        UpstreamErrorKind::BreakerOpen => Said::new(503, 503, error.to_string()),
        _ => Said::new(502, 502, error.to_string()),
    }
}

/// The whole response for a refusal that came before any of our code.
pub(crate) fn raw_refusal(status: u16) -> Bytes {
    let message = match status {
        414 => "Request-URI Too Large",
        431 => "Request Header Fields Too Large",
        408 => "Request Timeout",
        _ => "Bad Request: this is not HTTP",
    };
    let now = cmcache::clock::Clock::now(&cmcache::clock::SystemClock);
    let body = envelope::error_body(Style::Classic, status, None, message, &now.to_string());
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut out = format!(
        "HTTP/1.1 {status} {}\r\ncontent-type: application/json; charset=utf-8\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n",
        reason.unwrap_or("Bad Request"),
        body.len()
    )
    .into_bytes();
    out.extend_from_slice(&body);
    out.into()
}

#[cfg(test)]
mod tests;
