//! One step of a scenario: when, for whom, and what.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::control::{Control, KeyControl, PriceRule};
use crate::faults::FaultKind;
use crate::latency::Latency;
use crate::quirks::QuirkChanges;

/// Something that happens from an instant on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// Simulated time since the start; without it the step follows the one before.
    pub at: Option<Length>,
    /// It lasts so long (simulated time); without this and `for_calls` it never ends.
    #[serde(rename = "for")]
    pub lasts: Option<Length>,
    /// It lasts for so many calls that it is about.
    pub for_calls: Option<u32>,
    /// It is about this path only; `*` stands for anything.
    pub path: Option<String>,
    /// It happens to this share of the calls, 0 to 1.
    pub share: Option<f64>,
    /// Hold answers back.
    pub latency: Option<Latency>,
    /// Let calls fail.
    pub fault: Option<FaultKind>,
    /// A `Retry-After` beside the fault.
    pub retry_after_s: Option<u64>,
    /// How fast a `drip` flows; 500 if absent.
    pub bytes_per_s: Option<u64>,
    /// Tell a wrong `credit_count`.
    pub charge: Option<WrongCharge>,
    /// Put `status.timestamp` and `Date` off by so many seconds.
    pub skew_s: Option<f64>,
    /// Change quirks, for good.
    pub quirks: Option<QuirkChanges>,
    /// Change a key, for good; `*` is every key.
    pub key: Option<KeyControl>,
    /// Change the price of an operation, for good.
    pub price_rule: Option<PriceRule>,
}

/// How a told charge differs from the tariff: `credits × factor + add`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WrongCharge {
    /// Times this.
    pub factor: f64,
    /// And so many more, or less.
    pub add: i64,
    /// No `credit_count` at all.
    pub missing: bool,
    /// Whether the bill and the account follow what is told.
    pub booked: bool,
}

impl Default for WrongCharge {
    fn default() -> Self {
        Self { factor: 1.0, add: 0, missing: false, booked: false }
    }
}

impl WrongCharge {
    /// What is told instead of `credits`.
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and charges are small")]
    #[expect(clippy::cast_sign_loss, reason = "clamped above 0")]
    pub(crate) fn told(self, credits: u64) -> u64 {
        ((credits as f64 * self.factor).round() + self.add as f64).max(0.0) as u64
    }
}

impl Step {
    /// What it changes for good.
    pub(crate) fn change(&self) -> Option<Control> {
        let is_one = self.quirks.is_some() || self.key.is_some() || self.price_rule.is_some();
        is_one.then(|| Control {
            quirks: self.quirks.clone(),
            key: self.key.clone(),
            price_rule: self.price_rule.clone(),
            ..Control::default()
        })
    }

    /// Whether something happens to calls while it lasts.
    pub(crate) const fn is_lasting(&self) -> bool {
        self.latency.is_some()
            || self.fault.is_some()
            || self.charge.is_some()
            || self.skew_s.is_some()
    }

    /// Whether it is about calls of this path.
    pub(crate) fn is_about(&self, path: &str) -> bool {
        self.path.as_ref().is_none_or(|pattern| is_match(pattern, path))
    }
}

/// `*` stands for any text.
fn is_match(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| is_match(after, &rest[at..]))
        }),
    }
}

/// A length of time, written `250ms`, `30s`, `5m`, `2h` or `1d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length(pub Duration);

impl Length {
    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        let at = text.find(|letter: char| letter.is_ascii_alphabetic())?;
        let unit = match &text[at..] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        let number: f64 = text[..at].trim().parse().ok()?;
        let seconds = number * unit;
        (0.0..=1e9).contains(&seconds).then(|| Self(Duration::from_secs_f64(seconds)))
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}ms", self.0.as_millis()))
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "\"{text}\" is no length of time; write 250ms, 30s, 5m, 2h or 1d"
            ))
        })
    }
}
