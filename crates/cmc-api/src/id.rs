use std::{fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Unexpected, Visitor},
};

/// The number of a coin, a fiat or a metal; stable for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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

impl<'de> Deserialize<'de> for CoinId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CoinIdVisitor)
    }
}

/// Ids are numbers, but for some answers that write them as strings.
struct CoinIdVisitor;

impl Visitor<'_> for CoinIdVisitor {
    type Value = CoinId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of a coin")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<CoinId, E> {
        let wrong = |_| E::invalid_value(Unexpected::Unsigned(number), &self);
        u32::try_from(number).map(CoinId).map_err(wrong)
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<CoinId, E> {
        CoinId::parse(digits).ok_or_else(|| E::invalid_value(Unexpected::Str(digits), &self))
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
