//! Who asks: client tokens, kept as hashes and compared in constant time.

use cmcache::cmc_api::Secret;
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
}

impl Clients {
    /// The hashes of `tokens`, under a pepper that lives as long as the process.
    pub(crate) fn new(tokens: &[(String, Secret)]) -> Self {
        let seed: Vec<&str> = tokens.iter().map(|(_, token)| token.expose()).collect();
        let pepper = *blake3::hash(seed.join("\n").as_bytes()).as_bytes();
        let client = |token: &Secret| Client {
            hash: blake3::keyed_hash(&pepper, token.expose().as_bytes()),
        };
        let known = tokens.iter().map(|(_, token)| client(token)).collect();
        Self { pepper, known }
    }

    /// Whether anybody is let in.
    pub(crate) const fn are_open(&self) -> bool {
        self.known.is_empty()
    }

    /// Checks the key of a request: the header wins over the query parameter.
    pub(crate) fn check(&self, headers: &HeaderMap, raw_query: &str) -> Result<(), Refused> {
        if self.are_open() {
            return Ok(());
        }
        let header = headers.get(KEY_HEADER).map(|value| value.as_bytes());
        let key = header.or_else(|| key_in(raw_query).map(str::as_bytes));
        let key = key.filter(|key| !key.is_empty()).ok_or(Refused::Missing)?;
        let hash = blake3::keyed_hash(&self.pepper, key);
        // Every known token is compared, so that time tells nothing of which one came close.
        let matches = self.known.iter().fold(0, |found, client| {
            found | client.hash.as_bytes().ct_eq(hash.as_bytes()).unwrap_u8()
        });
        if matches == 1 { Ok(()) } else { Err(Refused::Unknown) }
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
