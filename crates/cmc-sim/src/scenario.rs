//! Scenarios: how a simulator starts, and what happens to its calls while time goes on.

mod read;
mod step;

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use step::{Length, Step, WrongCharge};

use crate::config::{KeyConfig, KeyState, Plan, SimConfig};
use crate::nearest;
use crate::quirks::QuirkChanges;

/// The scenarios that come with the simulator.
const BUILT_IN: [(&str, &str); 6] = [
    ("calm", include_str!("../scenarios/calm.toml")),
    ("bad-day", include_str!("../scenarios/bad-day.toml")),
    ("rate-limited", include_str!("../scenarios/rate-limited.toml")),
    ("outage", include_str!("../scenarios/outage.toml")),
    ("price-change", include_str!("../scenarios/price-change.toml")),
    ("liar", include_str!("../scenarios/liar.toml")),
];

/// A scenario, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scenario {
    /// Of the built-in one, or the file.
    pub name: String,
    /// What all its draws depend on; `None`: the simulator's own seed.
    pub seed: Option<u64>,
    /// How the simulator starts.
    pub start: Start,
    /// What is switched from the start.
    pub quirks: QuirkChanges,
    /// What happens, in the order of the file.
    pub steps: Vec<Step>,
}

/// How the simulator of a scenario starts; what is absent is left as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Start {
    /// The seed of the market.
    pub market_seed: Option<u64>,
    /// The instant, in ISO-8601; it is frozen there unless `frozen = false`.
    pub time: Option<Timestamp>,
    /// Whether the clock stands still; with `time` only.
    pub frozen: Option<bool>,
    /// Simulated seconds per second.
    pub speed: Option<f64>,
    /// Requests a minute of each address without a key.
    pub keyless_rpm: Option<u64>,
    /// The keys; none: those of the configuration.
    pub keys: Vec<StartKey>,
}

/// One key of a [`Start`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartKey {
    /// The text sent in `X-CMC_PRO_API_KEY`.
    pub key: String,
    /// Its plan; `startup` if absent.
    pub plan: Option<Plan>,
    /// Accepted or not; `active` if absent.
    pub state: Option<KeyState>,
    /// Credits per month, instead of the plan's.
    pub credits: Option<u64>,
    /// Credits per day.
    pub credits_daily: Option<u64>,
    /// Requests per minute, instead of the plan's.
    pub rpm: Option<u64>,
    /// Credits of this month that are already gone.
    pub used: Option<u64>,
}

/// Why there is no scenario.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// Neither a built-in scenario nor a file.
    #[error("there is no scenario \"{name}\": neither a file nor one of {known}{near}")]
    Unknown {
        /// As asked for.
        name: String,
        /// All that are built in.
        known: String,
        /// The nearest one.
        near: String,
    },
    /// A file that cannot be read.
    #[error("{name}: {reason}")]
    Unreadable {
        /// Of the file.
        name: String,
        /// What the system says.
        reason: String,
    },
    /// Not a scenario.
    #[error("{name}:{line}: {message}")]
    Mistake {
        /// Of the file.
        name: String,
        /// Where, from 1.
        line: usize,
        /// What.
        message: String,
    },
}

impl Scenario {
    /// The names of the built-in scenarios.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The built-in scenario of that name, else the one in that file.
    ///
    /// # Errors
    /// When there is neither, or it cannot be read, or something in it is wrong.
    pub fn load(name: &str) -> Result<Self, ScenarioError> {
        let path = Path::new(name);
        if BUILT_IN.iter().all(|known| known.0 != name) && path.exists() {
            let text = std::fs::read_to_string(path).map_err(|error| {
                ScenarioError::Unreadable { name: name.to_owned(), reason: error.to_string() }
            })?;
            return Self::parse(name, &text);
        }
        Self::named(name)
    }

    /// The built-in scenario of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Self, ScenarioError> {
        match BUILT_IN.iter().find(|known| known.0 == name) {
            Some((name, text)) => Self::parse(name, text),
            None => Err(ScenarioError::Unknown {
                name: name.to_owned(),
                known: Self::names().collect::<Vec<_>>().join(", "),
                near: nearest::suggestion(name, Self::names()),
            }),
        }
    }

    /// The scenario in a text; `name` appears in errors.
    ///
    /// # Errors
    /// When it is no TOML, or something in it is wrong, with the line of it.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScenarioError> {
        read::scenario(name, text)
    }

    /// A configuration that starts as the scenario says, and plays it.
    #[must_use]
    pub fn configure(self, mut config: SimConfig) -> SimConfig {
        let start = &self.start;
        config.seed = start.market_seed.unwrap_or(config.seed);
        config.speed = start.speed.unwrap_or(config.speed);
        config.keyless_rpm = start.keyless_rpm.unwrap_or(config.keyless_rpm);
        if start.time.is_some() {
            let is_frozen = start.frozen.unwrap_or(true);
            config.frozen_at = start.time.filter(|_| is_frozen);
            config.starts_at = start.time;
        }
        if !start.keys.is_empty() {
            config.keys = start.keys.iter().map(StartKey::config).collect();
        }
        config.quirks.change(self.quirks.clone());
        config.scenario = Some(self);
        config
    }
}

impl StartKey {
    fn config(&self) -> KeyConfig {
        let mut key = KeyConfig::new(&self.key, self.plan.unwrap_or(Plan::Startup));
        key.state = self.state.unwrap_or(key.state);
        key.credits_monthly = self.credits.unwrap_or(key.credits_monthly);
        key.credits_daily = self.credits_daily;
        key.rpm = self.rpm.unwrap_or(key.rpm);
        key.used = self.used.unwrap_or(0);
        key
    }
}

#[cfg(test)]
mod tests;
