//! Recorded traffic: one exchange per line of JSON, written by this simulator or by anybody else.

mod recorder;
mod replay;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub(crate) use recorder::{RecordReport, Recorder};
pub(crate) use replay::Replay;

use crate::core::Arrival;
use crate::query::RawQuery;
use crate::reply::{Ending, Reply};
use crate::time::{self, Millis};

/// Headers that are recorded and replayed beside the type of the content.
const HEADERS: [&str; 4] = ["retry-after", "x-ratelimit-reset", "date", "allow"];
const JSON: &str = "application/json; charset=utf-8";

/// A request and its answer: one line of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The instant of the answer, ISO-8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// In capitals.
    pub method: String,
    /// With its prefix, without the query.
    pub path: String,
    /// The parameters by name, without the key.
    #[serde(default)]
    pub query: String,
    /// FNV-1a (64 bits, hexadecimal) of the request's body, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_hash: Option<String>,
    /// Who asked: never the key, always the same text for the same key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Of HTTP.
    pub status: u16,
    /// The type of the answer's body.
    #[serde(default = "json_type")]
    pub content_type: String,
    /// `retry-after`, `x-ratelimit-reset`, `date`, `allow`, where they were sent; others are not
    /// replayed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// How the answer ended: `whole`, `halved`, `reset`, `never` or `dripped`.
    #[serde(default)]
    pub ending: Ended,
    /// What it cost, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits: Option<u64>,
    /// The answer, decoded; a halved one is kept whole.
    pub body: String,
}

/// How a recorded answer ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ended {
    /// As it should.
    #[default]
    Whole,
    /// In the middle of the body.
    Halved,
    /// Before the first byte.
    Reset,
    /// Not at all.
    Never,
    /// Slowly.
    Dripped,
}

/// Why a recording cannot be written or replayed.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// The file cannot be opened or read.
    #[error("{file}: {reason}")]
    File {
        /// Which.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// A line that is no exchange.
    #[error("{file}:{line}: {message}")]
    Line {
        /// Which.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

/// What tells one request from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    method: String,
    path: String,
    query: String,
    body_hash: Option<String>,
}

impl Asked {
    fn of(arrival: &Arrival<'_>) -> Self {
        // HEAD is a GET whose body stays away.
        let method = if arrival.method == "HEAD" { "GET" } else { arrival.method };
        Self {
            method: method.to_owned(),
            path: arrival.path.to_owned(),
            query: canonical(arrival.query),
            body_hash: (!arrival.body.is_empty()).then(|| hash(arrival.body)),
        }
    }
}

impl Exchange {
    fn new(arrival: &Arrival<'_>, now: Millis, reply: &Reply) -> Self {
        let Asked { method, path, query, body_hash } = Asked::of(arrival);
        let in_query = RawQuery::parse(arrival.query).key;
        let key = arrival.key.map(str::to_owned).or(in_query);
        Self {
            at: Some(time::iso(now)),
            method,
            path,
            query,
            body_hash,
            key: key.map(|key| format!("key-{}", &hash(key.as_bytes())[..8])),
            status: reply.status,
            content_type: reply.content_type.clone().into_owned(),
            headers: reply.headers.iter().map(|it| (it.0.to_owned(), it.1.clone())).collect(),
            ending: Ended::of(reply.ending),
            credits: Some(reply.credits),
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        }
    }

    fn reply(&self) -> Reply {
        let known = |name: &&'static str| Some((*name, self.headers.get(*name)?.clone()));
        Reply {
            status: self.status,
            content_type: self.content_type.clone().into(),
            body: self.body.clone().into_bytes(),
            ending: self.ending.ending(),
            headers: HEADERS.iter().filter_map(known).collect(),
            delay: Duration::ZERO,
            credits: self.credits.unwrap_or(0),
        }
    }
}

impl Ended {
    pub(crate) const fn of(ending: Ending) -> Self {
        match ending {
            Ending::Whole => Self::Whole,
            Ending::Halved => Self::Halved,
            Ending::Reset => Self::Reset,
            Ending::Never => Self::Never,
            Ending::Dripped(_) => Self::Dripped,
        }
    }

    const fn ending(self) -> Ending {
        match self {
            Self::Whole => Ending::Whole,
            Self::Halved => Ending::Halved,
            Self::Reset => Ending::Reset,
            Self::Never => Ending::Never,
            Self::Dripped => Ending::Dripped(crate::timeline::DRIP_BYTES_PER_S),
        }
    }
}

fn json_type() -> String {
    JSON.to_owned()
}

/// The parameters by name, each once, encoded in one way; keys in any spelling fall away.
fn canonical(query: &str) -> String {
    let mut pairs = RawQuery::parse(query).pairs;
    pairs.retain(|pair| !pair.0.eq_ignore_ascii_case("CMC_PRO_API_KEY"));
    pairs.sort();
    let written = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    written.collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b',' | b':' | b'$' | b'@' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// FNV-1a: a few lines in any language.
fn hash(bytes: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
    format!("{:016x}", bytes.iter().fold(0xCBF2_9CE4_8422_2325, step))
}

#[cfg(test)]
mod tests;
