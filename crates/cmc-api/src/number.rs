//! A number as the API wrote it.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;

/// Longest exponent that is written out as digits; a [`Decimal`] holds 28 of them.
const EXPONENT_MAX: i64 = 40;

/// A number as the API wrote it, digit by digit: integers of any length, decimals, scientific
/// notation, and numbers that stand in strings.
///
/// It is equal to another that is written alike: `1.0` differs from `1`, `"1"` does not.
///
/// ```
/// use cmc_api::Number;
///
/// let price: Number = serde_json::from_str("0.10000000000000000001")?;
/// assert_eq!(price.as_str(), "0.10000000000000000001");
/// assert_eq!(price.as_decimal().unwrap().to_string(), "0.10000000000000000001");
/// assert_eq!(price.as_f64(), Some(0.1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Number(Box<str>);

impl Number {
    /// The text, without the quotes of a number in a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let inner = self.0.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        inner.unwrap_or(&self.0)
    }

    /// The JSON text, with quotes if it stood in a string.
    #[must_use]
    pub const fn as_json(&self) -> &str {
        &self.0
    }

    /// The nearest float; `None` if the text is no number.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.as_str().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The exact decimal; `None` if the text is no number, or has more digits than fit.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        let text = self.as_str();
        match text.split_once(['e', 'E']) {
            None => Decimal::from_str_exact(text).ok(),
            Some((mantissa, exponent)) => {
                let exponent = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
                Decimal::from_str_exact(&shifted(mantissa, exponent)?).ok()
            }
        }
    }

    /// The whole number; `None` if it is none, or too large.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_str().parse().ok()
    }

    /// The whole number; `None` if it is none, or too large.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_str().parse().ok()
    }
}

/// The mantissa with its point moved by `exponent` places.
fn shifted(mantissa: &str, exponent: i64) -> Option<String> {
    if exponent.abs() > EXPONENT_MAX {
        return None;
    }
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let point = i64::try_from(whole.len()).ok()? + exponent;
    let mut all = format!("{whole}{fraction}");
    let before = usize::try_from(-point).unwrap_or(0);
    all.insert_str(0, &"0".repeat(before));
    let point = usize::try_from(point).unwrap_or(0);
    all.push_str(&"0".repeat(point.saturating_sub(all.len())));
    // Anything but digits was refused by neither split; it must not reach a slice.
    let (whole, fraction) = all.split_at_checked(point)?;
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw: Box<str> = Box::<RawValue>::deserialize(deserializer)?.into();
        match raw.as_bytes().first() {
            Some(b'{' | b'[' | b'n') | None => Err(D::Error::custom("expected a number")),
            Some(_) => Ok(Self(raw)),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Default for Number {
    fn default() -> Self {
        Self("0".into())
    }
}

impl PartialEq<str> for Number {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Number {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! from_numbers {
    ($($number:ty)*) => {
        $(impl From<$number> for Number {
            fn from(number: $number) -> Self {
                Self(number.to_string().into())
            }
        })*
    };
}

from_numbers!(u32 u64 i32 i64 f64 Decimal);

impl From<&Self> for Number {
    fn from(number: &Self) -> Self {
        number.clone()
    }
}

#[cfg(test)]
mod tests;
