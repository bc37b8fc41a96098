//! The settings of tiers, of the ledger, and of what instances share.

use std::path::PathBuf;

use cmc_api::Secret;
use serde::{Deserialize, Serialize};

use super::{Bytes, Length, Months, Place};

/// One tier. What is not set is the tier's own default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TierConfig {
    /// Where it is, if it is not embedded.
    pub url: Option<Place>,
    /// Several places.
    pub urls: Vec<Place>,
    /// How long it keeps an entry at most.
    pub retention: Option<Length>,
    /// How long it may take to answer.
    pub deadline: Option<Length>,
    /// How much it may hold.
    pub max_bytes: Option<Bytes>,
    /// Larger entries are not kept there.
    pub max_value_bytes: Option<Bytes>,
    /// It gets every write and gives no answer.
    pub shadow: bool,
    /// Connections at most.
    pub connections: Option<u32>,
    /// Before every name.
    pub prefix: Option<String>,
    /// Smaller entries are not compressed.
    pub compress_min_bytes: Option<Bytes>,
    /// Certificates to trust for TLS, as PEM.
    pub ca_file: Option<PathBuf>,
    /// The master's name, if the places are its sentinels.
    pub sentinel_master: Option<String>,
    /// One place is the beginning of a cluster, too.
    pub cluster: bool,
    /// The server tells of changes, whoever made them.
    pub tracking: bool,
}

impl TierConfig {
    /// All its places.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.url.iter().chain(&self.urls)
    }

    /// What is set, by name, without passwords.
    pub(super) fn shown(&self) -> Vec<(&'static str, String)> {
        let urls: Vec<String> = self.urls.iter().map(ToString::to_string).collect();
        let text = |value: Option<&dyn ToString>| value.map(ToString::to_string);
        let all = [
            ("url", text(self.url.as_ref().map(|url| url as _))),
            ("urls", (!urls.is_empty()).then(|| urls.join(","))),
            ("retention", text(self.retention.as_ref().map(|length| length as _))),
            ("deadline", text(self.deadline.as_ref().map(|length| length as _))),
            ("max_bytes", text(self.max_bytes.as_ref().map(|bytes| bytes as _))),
            ("max_value_bytes", text(self.max_value_bytes.as_ref().map(|bytes| bytes as _))),
            ("shadow", self.shadow.then(|| "true".to_owned())),
            ("connections", text(self.connections.as_ref().map(|n| n as _))),
            ("prefix", self.prefix.clone()),
            ("compress_min_bytes", text(self.compress_min_bytes.as_ref().map(|b| b as _))),
            ("ca_file", self.ca_file.as_ref().map(|path| path.display().to_string())),
            ("sentinel_master", self.sentinel_master.clone()),
            ("cluster", self.cluster.then(|| "true".to_owned())),
            ("tracking", self.tracking.then(|| "true".to_owned())),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// How tiers beyond memory are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TiersRead {
    /// One after the other, each for what those before it have not.
    #[default]
    Ordered,
    /// All at once; the first fresh entry wins.
    Race,
}

impl TiersRead {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Race => "race",
        }
    }
}

/// Where charges are on record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LedgerConfig {
    /// A database that instances share. None: the embedded one of the data directory.
    pub url: Option<Place>,
    /// A replica of it, where reports are read.
    pub reports_url: Option<Place>,
    /// For how many months charges stay on record.
    pub retention: Months,
}

impl Default for LedgerConfig {
    fn default() -> Self {
        Self { url: None, reports_url: None, retention: Months::of(13) }
    }
}

/// The record of what was asked, in the data directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DemandConfig {
    /// Whether it is kept.
    pub record: bool,
    /// For how long.
    pub retention: Length,
    /// All of it together.
    pub max_bytes: Bytes,
}

impl Default for DemandConfig {
    /// A month and a few days: what a what-if over a billing month needs.
    fn default() -> Self {
        let retention = Length::from_secs(35 * 86_400);
        Self { record: true, retention, max_bytes: Bytes::of(64 << 20) }
    }
}

/// What instances with a common store share beside its entries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SharedConfig {
    /// `auto`, `off`, or the name of the tier where instances agree on who loads.
    pub leases: String,
    /// Whether they tell each other of changes.
    pub notes: Notes,
    /// The file of clients; empty: the one of the data directory.
    pub clients: PathBuf,
    /// `auto`, `off`, `ledger`, or the name of the tier where their one budget is counted.
    pub meter: String,
}

impl Default for SharedConfig {
    fn default() -> Self {
        Self {
            leases: AUTO.to_owned(),
            notes: Notes::Auto,
            clients: PathBuf::new(),
            meter: AUTO.to_owned(),
        }
    }
}

/// The best that there is.
pub(crate) const AUTO: &str = "auto";
/// None.
pub(crate) const OFF: &str = "off";
/// The database of `ledger.url`.
pub(crate) const LEDGER: &str = "ledger";

/// Whether instances tell each other of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notes {
    /// If there is a tier that carries notes.
    #[default]
    Auto,
    /// No: each learns of a change when the life of its copy ends.
    Off,
}

impl Notes {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => AUTO,
            Self::Off => OFF,
        }
    }
}

/// Who may act on a running gateway.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdminConfig {
    /// Without it, only on loopback.
    pub token: Option<Secret>,
}
