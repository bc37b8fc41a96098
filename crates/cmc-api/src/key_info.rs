//! What `/v1/key/info` says of a key: its limits, what is used, and when the month turns.

use credits::Credits;
use serde::Deserialize;

/// The plan and the use of one API key. Fields that a plan does not have are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct KeyInfo {
    /// The limits.
    pub plan: KeyPlan,
    /// What is used of them.
    pub usage: KeyUsage,
}

/// The limits of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct KeyPlan {
    /// Credits a month.
    pub credit_limit_monthly: Option<Credits>,
    /// When the month turns, RFC 3339.
    pub credit_limit_monthly_reset_timestamp: Option<String>,
    /// Credits a day; most plans have no such limit.
    pub credit_limit_daily: Option<Credits>,
    /// Requests a minute.
    pub rate_limit_minute: Option<u32>,
}

/// What is used of a key's limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct KeyUsage {
    /// This minute.
    pub current_minute: MinuteUsage,
    /// This day.
    pub current_day: CreditUsage,
    /// This month.
    pub current_month: CreditUsage,
}

/// Requests of a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MinuteUsage {
    /// Requests so far, this one included.
    pub requests_made: u32,
}

/// Credits of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CreditUsage {
    /// Credits so far.
    pub credits_used: Credits,
}

impl KeyInfo {
    /// Reads the `data` of an answer; `None` if it is something else.
    #[must_use]
    pub fn of(data: &[u8]) -> Option<Self> {
        serde_json::from_slice(data).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_without_a_daily_limit_is_read() {
        // The plans of 2026 report none; unknown keys must not matter.
        let info = KeyInfo::of(
            br#"{"plan":{"credit_limit_monthly":15000,"credit_limit_monthly_reset":"In 26 days",
            "credit_limit_monthly_reset_timestamp":"2026-11-01T00:00:00.000Z","rate_limit_minute":50},
            "usage":{"current_minute":{"requests_made":1,"requests_left":49},
            "current_day":{"credits_used":112},"current_month":{"credits_used":2044,"credits_left":12956}}}"#,
        )
        .unwrap();
        assert_eq!(info.plan.credit_limit_monthly, Some(Credits::new(15_000)));
        assert_eq!(info.plan.credit_limit_daily, None);
        assert_eq!(info.usage.current_month.credits_used, Credits::new(2_044));
    }
}
