//! Everything that can be set, with its default and its reason.
//!
//! Text comes in from a file, the environment and `--set`; what leaves is a value whose parts are
//! all present and sensible. Reading files and the environment is the caller's business.

mod load;
mod unit;
mod validate;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use cmc_api::{CacheClass, Secret};
use serde::{Deserialize, Serialize};

pub use load::{ConfigError, Shown, Source};
pub use unit::{Bytes, Length};
pub use validate::Warning;

/// Which set of defaults is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Follow the API's own cadence.
    #[default]
    Cadence,
    /// The figures of the guide that this project grew from.
    Guide,
}

/// The whole configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The set of defaults.
    pub preset: Preset,
    /// Where the gateway listens. Off loopback, `clients` is required.
    pub listen: SocketAddr,
    /// Where the ledger, the journal and the embedded database live. Empty: nothing is kept.
    pub data_dir: PathBuf,
    /// The paid API.
    pub upstream: UpstreamConfig,
    /// How old answers may be, by class of data, and `stale_if_error`.
    pub freshness: BTreeMap<String, Length>,
    /// The tiers, nearest first.
    pub tiers: Vec<String>,
    /// Settings of single tiers, by name.
    pub tier: BTreeMap<String, TierConfig>,
    /// The operator's own limits, besides the plan's.
    pub budget: BudgetConfig,
    /// Client tokens by client name.
    pub clients: BTreeMap<String, Secret>,
    /// Where each value came from, by dotted key.
    #[serde(skip)]
    pub origins: BTreeMap<String, Source>,
}

/// The paid API and the way to it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamConfig {
    /// Base URL, without a path but for `/public-api`.
    pub url: String,
    /// The paid key. Usually from `CMC_PRO_API_KEY`.
    pub key: Option<Secret>,
    /// For one attempt, from sending to the last byte.
    pub timeout: Length,
    /// Attempts after the first.
    pub retries: u32,
    /// The first pause before a retry; it doubles.
    pub retry_delay: Length,
    /// Connections at most.
    pub connections: usize,
}

/// One tier.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TierConfig {
    /// Where it is, if it is not embedded.
    pub url: Option<String>,
    /// Several places.
    pub urls: Vec<String>,
    /// How long it keeps an entry at most.
    pub retention: Option<Length>,
    /// How long it may take to answer.
    pub deadline: Option<Length>,
    /// How much it may hold.
    pub max_bytes: Option<Bytes>,
}

/// The operator's own limits.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetConfig {
    /// Credits a billing month.
    pub month: Option<u64>,
    /// Credits a day.
    pub day: Option<u64>,
    /// Calls a minute.
    pub minute: Option<u32>,
    /// What happens when the books cannot be kept.
    pub policy: Policy,
}

/// What happens when the books cannot be kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Nothing new is spent; what is cached is still served.
    #[default]
    Closed,
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        Self {
            url: "https://pro-api.coinmarketcap.com".to_owned(),
            key: None,
            timeout: Length::from_secs(15),
            retries: 2,
            retry_delay: Length::from_millis(500),
            connections: 16,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            preset: Preset::Cadence,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("cmcache-data"),
            upstream: UpstreamConfig::default(),
            freshness: BTreeMap::new(),
            tiers: vec!["memory".to_owned(), "sqlite".to_owned()],
            tier: BTreeMap::new(),
            budget: BudgetConfig::default(),
            clients: BTreeMap::new(),
            origins: BTreeMap::new(),
        }
    }
}

/// The classes that the guide sets, in seconds.
const GUIDE: [(CacheClass, u64); 5] = [
    (CacheClass::Quotes, 120),
    (CacheClass::Listings, 300),
    (CacheClass::Info, 86_400),
    (CacheClass::Exchanges, 600),
    (CacheClass::Global, 180),
];

/// How long a value may be served when fetching fails, unless set otherwise.
const STALE_IF_ERROR: Duration = Duration::from_secs(86_400);

impl Config {
    /// The ages that are served: what is set, else what the preset says, else the cadence.
    #[must_use]
    pub fn freshness(&self) -> engine::Freshness {
        let preset: &[_] = if self.preset == Preset::Guide { &GUIDE } else { &[] };
        let mut by_class: Vec<(CacheClass, Duration)> =
            preset.iter().map(|(class, seconds)| (*class, Duration::from_secs(*seconds))).collect();
        for class in CacheClass::ALL {
            let Some(set) = self.freshness.get(class.name()) else { continue };
            by_class.retain(|(known, _)| *known != class);
            by_class.push((class, set.get()));
        }
        let stale = self.freshness.get("stale_if_error").map_or(STALE_IF_ERROR, Length::get);
        engine::Freshness { by_class, stale_if_error: stale }
    }

    /// Whether anything is kept on disk.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.data_dir.as_os_str().is_empty()
    }

    /// The settings of the tier called `name`.
    #[must_use]
    pub fn tier(&self, name: &str) -> TierConfig {
        self.tier.get(name).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
