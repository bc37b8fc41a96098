//! Everything that can be set, with its default and its reason.
//!
//! Text comes in from a file, the environment and `--set`; what leaves is a value whose parts are
//! all present and sensible. Reading files and the environment is the caller's business.
//!
//! `tiers` is a list of names, and `tiers.<name>.<setting>` are settings of one of them. TOML
//! cannot have both under one name, so a file writes the latter as `[tier.<name>]`:
//!
//! ```
//! use cmcache::Config;
//!
//! let file = "tiers = [\"memory\"]\n[tier.memory]\nmax_bytes = \"64MiB\"\n";
//! let environment = [("freshness.quotes".to_owned(), "90s".to_owned())];
//! let flags = ["tiers.memory.max_bytes=128MiB".to_owned()];
//! let config = Config::load(Some((file, "cmcache.toml")), &environment, &flags)?;
//! assert_eq!(config.tier("memory").max_bytes.map(|bytes| bytes.get()), Some(128 << 20));
//! assert!(config.validate()?.is_empty());
//! # Ok::<(), cmcache::config::ConfigError>(())
//! ```

mod alerts;
mod keys;
mod load;
mod otel;
mod pace;
mod place;
mod preset;
mod show;
mod stores;
mod tiers;
mod unit;
mod validate;
mod warm;
mod webhook;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use cmc_api::Secret;
use credits::Quota;
use serde::{Deserialize, Serialize};

pub use alerts::{AlertsConfig, Level};
pub use keys::{Setting, settings};
pub use load::{ConfigError, Source};
pub use otel::OtelConfig;
pub use pace::{PaceConfig, PaceMode, Wish};
pub use place::Place;
pub use preset::Preset;
pub use show::Shown;
pub(crate) use stores::{AUTO, LEDGER, OFF};
pub use stores::{
    AdminConfig, DemandConfig, LedgerConfig, Notes, SharedConfig, TierConfig, TiersRead,
};
pub(crate) use tiers::Counter;
pub use unit::{Bytes, Length, Months};
pub use validate::Warning;
pub use warm::{RefreshConfig, WarmBy, WarmConfig};
pub use webhook::{WebhookConfig, WebhookFormat};

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
    /// How tiers beyond memory are asked.
    pub tiers_read: TiersRead,
    /// Where charges are on record.
    pub ledger: LedgerConfig,
    /// The record of what was asked.
    pub demand: DemandConfig,
    /// What instances with a common store share beside its entries.
    pub shared: SharedConfig,
    /// Who may act on a running gateway.
    pub admin: AdminConfig,
    /// The operator's own limits, besides the plan's.
    pub budget: BudgetConfig,
    /// How the plan is made to last.
    pub pace: PaceConfig,
    /// Client tokens by client name.
    pub clients: BTreeMap<String, Secret>,
    /// What clients may do, by client name.
    pub quotas: BTreeMap<String, Quota>,
    /// What is written about the work.
    pub log: LogConfig,
    /// Where traces and metrics are sent.
    pub otel: OtelConfig,
    /// Which kinds of events are told, by name.
    pub events: BTreeMap<String, bool>,
    /// What is worth an alert.
    pub alerts: AlertsConfig,
    /// What is fetched before anybody asks.
    pub warm: WarmConfig,
    /// How eagerly values are refreshed.
    pub refresh: RefreshConfig,
    /// Where alerts go.
    pub webhook: WebhookConfig,
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
    /// Sends no key; `/public-api` does not take one.
    pub keyless: bool,
    /// For one attempt, from sending to the last byte.
    pub timeout: Length,
    /// Attempts after the first.
    pub retries: u32,
    /// The first pause before a retry; it doubles.
    pub retry_delay: Length,
    /// Connections at most.
    pub connections: usize,
    /// How long the first asker of something missing waits for others to share its call.
    pub boarding_window: Length,
    /// File of a catalogue that replaces the built-in one. Empty: the built-in one.
    pub catalogue: PathBuf,
}

/// The operator's own limits. The plan's limits hold besides.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetConfig {
    /// Credits a billing month.
    pub month: Option<u64>,
    /// Credits a day.
    pub day: Option<u64>,
    /// Calls a minute.
    pub minute: Option<u32>,
    /// How a shared budget is asked, and what happens while it is away.
    pub policy: Policy,
    /// Credits that an instance leases ahead of a shared budget at most, at once.
    pub lease: Option<u64>,
}

/// How a shared budget is asked, and what happens when nobody counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Each call asks. When nobody counts, nothing new is spent.
    Closed,
    /// Each instance leases a block ahead, and spends what is left of it when nobody counts.
    #[default]
    Lease,
    /// As `Lease`, and then spending goes on uncounted.
    Open,
}

/// What is written about the work, on standard error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// Levels by module, as `RUST_LOG` takes them; `RUST_LOG` wins.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line.
    Json,
}

impl UpstreamConfig {
    /// Whether it is asked without a key.
    #[must_use]
    pub fn is_keyless(&self) -> bool {
        self.keyless || self.url.trim_end_matches('/').ends_with("/public-api")
    }
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        Self {
            url: "https://pro-api.coinmarketcap.com".to_owned(),
            key: None,
            keyless: false,
            timeout: Length::from_secs(15),
            retries: 2,
            retry_delay: Length::from_millis(500),
            connections: 16,
            boarding_window: Length::from_millis(10),
            catalogue: PathBuf::new(),
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "warn".to_owned(), format: LogFormat::Text }
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
            tiers_read: TiersRead::default(),
            ledger: LedgerConfig::default(),
            demand: DemandConfig::default(),
            shared: SharedConfig::default(),
            admin: AdminConfig::default(),
            budget: BudgetConfig::default(),
            pace: PaceConfig::default(),
            clients: BTreeMap::new(),
            quotas: BTreeMap::new(),
            log: LogConfig::default(),
            otel: OtelConfig::default(),
            events: BTreeMap::new(),
            alerts: AlertsConfig::default(),
            warm: WarmConfig::default(),
            refresh: RefreshConfig::default(),
            webhook: WebhookConfig::default(),
            origins: BTreeMap::new(),
        }
    }
}

impl Config {
    /// All defaults, with nothing on disk: memory is the only tier, and the books end with the
    /// process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { data_dir: PathBuf::new(), tiers: vec!["memory".to_owned()], ..Self::default() }
    }

    /// Whether anything is kept on disk.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.data_dir.as_os_str().is_empty()
    }

    /// The settings of the tier called `name`, with what the preset says of it.
    #[must_use]
    pub fn tier(&self, name: &str) -> TierConfig {
        let mut tier = self.tier.get(name).cloned().unwrap_or_default();
        tier.retention = tier.retention.or_else(|| self.preset.retention(name));
        tier
    }
}

#[cfg(test)]
mod tests;
