use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{BillingAnchor, Budget, Credits};

/// What we allow a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quota {
    /// Credits in a billing month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Credits>,
    /// Credits in a day, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Credits>,
    /// Requests in a calendar minute, hits included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minute: Option<u32>,
    /// Who goes on spending when not everybody may.
    pub priority: Priority,
    /// The part of the key's budget that others leave to it.
    pub reserved: Part,
}

/// Who goes on spending when not everybody may.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// The first to do without.
    Low,
    /// As most.
    #[default]
    Normal,
    /// The last to do without.
    Essential,
}

/// A part of a whole, in thousandths; written as `20%` or `12.5%`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Part(u16);

/// A text that is no [`Part`], or no [`Priority`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it must be {0}")]
pub struct NotQuota(&'static str);

impl Quota {
    /// Whether credits are limited.
    #[must_use]
    pub const fn limits_credits(&self) -> bool {
        self.month.is_some() || self.day.is_some()
    }

    /// The limits of the client's account. Requests are counted where they come in, since those
    /// that are answered from the cache never get as far as an account.
    #[must_use]
    pub const fn budget(&self, anchor: BillingAnchor) -> Budget {
        Budget { minute_calls: None, day: self.day, month: self.month, anchor }
    }
}

impl Priority {
    /// All of them, lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::Essential];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::Essential => "essential",
        }
    }
}

impl FromStr for Priority {
    type Err = NotQuota;

    fn from_str(text: &str) -> Result<Self, NotQuota> {
        let known = Self::ALL.into_iter().find(|priority| priority.name() == text);
        known.ok_or(NotQuota("`low`, `normal` or `essential`"))
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Part {
    /// Nothing of it.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const WHOLE: Self = Self(1_000);

    /// So many thousandths; more than the whole is the whole.
    #[must_use]
    pub const fn permille(thousandths: u16) -> Self {
        if thousandths > Self::WHOLE.0 { Self::WHOLE } else { Self(thousandths) }
    }

    /// In thousandths.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// That part of `whole`, rounded down: parts that sum up to the whole never exceed it.
    #[must_use]
    pub fn of(self, whole: Credits) -> Credits {
        let part = u128::from(whole.get()) * u128::from(self.0) / 1_000;
        Credits::new(u64::try_from(part).unwrap_or(u64::MAX))
    }
}

impl FromStr for Part {
    type Err = NotQuota;

    fn from_str(text: &str) -> Result<Self, NotQuota> {
        const MUST: NotQuota =
            NotQuota("a percentage from 0% to 100%, with one decimal at most: `12.5%`");
        let number = text.trim().strip_suffix('%').ok_or(MUST)?.trim_end();
        let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(tenths) || tenths.len() > 1 {
            return Err(MUST);
        }
        let (whole, tenths): (u16, u16) =
            (whole.parse().map_err(|_| MUST)?, tenths.parse().map_err(|_| MUST)?);
        let thousandths = whole.checked_mul(10).and_then(|whole| whole.checked_add(tenths));
        thousandths.filter(|thousandths| *thousandths <= Self::WHOLE.0).map(Self).ok_or(MUST)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 10, self.0 % 10) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, tenths) => write!(f, "{whole}.{tenths}%"),
        }
    }
}

impl TryFrom<String> for Part {
    type Error = NotQuota;

    fn try_from(text: String) -> Result<Self, NotQuota> {
        text.parse()
    }
}

impl From<Part> for String {
    fn from(part: Part) -> Self {
        part.to_string()
    }
}

#[cfg(test)]
mod tests;
