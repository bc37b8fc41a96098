//! The sets of defaults.

use std::time::Duration;

use cmc_api::CacheClass;
use serde::{Deserialize, Serialize};

use super::{Config, Length};
use crate::events::{Kind, Kinds, Switches};

/// Which set of defaults is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Follow the API's own cadence: asking more often pays for the same bytes.
    #[default]
    Cadence,
    /// The figures of the guide that this project grew from.
    Guide,
}

/// The maximum ages that the guide sets, in seconds.
const GUIDE_AGES: [(CacheClass, u64); 5] = [
    (CacheClass::Quotes, 120),
    (CacheClass::Listings, 300),
    (CacheClass::Info, 86_400),
    (CacheClass::Exchanges, 600),
    (CacheClass::Global, 180),
];

/// How long the guide's tiers keep an entry, in seconds: memory, remote memory, database.
const GUIDE_RETENTION: [(&str, u64); 8] = [
    ("memory", 300),
    ("redis", 600),
    ("valkey", 600),
    ("memcached", 600),
    ("sqlite", 3_600),
    ("mysql", 3_600),
    ("mariadb", 3_600),
    ("postgres", 3_600),
];

/// How long a value may be served when fetching fails, unless set otherwise.
const STALE_IF_ERROR: Duration = Duration::from_secs(86_400);

impl Preset {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cadence => "cadence",
            Self::Guide => "guide",
        }
    }

    /// The maximum age of a class, where the preset sets one.
    pub(super) fn age(self, class: CacheClass) -> Option<Length> {
        let seconds = match self {
            Self::Cadence => None,
            Self::Guide => GUIDE_AGES.iter().find(|(known, _)| *known == class),
        };
        seconds.map(|(_, seconds)| Length::from_secs(*seconds))
    }

    /// Whether events of a kind are told.
    pub(super) const fn tells(self, kind: Kind) -> bool {
        !matches!((self, kind), (Self::Guide, Kind::ApiCallMade))
    }

    /// How long a tier keeps an entry, where the preset says so.
    pub(super) fn retention(self, tier: &str) -> Option<Length> {
        let seconds = match self {
            Self::Cadence => None,
            Self::Guide => GUIDE_RETENTION.iter().find(|(known, _)| *known == tier),
        };
        seconds.map(|(_, seconds)| Length::from_secs(*seconds))
    }
}

impl Config {
    /// Which kinds of events are told: what is set, else what the preset says.
    #[must_use]
    pub fn switches(&self) -> Switches {
        let is_told = |kind: &Kind| {
            self.events.get(kind.name()).copied().unwrap_or_else(|| self.preset.tells(*kind))
        };
        Switches(Kinds::of(Kind::ALL.iter().copied().filter(is_told)))
    }

    /// The ages that are served: what is set, else what the preset says, else the cadence.
    #[must_use]
    pub fn freshness(&self) -> engine::Freshness {
        let age = |class: CacheClass| {
            let set = self.freshness.get(class.name()).copied();
            Some((class, set.or_else(|| self.preset.age(class))?.get()))
        };
        let stale = self.freshness.get("stale_if_error").map_or(STALE_IF_ERROR, Length::get);
        engine::Freshness {
            by_class: CacheClass::ALL.into_iter().filter_map(age).collect(),
            stale_if_error: stale,
            jitter: self.freshness.get("jitter").map_or(Duration::ZERO, Length::get),
            pace: self.pace.ages(),
        }
    }
}
