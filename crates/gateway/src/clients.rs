//! Who asks: client tokens, kept as hashes and compared in constant time.

use std::sync::atomic::{AtomicU64, Ordering};

use cmcache::{clock::Timestamp, cmc_api::Secret};
use http::{HeaderMap, header::HeaderName};
use subtle::ConstantTimeEq;

const KEY_HEADER: HeaderName = HeaderName::from_static("x-cmc_pro_api_key");
const KEY_PARAMETER: &str = "cmc_pro_api_key";

/// What is wrong with a client's key, in the API's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// 1002
    Missing,
    /// 1001
    Unknown,
}

/// The clients that are known.
#[derive(Debug)]
pub(crate) struct Clients {
    pepper: [u8; 32],
    known: Vec<Client>,
}

#[derive(Debug)]
struct Client {
    hash: blake3::Hash,
    /// The minute since the epoch, and above it the requests that came in it.
    minute: AtomicU64,
}

/// Bits of a minute's number; the rest counts requests.
const MINUTE_BITS: u32 = 32;

/// A client that was let in, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known(usize);

impl Clients {
    /// The hashes of `tokens`, under a pepper that lives as long as the process.
    pub(crate) fn new(tokens: &[(String, Secret)]) -> Self {
        let seed: Vec<&str> = tokens.iter().map(|(_, token)| token.expose()).collect();
        let pepper = *blake3::hash(seed.join("\n").as_bytes()).as_bytes();
        let client = |token: &Secret| Client {
            hash: blake3::keyed_hash(&pepper, token.expose().as_bytes()),
            minute: AtomicU64::new(0),
        };
        let known = tokens.iter().map(|(_, token)| client(token)).collect();
        Self { pepper, known }
    }

    /// Whether anybody is let in.
    pub(crate) const fn are_open(&self) -> bool {
        self.known.is_empty()
    }

    /// Checks the key of a request: the header wins over the query parameter. `None`: anybody is
    /// let in.
    pub(crate) fn check(
        &self,
        headers: &HeaderMap,
        raw_query: &str,
    ) -> Result<Option<Known>, Refused> {
        if self.are_open() {
            return Ok(None);
        }
        let header = headers.get(KEY_HEADER).map(|value| value.as_bytes());
        let key = header.or_else(|| key_in(raw_query).map(str::as_bytes));
        let key = key.filter(|key| !key.is_empty()).ok_or(Refused::Missing)?;
        let hash = blake3::keyed_hash(&self.pepper, key);
        // Every known token is compared, so that time tells nothing of which one came close.
        let found = self.known.iter().enumerate().fold(None, |found, (place, client)| {
            let is_it = bool::from(client.hash.as_bytes().ct_eq(hash.as_bytes()));
            if is_it { Some(Known(place)) } else { found }
        });
        found.map(Some).ok_or(Refused::Unknown)
    }

    /// Counts a request of a client, and says how many it has made in this minute.
    pub(crate) fn count(&self, known: Known, now: Timestamp) -> u64 {
        let minute = now.since_epoch().as_secs() / 60;
        let next = |packed: u64| {
            let is_same = packed & ((1 << MINUTE_BITS) - 1) == minute;
            let n_before = if is_same { packed >> MINUTE_BITS } else { 0 };
            ((n_before + 1) << MINUTE_BITS) | minute
        };
        let counter = &self.known[known.0].minute;
        let before =
            counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |packed| Some(next(packed)));
        next(before.unwrap_or_default()) >> MINUTE_BITS
    }
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
