//! From failures of the transport to our own error: the only place that reads them.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::{
    envelope,
    error::{self, Charge, UpstreamError, UpstreamErrorKind as Kind},
};

/// There is no answer.
pub(super) fn of_sending(error: reqwest::Error) -> UpstreamError {
    let (kind, charge) = if error.is_connect() {
        (Kind::Connect, Charge::Nothing)
    } else if error.is_builder() {
        (Kind::Refused, Charge::Nothing)
    } else if error.is_timeout() {
        (Kind::TimedOut, Charge::Unknown)
    } else {
        // It may have been served before the connection broke.
        (Kind::Interrupted, Charge::Unknown)
    };
    UpstreamError::new(kind, charge).with_source(error.without_url())
}

/// There are headers, but the body breaks off or cannot be unpacked (the client does not tell them
/// apart). A bad status already says all that matters.
pub(super) fn of_reading(http_status: u16, error: reqwest::Error) -> UpstreamError {
    let kind = match http_status {
        200..=299 if error.is_timeout() => Kind::TimedOut,
        200..=299 => Kind::Interrupted,
        _ => error::kind_by_http(http_status),
    };
    UpstreamError::new(kind, envelope::charge_of_unreadable(http_status))
        .with_source(error.without_url())
}

/// The body is longer than we take.
pub(super) fn of_long_body(http_status: u16) -> UpstreamError {
    UpstreamError::new(Kind::Interrupted, envelope::charge_of_unreadable(http_status))
}

/// Seconds, or a date that is compared with the server's own.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, &RETRY_AFTER)?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let parser = DateTimeParser::new();
    let until = parser.parse_timestamp(text).ok()?;
    let now = parser.parse_timestamp(self::text(headers, &DATE)?).ok()?;
    let seconds = until.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}
