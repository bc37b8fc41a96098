use std::sync::Arc;

use clock::Timestamp;
use credits::Window;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::Kind;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place on this bus, from 1.
    pub seq: u64,
    /// Unique for ever. Where several instances see the same thing happen, such as a level of the
    /// budget that they share, they give it the same id, so that who is told twice can tell.
    pub id: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Each call: there are many.
    Detail,
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody should look now.
    Critical,
}

/// What happened. Nothing in it is a secret, and nothing was written by a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields say what they are; `Kind::tells` says the rest")]
pub enum What {
    /// [`Kind::ApiCallMade`]: one attempt, with what it was charged if that is known.
    ApiCallMade {
        operation: Arc<str>,
        outcome: &'static str,
        credits: Option<u64>,
        elapsed_ms: u64,
        items: u64,
        converts: u64,
    },
    /// [`Kind::CreditConsumed`]: `assumed` if nobody confirmed the charge.
    CreditConsumed {
        operation: Arc<str>,
        credits: u64,
        reserved: u64,
        assumed: bool,
        keys: u32,
        elapsed_ms: u32,
    },
    /// [`Kind::CreditWarning`]: the highest level that is passed, and those passed with it.
    CreditWarning {
        window: Window,
        level: u8,
        passed: Vec<u8>,
        used: u64,
        limit: u64,
        #[serde(serialize_with = "iso")]
        reset: Timestamp,
    },
    /// [`Kind::RateLimitHit`]: `minute`, `day`, `month`, `address`; or `own`, if it was our own
    /// limiter that stopped the call before the API had to.
    RateLimitHit { operation: Arc<str>, limit: &'static str, retry_after_ms: Option<u64> },
    /// [`Kind::ApiError`]: `error` is one of a closed set; code and status as the API gave them.
    ApiError {
        operation: Arc<str>,
        error: &'static str,
        code: Option<i64>,
        http_status: Option<u16>,
        elapsed_ms: u64,
    },
    /// [`Kind::BurnRate`]: how many thousandths of the even rate of the plan are being spent over
    /// the longer and the shorter of the alarm's two stretches of time.
    BurnRate {
        alarm: &'static str,
        is_firing: bool,
        long_permille: u64,
        short_permille: u64,
        threshold_permille: u64,
        used: u64,
        limit: u64,
        /// When the credits end at this rate, if that is before the reset.
        #[serde(serialize_with = "maybe_iso")]
        ends: Option<Timestamp>,
        #[serde(serialize_with = "iso")]
        reset: Timestamp,
    },
    /// [`Kind::TierDown`]
    TierDown { tier: Arc<str> },
    /// [`Kind::TierUp`]
    TierUp { tier: Arc<str> },
    /// [`Kind::BreakerOpened`]
    BreakerOpened { operation: Arc<str> },
    /// [`Kind::BreakerClosed`]
    BreakerClosed { operation: Arc<str> },
    /// [`Kind::PriceDrift`]: what the call should have cost, what it did, and the rule that is in
    /// force from now on.
    PriceDrift {
        operation: Arc<str>,
        price: u64,
        charged: u64,
        items: u64,
        converts: u64,
        rule_before: String,
        rule_after: String,
    },
    /// [`Kind::PaceChanged`]
    PaceChanged { from: Arc<str>, to: Arc<str>, reason: Arc<str> },
    /// [`Kind::PlanChanged`]
    PlanChanged {
        credits_month_before: Option<u64>,
        credits_month: Option<u64>,
        credits_day_before: Option<u64>,
        credits_day: Option<u64>,
        calls_minute_before: Option<u32>,
        calls_minute: Option<u32>,
    },
    /// [`Kind::KeyUsedElsewhere`]: what the key says was used this month, what the books say, and
    /// the part of the difference that is new.
    KeyUsedElsewhere { upstream: u64, booked: u64, elsewhere: u64, new: u64 },
    /// [`Kind::Test`]
    Test { note: Arc<str> },
}

impl What {
    /// Its sort.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::ApiCallMade { .. } => Kind::ApiCallMade,
            Self::CreditConsumed { .. } => Kind::CreditConsumed,
            Self::CreditWarning { .. } => Kind::CreditWarning,
            Self::RateLimitHit { .. } => Kind::RateLimitHit,
            Self::ApiError { .. } => Kind::ApiError,
            Self::BurnRate { .. } => Kind::BurnRate,
            Self::TierDown { .. } => Kind::TierDown,
            Self::TierUp { .. } => Kind::TierUp,
            Self::BreakerOpened { .. } => Kind::BreakerOpened,
            Self::BreakerClosed { .. } => Kind::BreakerClosed,
            Self::PriceDrift { .. } => Kind::PriceDrift,
            Self::PaceChanged { .. } => Kind::PaceChanged,
            Self::PlanChanged { .. } => Kind::PlanChanged,
            Self::KeyUsedElsewhere { .. } => Kind::KeyUsedElsewhere,
            Self::Test { .. } => Kind::Test,
        }
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::ApiCallMade { .. } | Self::CreditConsumed { .. } => Severity::Detail,
            Self::ApiError { error: "refused" | "plan_gate", .. }
            | Self::TierUp { .. }
            | Self::BreakerClosed { .. }
            | Self::BurnRate { is_firing: false, .. }
            | Self::PaceChanged { .. }
            | Self::Test { .. } => Severity::Info,
            Self::CreditWarning { level, .. } if *level >= 95 => Severity::Critical,
            Self::BurnRate { alarm: "fast", .. } => Severity::Critical,
            Self::ApiError { .. }
            | Self::CreditWarning { .. }
            | Self::BurnRate { .. }
            | Self::RateLimitHit { .. }
            | Self::TierDown { .. }
            | Self::BreakerOpened { .. }
            | Self::PriceDrift { .. }
            | Self::PlanChanged { .. }
            | Self::KeyUsedElsewhere { .. } => Severity::Warning,
        }
    }
}

impl Event {
    /// In one line of JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Event", 5)?;
        out.serialize_field("id", &*self.id)?;
        out.serialize_field("at", &self.at.to_string())?;
        out.serialize_field("kind", &self.what.kind())?;
        out.serialize_field("severity", &self.what.severity())?;
        out.serialize_field("told", &self.what)?;
        out.end()
    }
}

fn iso<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn maybe_iso<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}
