//! Who asks: the key of a request, and how often it came in this minute.

use std::time::Duration;

use cmcache::{Caller, Cmcache, clock::Timestamp};
use http::{HeaderMap, header::HeaderName};

const KEY_HEADER: HeaderName = HeaderName::from_static("x-cmc_pro_api_key");
const KEY_PARAMETER: &str = "cmc_pro_api_key";
const MINUTE_MS: i64 = 60_000;

/// What is wrong with a client's key, in the API's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// 1002
    Missing,
    /// 1001
    Unknown,
}

/// Checks the key of a request. `None`: anybody is let in.
pub(crate) fn check(
    cmcache: &Cmcache,
    headers: &HeaderMap,
    raw_query: &str,
) -> Result<Option<Caller>, Refused> {
    if cmcache.is_open() {
        return Ok(None);
    }
    let key = key_of(headers, raw_query).ok_or(Refused::Missing)?;
    cmcache.caller(key).map(Some).ok_or(Refused::Unknown)
}

/// The key of a request: the header wins over the query parameter.
fn key_of<'a>(headers: &'a HeaderMap, raw_query: &'a str) -> Option<&'a [u8]> {
    let header = headers.get(KEY_HEADER).map(|value| value.as_bytes());
    let key = header.or_else(|| key_in(raw_query).map(str::as_bytes));
    key.filter(|key| !key.is_empty())
}

/// Counts a request; when it is one more than its minute allows, says how long that lasts.
pub(crate) fn admit(caller: &Caller, now: Timestamp) -> Result<(), Duration> {
    let n_requests = caller.count(now);
    match caller.client().quota().minute {
        Some(limit) if n_requests > u64::from(limit) => Err(until_next_minute(now)),
        _ => Ok(()),
    }
}

/// How long this minute lasts.
pub(crate) fn until_next_minute(now: Timestamp) -> Duration {
    let left = MINUTE_MS - now.as_millis().rem_euclid(MINUTE_MS);
    Duration::from_millis(left.unsigned_abs())
}

/// The key in a query string, if it stands there.
fn key_in(raw_query: &str) -> Option<&str> {
    raw_query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case(KEY_PARAMETER).then_some(value)
    })
}

/// Whether a query string carries a key: such a text must not be remembered.
pub(crate) fn carries_key(raw_query: &str) -> bool {
    key_in(raw_query).is_some()
}

#[cfg(test)]
mod tests;
