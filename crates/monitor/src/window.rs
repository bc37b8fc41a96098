//! The lengths that are looked back over.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How far a report looks back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Window {
    /// The last minute, in slots of 10 s.
    #[serde(rename = "1m")]
    OneMinute,
    /// The last five minutes, in slots of 1 m.
    #[serde(rename = "5m")]
    FiveMinutes,
    /// The last hour, in slots of 10 m.
    #[serde(rename = "1h")]
    OneHour,
    /// The last day, in slots of 1 h.
    #[serde(rename = "24h")]
    OneDay,
}

impl Window {
    /// All four, shortest first.
    pub const ALL: [Self; 4] = [Self::OneMinute, Self::FiveMinutes, Self::OneHour, Self::OneDay];

    /// The name used in JSON and labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneMinute => "1m",
            Self::FiveMinutes => "5m",
            Self::OneHour => "1h",
            Self::OneDay => "24h",
        }
    }

    /// The window of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.as_str() == name)
    }

    /// How long it is.
    #[must_use]
    pub const fn length(self) -> Duration {
        Duration::from_secs(match self {
            Self::OneMinute => 60,
            Self::FiveMinutes => 5 * 60,
            Self::OneHour => 60 * 60,
            Self::OneDay => 24 * 60 * 60,
        })
    }
}
