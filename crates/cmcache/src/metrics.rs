//! The measurements of the facade, and the list of everybody's.

use credits::{Credits, Paced, Step};
use metrics::{describe_gauge, gauge};

use crate::status::WindowStatus;

const USED: &str = "cmcache_credits_used";
const LIMIT: &str = "cmcache_credits_limit";
const RESERVED: &str = "cmcache_credits_reserved";
const WAITING: &str = "cmcache_credits_waiting_postings";
const STEP: &str = "cmcache_pace_step";
const STRETCH: &str = "cmcache_pace_stretch_ratio";
const TARGET: &str = "cmcache_pace_target_credits_per_day";
const ACTUAL: &str = "cmcache_pace_actual_credits_per_day";
const EXPECTED: &str = "cmcache_pace_expected_use_credits";
const CHECK: &str = "cmcache_health_check_status";

/// The names of this crate's metrics and what they tell.
const METRICS: [(&str, &str); 10] = [
    (USED, "Credits used, by window: month or day."),
    (LIMIT, "Credits that may be used, by window; absent without a limit."),
    (RESERVED, "Credits held by calls under way."),
    (WAITING, "Postings that wait for the ledger."),
    (
        STEP,
        "How far answers stand back behind the budget: 0 fresh, 1 paced, 2 stale, 3 cache-only.",
    ),
    (
        STRETCH,
        "By how much ages are stretched so that the budget lasts, in the mean of all answers.",
    ),
    (TARGET, "Credits a day that would use up the rest of the tightest window evenly."),
    (ACTUAL, "Credits a day spent of late."),
    (EXPECTED, "Credits that will have been used when the tightest window begins anew."),
    (CHECK, "What each check found last: 0 pass, 1 warn, 2 fail."),
];

/// The name of every metric of every part, and what it counts.
#[must_use]
pub fn metrics() -> Vec<(&'static str, &'static str)> {
    let parts: [&[_]; 7] = [
        cmc_api::metrics::METRICS,
        cache_tiers::metrics::METRICS,
        &engine::METRICS,
        &METRICS,
        store_redis::metrics::METRICS,
        store_memcached::metrics::METRICS,
        store_sql::metrics::METRICS,
    ];
    parts.into_iter().flatten().copied().collect()
}

pub(crate) fn describe() {
    METRICS.iter().for_each(|(name, what)| describe_gauge!(*name, *what));
}

pub(crate) fn window(name: &'static str, status: &WindowStatus) {
    gauge!(USED, "window" => name).set(float(status.used));
    if let Some(limit) = status.limit {
        gauge!(LIMIT, "window" => name).set(float(limit));
    }
}

pub(crate) fn account(reserved: Credits, n_waiting: usize) {
    gauge!(RESERVED).set(float(reserved.get()));
    gauge!(WAITING).set(float(u64::try_from(n_waiting).unwrap_or(u64::MAX)));
}

pub(crate) fn pace(paced: &Paced) {
    let step = match paced.step {
        Step::Fresh => 0.0,
        Step::Paced => 1.0,
        Step::Stale => 2.0,
        Step::CacheOnly => 3.0,
    };
    gauge!(STEP).set(step);
    gauge!(STRETCH).set(f64::from(paced.stretch_permille) / 1_000.0);
    gauge!(ACTUAL).set(paced.actual_per_day);
    if paced.window.is_some() {
        gauge!(TARGET).set(paced.target_per_day);
        gauge!(EXPECTED).set(float(paced.expected_use.get()));
    }
}

pub(crate) fn check(name: &str, status: health::Status) {
    let value = match status.word() {
        "pass" => 0.0,
        "warn" => 1.0,
        _ => 2.0,
    };
    gauge!(CHECK, "check" => name.to_owned()).set(value);
}

/// Gauges are floats; above 2^53 the last digits go, and nobody has that many credits.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub(crate) const fn float(n: u64) -> f64 {
    n as f64
}
