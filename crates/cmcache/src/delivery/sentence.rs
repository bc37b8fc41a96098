//! Events in words, for people.

use std::fmt;

use crate::events::{Severity, What};

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Detail => "detail",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        })
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiCallMade { operation, outcome, elapsed_ms, .. } => {
                write!(f, "{operation} was called: {outcome} after {elapsed_ms} ms")
            }
            Self::CreditConsumed { operation, credits, assumed: false, .. } => {
                write!(f, "{operation} was charged with {credits} credits")
            }
            Self::CreditConsumed { operation, credits, .. } => {
                write!(f, "{operation} counts as charged with {credits} credits")
            }
            Self::CreditWarning { window, level, used, limit, reset, .. } => write!(
                f,
                "{level} % of the {window}'s credits are used: {used} of {limit}, until {reset}"
            ),
            Self::RateLimitHit { operation, limit: "own", .. } => {
                write!(f, "{operation} was held back by our own limit of calls a minute")
            }
            Self::RateLimitHit { operation, limit, .. } => {
                write!(f, "{operation} met the API's limit: {limit}")
            }
            Self::ApiError { operation, error, .. } => write!(f, "{operation} failed: {error}"),
            Self::BurnRate { alarm, is_firing: false, .. } => {
                write!(f, "spending has slowed down: the alarm `{alarm}` is over")
            }
            Self::BurnRate { alarm, long_permille, ends, reset, used, limit, .. } => {
                let (whole, tenth) = (long_permille / 1_000, long_permille % 1_000 / 100);
                write!(f, "credits go {whole}.{tenth} times as fast as they may (`{alarm}`): ")?;
                write!(f, "{used} of {limit} are used")?;
                match ends {
                    Some(ends) => {
                        write!(f, ", the rest ends at {ends}, before the reset at {reset}")
                    }
                    None => write!(f, ", the reset is at {reset}"),
                }
            }
            Self::TierDown { tier } => write!(f, "the tier {tier} fails and is left alone"),
            Self::TierUp { tier } => write!(f, "the tier {tier} is back"),
            Self::BreakerOpened { operation } => write!(f, "{operation} fails and is left alone"),
            Self::BreakerClosed { operation } => write!(f, "{operation} is called again"),
            Self::PriceDrift { operation, price, charged, rule_before, rule_after, .. } => write!(
                f,
                "{operation} should have cost {price} and was charged with {charged} credits: it \
                 was {rule_before}, and is taken for {rule_after} from now on"
            ),
            Self::PaceChanged { from, to, reason } => {
                write!(f, "the pace goes from {from} to {to}: {reason}")
            }
            Self::PlanChanged { credits_month_before, credits_month, .. } => {
                let limit = |limit: &Option<u64>| {
                    limit.map_or_else(|| "no limit".to_owned(), |limit| limit.to_string())
                };
                let (before, now) = (limit(credits_month_before), limit(credits_month));
                write!(
                    f,
                    "the key's limits have changed: {before} credits a month before, {now} now"
                )
            }
            Self::KeyUsedElsewhere { upstream, booked, new, .. } => write!(
                f,
                "somebody else uses the key: it has spent {upstream} credits this month, the books \
                 know of {booked}; {new} of the difference are new"
            ),
            Self::Test { note } => f.write_str(note),
        }
    }
}
