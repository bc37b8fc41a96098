//! The names of this crate's measurements, and handles that are looked up once and kept.
//!
//! Handles belong to the recorder that is installed when an upstream or a layer is built: install
//! it first. Labels come from closed sets: the paths of the catalogue and the kinds of errors.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

use crate::call::Call;

/// Seconds per call, attempts and pauses included; labels `operation`, `outcome`.
pub const CALL_SECONDS: &str = "cmcache_api_call_seconds";
/// Calls under way; label `operation`.
pub const CALLS_IN_FLIGHT: &str = "cmcache_api_calls_in_flight";
/// Credits the API says it charged; label `operation`.
pub const CREDITS_TOTAL: &str = "cmcache_api_credits_total";
/// Further attempts; label `reason`, the kind of the error before.
pub const RETRIES_TOTAL: &str = "cmcache_api_retries_total";
/// Further attempts that were worth it but not made; label `reason`: `attempts`, `budget`,
/// `charge`, `deadline`.
pub const RETRIES_REFUSED_TOTAL: &str = "cmcache_api_retries_refused_total";
/// 1 while the breaker lets nothing through; label `operation`.
pub const BREAKER_OPEN: &str = "cmcache_api_breaker_open";
/// Calls that a breaker stopped; label `operation`.
pub const BREAKER_REJECTED_TOTAL: &str = "cmcache_api_breaker_rejected_total";
/// Seconds waited for room in the minute limit.
pub const RATE_WAIT_SECONDS: &str = "cmcache_api_rate_wait_seconds";
/// Calls that found no room in the minute limit soon enough.
pub const RATE_THROTTLED_TOTAL: &str = "cmcache_api_rate_throttled_total";
/// Requests per minute that are left in the current minute, as we count them.
pub const RATE_LEFT: &str = "cmcache_api_rate_left";
/// Connections in use.
pub const POOL_IN_USE: &str = "cmcache_api_pool_in_use";
/// Calls waiting for a connection.
pub const POOL_WAITING: &str = "cmcache_api_pool_waiting";
/// The most connections that may be in use.
pub const POOL_LIMIT: &str = "cmcache_api_pool_limit";

/// Every name of this crate, and what it measures.
pub const METRICS: &[(&str, &str)] = &[
    (CALL_SECONDS, "Seconds per call, attempts and pauses included; labels operation, outcome."),
    (CALLS_IN_FLIGHT, "Calls under way; label operation."),
    (CREDITS_TOTAL, "Credits the API says it charged; label operation."),
    (RETRIES_TOTAL, "Further attempts; label reason, the kind of the error before."),
    (
        RETRIES_REFUSED_TOTAL,
        "Further attempts that were worth it but not made; label reason: attempts, budget, \
         charge, deadline.",
    ),
    (BREAKER_OPEN, "1 while the breaker lets nothing through; label operation."),
    (BREAKER_REJECTED_TOTAL, "Calls that a breaker stopped; label operation."),
    (RATE_WAIT_SECONDS, "Seconds waited for room in the minute limit."),
    (RATE_THROTTLED_TOTAL, "Calls that found no room in the minute limit soon enough."),
    (RATE_LEFT, "Requests per minute that are left in the current minute, as we count them."),
    (POOL_IN_USE, "Connections in use."),
    (POOL_WAITING, "Calls waiting for a connection."),
    (POOL_LIMIT, "The most connections that may be in use."),
];

/// Stands for all operations that the catalogue does not list, so that labels stay bounded.
const UNKNOWN_OPERATION: &str = "unknown";

/// The label of a call's operation: its path, if the catalogue lists it.
#[must_use]
pub fn operation_of(call: &Call) -> Arc<str> {
    let operation = call.operation();
    if operation.known { Arc::clone(&operation.path) } else { Arc::from(UNKNOWN_OPERATION) }
}

/// What the timing layer keeps.
#[derive(Default)]
pub(crate) struct CallMetrics {
    seconds: Kept<(Arc<str>, &'static str), Histogram>,
    credits: Kept<Arc<str>, Counter>,
    in_flight: Kept<Arc<str>, Gauge>,
}

impl CallMetrics {
    pub(crate) fn record(&self, operation: &Arc<str>, outcome: &'static str, took: Duration) {
        let label = Arc::clone(operation);
        let make = || histogram!(CALL_SECONDS, "operation" => label, "outcome" => outcome);
        self.seconds.get((Arc::clone(operation), outcome), make).record(took);
    }

    pub(crate) fn charge(&self, operation: &Arc<str>, credits: u64) {
        let make = || counter!(CREDITS_TOTAL, "operation" => Arc::clone(operation));
        self.credits.get(Arc::clone(operation), make).increment(credits);
    }

    pub(crate) fn in_flight(&self, operation: &Arc<str>) -> Gauge {
        let make = || gauge!(CALLS_IN_FLIGHT, "operation" => Arc::clone(operation));
        self.in_flight.get(Arc::clone(operation), make)
    }
}

/// What the retry layer keeps.
#[derive(Default)]
pub(crate) struct RetryMetrics {
    made: Kept<&'static str, Counter>,
    refused: Kept<&'static str, Counter>,
}

impl RetryMetrics {
    pub(crate) fn made(&self, reason: &'static str) {
        self.made.get(reason, || counter!(RETRIES_TOTAL, "reason" => reason)).increment(1);
    }

    pub(crate) fn refused(&self, reason: &'static str) {
        let make = || counter!(RETRIES_REFUSED_TOTAL, "reason" => reason);
        self.refused.get(reason, make).increment(1);
    }
}

/// What the breaker of one endpoint keeps.
pub(crate) struct BreakerMetrics {
    pub(crate) open: Gauge,
    pub(crate) rejected: Counter,
}

impl BreakerMetrics {
    pub(crate) fn of(operation: &Arc<str>) -> Self {
        Self {
            open: gauge!(BREAKER_OPEN, "operation" => Arc::clone(operation)),
            rejected: counter!(BREAKER_REJECTED_TOTAL, "operation" => Arc::clone(operation)),
        }
    }
}

/// What the minute limiter keeps.
pub(crate) struct RateMetrics {
    pub(crate) wait: Histogram,
    pub(crate) throttled: Counter,
    pub(crate) left: Gauge,
}

impl Default for RateMetrics {
    fn default() -> Self {
        Self {
            wait: histogram!(RATE_WAIT_SECONDS),
            throttled: counter!(RATE_THROTTLED_TOTAL),
            left: gauge!(RATE_LEFT),
        }
    }
}

/// Handles by label; as many as there are labels.
struct Kept<K, H>(Mutex<BTreeMap<K, H>>);

impl<K: Ord, H: Clone> Kept<K, H> {
    fn get(&self, key: K, make: impl FnOnce() -> H) -> H {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(key).or_insert_with(make).clone()
    }
}

impl<K, H> Default for Kept<K, H> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// Adds one to a gauge for as long as it lives, also if its future is dropped.
#[derive(Debug)]
#[must_use = "dropping it takes the one away again"]
pub(crate) struct Counted(Gauge);

impl Counted {
    pub(crate) fn in_gauge(gauge: Gauge) -> Self {
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
