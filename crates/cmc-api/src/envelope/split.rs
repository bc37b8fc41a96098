//! Splitting an answer into the raw texts of `status` and `data`.

use std::{borrow::Cow, sync::Arc, time::Duration};

use bytes::Bytes;
use credits::Credits;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    error::{self, ApiError, Charge, UpstreamError, UpstreamErrorKind},
    reply::{ApiStatus, Reply, Timing},
};

/// The two members that matter; others, and their order, carry no meaning.
#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// Every member is raw, so that an odd type in one of them does not cost us the others.
#[derive(Deserialize)]
struct WireStatus<'a> {
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    error_code: Option<&'a RawValue>,
    #[serde(borrow)]
    error_message: Option<&'a RawValue>,
    #[serde(borrow)]
    elapsed: Option<&'a RawValue>,
    #[serde(borrow)]
    credit_count: Option<&'a RawValue>,
    #[serde(borrow)]
    total_count: Option<&'a RawValue>,
}

/// Reads a complete body.
///
/// # Errors
/// [`UpstreamError`] if the API reports an error, by its own code first and by the HTTP status
/// second, or if the body is no envelope.
pub fn read(http_status: u16, body: Bytes) -> Result<Reply, UpstreamError> {
    let Some((wire, status)) = envelope_of(&body) else {
        return Err(no_envelope(http_status));
    };
    let code = status.error_code.map_or(Code::Absent, code_of);
    let charged = status.credit_count.and_then(whole);
    let good = matches!(http_status, 200..=299)
        && match code {
            Code::Is(code) => code == 0,
            // Nobody complains, and there is something: take it.
            Code::Absent => wire.data.is_some(),
            Code::Odd => false,
        };
    if !good {
        return Err(refusal(http_status, code, &status, charged));
    }
    let data = wire.data.map_or_else(null, |raw| body.slice_ref(raw.get().as_bytes()));
    let raw = wire.status.map_or_else(null, |raw| body.slice_ref(raw.get().as_bytes()));
    let status = api_status(&status, raw, charged.unwrap_or(0));
    let charge = charged.map_or(Charge::Unknown, |n| Charge::Exactly(Credits::new(n)));
    let timing = Timing { attempts: 1, ..Timing::default() };
    let age = Duration::ZERO;
    Ok(Reply { data, status, http_status, timing, age, charge, body })
}

/// What a body costs that cannot be read: a bad status is never charged, a good one may be.
pub(crate) fn charge_of_unreadable(http_status: u16) -> Charge {
    if matches!(http_status, 200..=299) { Charge::Unknown } else { Charge::Nothing }
}

const fn null() -> Bytes {
    Bytes::from_static(b"null")
}

fn envelope_of(body: &Bytes) -> Option<(Wire<'_>, WireStatus<'_>)> {
    let wire: Wire<'_> = serde_json::from_slice(body).ok()?;
    let status = serde_json::from_str(wire.status?.get()).ok()?;
    Some((wire, status))
}

fn no_envelope(http_status: u16) -> UpstreamError {
    UpstreamError::new(error::kind_by_http(http_status), charge_of_unreadable(http_status))
}

fn refusal(
    http_status: u16,
    code: Code,
    status: &WireStatus<'_>,
    charged: Option<u64>,
) -> UpstreamError {
    let named = match code {
        Code::Is(code) if code != 0 => Some(code),
        Code::Is(_) | Code::Absent | Code::Odd => None,
    };
    let kind: UpstreamErrorKind = error::kind_by_body(named, http_status);
    // Errors are documented as free; should one ever name a price, it is believed.
    let charge = match charged {
        Some(n) if n > 0 => Charge::Exactly(Credits::new(n)),
        Some(_) | None => Charge::Nothing,
    };
    UpstreamError::new(kind, charge).with_answer(ApiError {
        http_status,
        code: named.unwrap_or_else(|| i64::from(http_status)),
        message: status.error_message.and_then(text).unwrap_or_default(),
    })
}

fn api_status(status: &WireStatus<'_>, raw: Bytes, credit_count: u64) -> ApiStatus {
    ApiStatus {
        timestamp: status.timestamp.and_then(text).map_or_else(|| Arc::from(""), Arc::from),
        error_code: 0,
        error_message: status.error_message.and_then(text).filter(|text| !text.is_empty()),
        elapsed: status.elapsed.and_then(whole).unwrap_or(0),
        credit_count: Credits::new(credit_count),
        total_count: status.total_count.and_then(whole),
        raw,
    }
}

/// An `error_code` as found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Absent,
    Is(i64),
    /// Neither a number nor a number in a string.
    Odd,
}

fn code_of(raw: &RawValue) -> Code {
    let unquoted = unquoted(raw);
    if unquoted == "null" {
        return Code::Absent;
    }
    unquoted.trim().parse().map_or(Code::Odd, Code::Is)
}

/// The text of a string; `None` for anything else.
fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

/// A number or a number in a string, rounded up to a whole one: half a credit is booked as one.
fn whole(raw: &RawValue) -> Option<u64> {
    let text = unquoted(raw);
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<f64>().ok().and_then(rounded_up))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to lie between 0 and 2^53"
)]
fn rounded_up(number: f64) -> Option<u64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    (0.0..=LIMIT).contains(&number).then(|| number.ceil() as u64)
}

fn unquoted(raw: &RawValue) -> Cow<'_, str> {
    text(raw).map_or_else(|| Cow::Borrowed(raw.get()), Cow::Owned)
}
