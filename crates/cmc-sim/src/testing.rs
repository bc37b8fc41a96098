//! What the tests of this crate share: a frozen simulator and a way to ask it.

use std::sync::LazyLock;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::{KeyConfig, Plan, SimConfig};
use crate::core::{Arrival, Core};
use crate::reply::Reply;

/// Where the clock of [`frozen`] stands.
pub(crate) const INSTANT: &str = "2026-10-05T09:14:31.207Z";

/// A market that stands still, for tests that change nothing; its key `k` has no limits.
pub(crate) static SHARED: LazyLock<Core> = LazyLock::new(|| Core::new(&generous(1)));

/// A frozen simulator with the keys `k` (no limits to speak of) and `b` (Basic).
pub(crate) fn generous(seed: u64) -> SimConfig {
    let mut config = frozen(vec![
        KeyConfig { rpm: u64::MAX, ..KeyConfig::new("k", Plan::Enterprise) },
        KeyConfig { rpm: u64::MAX, ..KeyConfig::new("b", Plan::Basic) },
    ]);
    config.seed = seed;
    config.keyless_rpm = u64::MAX;
    config
}

pub(crate) fn frozen(keys: Vec<KeyConfig>) -> SimConfig {
    let frozen_at: Timestamp = INSTANT.parse().unwrap();
    SimConfig { keys, frozen_at: Some(frozen_at), ..SimConfig::default() }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) http: u16,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Got {
    pub(crate) fn data(&self) -> &Value {
        &self.json["data"]
    }

    pub(crate) fn credits(&self) -> u64 {
        self.json["status"]["credit_count"].as_u64().unwrap()
    }

    pub(crate) fn message(&self) -> &str {
        self.json["status"]["error_message"].as_str().unwrap_or("null")
    }

    /// The code, whichever type it has.
    pub(crate) fn code(&self) -> u64 {
        let code = &self.json["status"]["error_code"];
        code.as_u64().unwrap_or_else(|| code.as_str().unwrap().parse().unwrap())
    }

    /// The keys of the object at that path, in their order, which JSON values forget.
    pub(crate) fn keys(&self, path: &[&str]) -> Vec<String> {
        let mut text = self.text.clone();
        for name in path {
            let object: IndexMap<String, Box<RawValue>> = serde_json::from_str(&text).unwrap();
            text = object[*name].get().to_owned();
        }
        let object: IndexMap<String, Box<RawValue>> = serde_json::from_str(&text).unwrap();
        object.into_keys().collect()
    }

    /// The texts of `data`'s rows under `name`.
    pub(crate) fn column(&self, name: &str) -> Vec<String> {
        self.data().as_array().unwrap().iter().map(|row| row[name].to_string()).collect()
    }
}

/// Asks the shared simulator with its key.
pub(crate) fn get(target: &str) -> Got {
    get_from(&SHARED, target, Some("k"))
}

/// Asks with a key, or without.
pub(crate) fn get_from(core: &Core, target: &str, key: Option<&str>) -> Got {
    let reply = ask(core, target, key);
    let text = String::from_utf8(reply.body).unwrap();
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Got { http: reply.status, text, json }
}

pub(crate) fn ask(core: &Core, target: &str, key: Option<&str>) -> Reply {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    core.answer(Arrival { method: "GET", body: b"", path, query, key, address: "127.0.0.1" })
}

/// The parameters refuse with exactly these words.
#[track_caller]
pub(crate) fn check_refused(target: &str, message: &str) {
    let got = get(target);
    assert_eq!((got.http, got.code(), got.message()), (400, 400, message), "{target}");
    assert_eq!(got.credits(), 0);
    assert!(got.json.get("data").is_none());
}
