//! What a simulator is started with.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::control::ControlError;
use crate::meter::EVERY_KEY;
use crate::quirks::Quirks;
use crate::scenario::Scenario;

/// The key a default simulator accepts.
pub const DEFAULT_KEY: &str = "sim-key";

/// How to build a simulator; every field has a sensible default.
#[derive(Debug, Clone, PartialEq)]
pub struct SimConfig {
    /// The market is a pure function of this number.
    pub seed: u64,
    /// The keys it knows.
    pub keys: Vec<KeyConfig>,
    /// Waited before each answer goes out (after it was charged).
    pub latency: Duration,
    /// At most this much more, drawn per request.
    pub latency_jitter: Duration,
    /// Simulated seconds per real second.
    pub speed: f64,
    /// Start here and stand still until told otherwise; `None` starts at the real time and runs.
    pub frozen_at: Option<Timestamp>,
    /// Start here and run; `frozen_at` wins.
    pub starts_at: Option<Timestamp>,
    /// Requests per minute for each address that calls without a key under `/public-api`.
    pub keyless_rpm: u64,
    /// How to read the API where its documentation is silent.
    pub quirks: Quirks,
    /// What happens while it runs; see [`Scenario::configure`] for how it starts.
    pub scenario: Option<Scenario>,
    /// Write every exchange to the end of this file; see [`Exchange`](crate::Exchange).
    pub record: Option<PathBuf>,
    /// Answer from this recording what it holds.
    pub replay: Option<PathBuf>,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            keys: vec![KeyConfig::new(DEFAULT_KEY, Plan::Startup)],
            latency: Duration::ZERO,
            latency_jitter: Duration::ZERO,
            speed: 1.0,
            frozen_at: None,
            starts_at: None,
            keyless_rpm: 30,
            quirks: Quirks::default(),
            scenario: None,
            record: None,
            replay: None,
        }
    }
}

impl SimConfig {
    /// Checks what types cannot say.
    pub(crate) fn check(&self) -> Result<(), ControlError> {
        self.quirks.check()?;
        let steps = self.scenario.iter().flat_map(|scenario| &scenario.steps);
        for key in steps.filter_map(|step| step.key.as_ref()) {
            if key.key != EVERY_KEY && self.keys.iter().all(|known| known.key != key.key) {
                return Err(ControlError::UnknownKey(key.key.clone()));
            }
        }
        Ok(())
    }
}

/// One API key and the account behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyConfig {
    /// The text sent in `X-CMC_PRO_API_KEY`.
    pub key: String,
    /// Decides the gates and the number of converts.
    pub plan: Plan,
    /// Whether calls are accepted at all.
    pub state: KeyState,
    /// Credits per billing month.
    pub credits_monthly: u64,
    /// Credits per day, where the account has such a limit.
    pub credits_daily: Option<u64>,
    /// Requests per calendar minute.
    pub rpm: u64,
    /// Credits of this month that are already gone at the start.
    pub used: u64,
    /// An instant at which the billing month turns; `None`: the 1st 00:00 UTC on Basic, otherwise
    /// an instant derived from the key's text.
    pub billing_anchor: Option<Timestamp>,
}

impl KeyConfig {
    /// An active key with the plan's published limits and nothing used.
    pub fn new(key: impl Into<String>, plan: Plan) -> Self {
        Self {
            key: key.into(),
            plan,
            state: KeyState::Active,
            credits_monthly: plan.credits_monthly(),
            credits_daily: None,
            rpm: plan.rpm(),
            used: 0,
            billing_anchor: None,
        }
    }
}

/// The plans, cheapest first; a later one may do all that an earlier one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// Free.
    Basic,
    /// Until mid-2026 "Hobbyist".
    Builder,
    /// The first plan with most endpoints.
    Startup,
    /// Until mid-2026 "Standard".
    Growth,
    /// The largest published plan.
    Professional,
    /// By contract.
    Enterprise,
}

impl Plan {
    /// All plans, cheapest first.
    pub const ALL: [Self; 6] = [
        Self::Basic,
        Self::Builder,
        Self::Startup,
        Self::Growth,
        Self::Professional,
        Self::Enterprise,
    ];

    /// The plan of that name, in any case; the names before mid-2026 count too.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "basic" => Some(Self::Basic),
            "builder" | "hobbyist" => Some(Self::Builder),
            "startup" => Some(Self::Startup),
            "growth" | "standard" => Some(Self::Growth),
            "professional" => Some(Self::Professional),
            "enterprise" => Some(Self::Enterprise),
            _ => None,
        }
    }

    /// Credits per month.
    pub const fn credits_monthly(self) -> u64 {
        match self {
            Self::Basic => 15_000,
            Self::Builder => 150_000,
            Self::Startup => 450_000,
            Self::Growth => 2_000_000,
            Self::Professional => 5_000_000,
            Self::Enterprise => 30_000_000,
        }
    }

    /// Requests per minute.
    pub const fn rpm(self) -> u64 {
        match self {
            Self::Basic => 50,
            Self::Builder => 300,
            Self::Startup => 600,
            Self::Growth => 750,
            Self::Professional => 1_200,
            Self::Enterprise => 1_600,
        }
    }

    /// Convert options in one call.
    pub const fn converts(self) -> usize {
        match self {
            Self::Basic => 1,
            Self::Builder
            | Self::Startup
            | Self::Growth
            | Self::Professional
            | Self::Enterprise => 120,
        }
    }
}

/// Whether a key is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Accepted.
    Active,
    /// 403, code 1007.
    Disabled,
    /// 402, code 1003.
    Unpaid,
    /// 402, code 1004.
    Expired,
}
