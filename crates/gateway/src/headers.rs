//! The headers that tell the story of an answer.

use bytes::Bytes;
use cmcache::engine::{Answer, CacheState};
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AGE, CONTENT_TYPE, ETAG},
};

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const STATE: HeaderName = HeaderName::from_static("x-cmcache-cache");
const PACED: HeaderName = HeaderName::from_static("x-cmcache-paced");
const CREDITS: HeaderName = HeaderName::from_static("x-cmcache-credits");
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// The headers of `answer`.
pub(crate) fn of(answer: &Answer) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(AGE, HeaderValue::from(answer.age.as_secs()));
    headers.insert(CACHE_STATUS, cache_status(answer));
    headers.insert(ETAG, etag(answer.etag));
    headers.insert(STATE, HeaderValue::from_static(answer.cache.name()));
    headers.insert(CREDITS, HeaderValue::from(answer.charged.get()));
    if is_paced(answer) {
        headers.insert(PACED, HeaderValue::from(answer.paced_for.as_secs()));
    }
    headers
}

/// Whether an answer cost whoever got it nothing.
pub(crate) fn is_free(headers: &HeaderMap) -> bool {
    headers.get(CREDITS).is_some_and(|credits| credits == "0")
}

/// Whether part of the answer is older than the operator's age, so that the budget lasts.
fn is_paced(answer: &Answer) -> bool {
    !answer.paced_for.is_zero() && answer.cache != CacheState::Stale
}

/// RFC 9211: whether upstream had to be asked, and how long the answer stays fresh (negative
/// once it is not).
fn cache_status(answer: &Answer) -> HeaderValue {
    let state = match answer.cache {
        CacheState::Full if is_paced(answer) => "cmcache; hit; detail=paced; ttl=",
        CacheState::Partial if is_paced(answer) => {
            "cmcache; fwd=partial; stored; detail=paced; ttl="
        }
        CacheState::Full => "cmcache; hit; ttl=",
        CacheState::Stale => "cmcache; hit; detail=stale; ttl=-",
        CacheState::Partial => "cmcache; fwd=partial; stored; ttl=",
        CacheState::Cold => "cmcache; fwd=miss; stored; ttl=",
    };
    let seconds = match answer.cache {
        CacheState::Stale => answer.stale_for.as_secs(),
        _ => answer.fresh_for.as_secs(),
    };
    value(format!("{state}{seconds}"))
}

/// Weak: the envelope tells the time, so the bytes differ while the data does not.
fn etag(version: u64) -> HeaderValue {
    value(format!("W/\"{version:x}\""))
}

/// A header value of our own making.
fn value(text: String) -> HeaderValue {
    HeaderValue::from_maybe_shared(Bytes::from(text))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Whether the client holds this very version already.
pub(crate) fn is_known(asked: Option<&HeaderValue>, answer: &Answer) -> bool {
    let ours = etag(answer.etag);
    let Some(asked) = asked.and_then(|asked| asked.to_str().ok()) else { return false };
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let ours = strong(ours.to_str().unwrap_or_default());
    asked.trim() == "*" || asked.split(',').any(|tag| strong(tag) == ours)
}
