//! What is fetched before anybody asks, and what before it is old.

use std::time::Duration;

use engine::{Choice, Eagerness, Refresh};
use serde::{Deserialize, Serialize};

use super::{ConfigError, Length, validate::refuse};

/// Shortest pause between two warmings: nothing that is asked for lives shorter by default.
const EVERY_MIN: Duration = Duration::from_secs(10);
/// Most coins that are warmed: what one page of the ranking holds.
const COINS_MAX: usize = 5_000;

/// What is fetched before anybody asks. Nothing by default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WarmConfig {
    /// How many coins.
    pub coins: usize,
    /// Which ones.
    pub by: WarmBy,
    /// These, by id, slug or symbol; `coins` and `by` do not count then.
    pub names: Vec<String>,
    /// In which currencies.
    pub converts: Vec<String>,
    /// At the start.
    pub at_start: bool,
    /// Again after this long; zero: never.
    pub every: Length,
    /// How much of the credits that are left of a day or a month one warming may take, at most.
    pub share: f64,
}

/// Which coins are warmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WarmBy {
    /// Those asked for most; by rank where that is not known.
    #[default]
    Popularity,
    /// Those of the highest rank.
    Rank,
}

/// How eagerly values are refreshed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RefreshConfig {
    /// Before their end.
    #[serde(with = "Policy")]
    pub policy: Eagerness,
    /// How much longer than its age allows a value is served while a newer one is fetched.
    pub stale_while_revalidate: Length,
}

/// As it is written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Eagerness", rename_all = "lowercase")]
enum Policy {
    Fewest,
    Ahead,
    Freshest,
}

impl Default for WarmConfig {
    fn default() -> Self {
        Self {
            coins: 0,
            by: WarmBy::Popularity,
            names: Vec::new(),
            converts: vec!["USD".to_owned()],
            at_start: true,
            every: Length::from_secs(0),
            share: 0.1,
        }
    }
}

impl Default for RefreshConfig {
    fn default() -> Self {
        Self { policy: Eagerness::Fewest, stale_while_revalidate: Length::from_secs(0) }
    }
}

impl WarmConfig {
    /// What is warmed; `None` where nothing is.
    #[must_use]
    pub fn choice(&self) -> Option<Choice> {
        match (self.names.is_empty(), self.coins, self.by) {
            (false, _, _) => Some(Choice::Named(self.names.clone())),
            (true, 0, _) => None,
            (true, n, WarmBy::Popularity) => Some(Choice::Popular(n)),
            (true, n, WarmBy::Rank) => Some(Choice::Ranked(n)),
        }
    }
}

impl WarmBy {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Popularity => "popularity",
            Self::Rank => "rank",
        }
    }
}

impl RefreshConfig {
    /// As the engine takes it.
    #[must_use]
    pub const fn refresh(&self) -> Refresh {
        let stale_while_revalidate = self.stale_while_revalidate.get();
        Refresh { eagerness: self.policy, stale_while_revalidate }
    }

    /// The policy as it is written.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.policy {
            Eagerness::Fewest => "fewest",
            Eagerness::Ahead => "ahead",
            Eagerness::Freshest => "freshest",
        }
    }
}

impl WarmConfig {
    /// Checks what it says.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: what is wrong, and what is right.
    pub fn check(&self) -> Result<(), ConfigError> {
        let warm = self;
        if !(0.0..=1.0).contains(&warm.share) {
            return refuse(format!("warm.share = {}: a share lies between 0 and 1", warm.share));
        }
        if warm.coins > COINS_MAX {
            return refuse(format!("warm.coins = {}: at most {COINS_MAX}", warm.coins));
        }
        if warm.converts.is_empty() {
            return refuse("warm.converts: at least one currency, such as `USD`");
        }
        let every = warm.every.get();
        if !every.is_zero() && every < EVERY_MIN {
            return refuse(format!("warm.every = {}: at least 10s, or 0 for never", warm.every));
        }
        Ok(())
    }
}
