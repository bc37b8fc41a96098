use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// The number of a coin, a fiat or a metal; stable for ever.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CoinId(u32);

impl CoinId {
    /// The US dollar, which prices are in unless asked otherwise.
    pub const USD: Self = Self(2781);

    /// The coin of that number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Reads digits and nothing else; `None` if they name no number a coin could have.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { digits.parse().ok().map(Self) } else { None }
    }
}

impl fmt::Display for CoinId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<u32> for CoinId {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

/// An id as it was asked for: error messages echo the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdText {
    /// The coin; `None` if the text is too large for any.
    pub id: Option<CoinId>,
    /// The text as sent.
    pub text: Arc<str>,
}

impl IdText {
    /// Reads one element of an id list that has passed the pattern.
    #[must_use]
    pub fn of(digits: &str) -> Self {
        Self { id: CoinId::parse(digits), text: digits.into() }
    }
}

#[cfg(test)]
mod tests;
