//! What is worth an alert, and where alerts go.

use std::fmt;

use credits::Levels;
use serde::{Deserialize, Deserializer, de::Error};

use super::{Config, ConfigError, Preset, validate::refuse};

/// Shares of the day's and the month's credits that are told when they are passed.
const LEVELS: [u8; 6] = [50, 75, 80, 90, 95, 100];
/// Those of the guide.
const GUIDE_LEVELS: [u8; 2] = [80, 90];

/// What is worth an alert.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlertsConfig {
    /// Percent of the credits of a day or a month. Absent: what the preset says.
    pub levels: Option<Vec<Level>>,
}

/// A share in percent: `80`, or `80%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(pub u8);

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(String),
        }
        let level = match Written::deserialize(deserializer)? {
            Written::Number(number) => u8::try_from(number).ok(),
            Written::Text(text) => text.trim().trim_end_matches('%').trim_end().parse().ok(),
        };
        let level = level.filter(|level| (1..=100).contains(level));
        level.map(Self).ok_or_else(|| D::Error::custom("a level is a percentage from 1 to 100"))
    }
}

impl Config {
    /// The levels that are told.
    #[must_use]
    pub fn levels(&self) -> Levels {
        match (&self.alerts.levels, self.preset) {
            (Some(levels), _) => Levels::of(levels.iter().map(|level| level.0)),
            (None, Preset::Cadence) => Levels::of(LEVELS),
            (None, Preset::Guide) => Levels::of(GUIDE_LEVELS),
        }
    }

    pub(super) fn check_alerts(&self) -> Result<(), ConfigError> {
        match &self.alerts.levels {
            Some(levels) if levels.is_empty() => refuse(
                "alerts.levels: at least one is needed; `events.credit_warning = false` tells none",
            ),
            _ => Ok(()),
        }
    }
}
