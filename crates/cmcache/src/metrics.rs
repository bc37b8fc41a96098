//! The measurements of the facade, and the list of everybody's.

use credits::Credits;
use metrics::{describe_gauge, gauge};

use crate::status::WindowStatus;

const USED: &str = "cmcache_credits_used";
const LIMIT: &str = "cmcache_credits_limit";
const RESERVED: &str = "cmcache_credits_reserved";
const AHEAD: &str = "cmcache_credits_leased";
const WAITING: &str = "cmcache_credits_waiting_postings";
const CHECK: &str = "cmcache_health_check_status";

/// The names of this crate's metrics and what they tell.
const METRICS: [(&str, &str); 6] = [
    (USED, "Credits used, by window: month or day."),
    (LIMIT, "Credits that may be used, by window; absent without a limit."),
    (RESERVED, "Credits held by calls under way, and by blocks leased ahead."),
    (AHEAD, "Credits that this instance has leased ahead of a shared budget and not drawn."),
    (WAITING, "Postings that wait for the ledger."),
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

pub(crate) fn account(reserved: Credits, ahead: Credits, n_waiting: usize) {
    gauge!(AHEAD).set(float(ahead.get()));
    gauge!(RESERVED).set(float(reserved.get()));
    gauge!(WAITING).set(float(u64::try_from(n_waiting).unwrap_or(u64::MAX)));
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
