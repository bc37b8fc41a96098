//! The measurements of the facade, and the list of everybody's.

use std::sync::Arc;

use credits::{BurnAlarm, Credits, Paced, Step};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};

use crate::{events::Kind, status::WindowStatus};

const USED: &str = "cmcache_credits_used";
const LIMIT: &str = "cmcache_credits_limit";
const RESERVED: &str = "cmcache_credits_reserved";
const AHEAD: &str = "cmcache_credits_leased";
const WAITING: &str = "cmcache_credits_waiting_postings";
const STEP: &str = "cmcache_pace_step";
const STRETCH: &str = "cmcache_pace_stretch_ratio";
const TARGET: &str = "cmcache_pace_target_credits_per_day";
const ACTUAL: &str = "cmcache_pace_actual_credits_per_day";
const EXPECTED: &str = "cmcache_pace_expected_use_credits";
const CHECK: &str = "cmcache_health_check_status";
const ELSEWHERE: &str = "cmcache_credits_used_elsewhere";
const BURNING: &str = "cmcache_credits_burn_alarm";
const LETTERS: &str = "cmcache_webhook_letters_total";
const LETTERS_WAITING: &str = "cmcache_webhook_waiting_letters";
const LETTERS_GIVEN_UP: &str = "cmcache_webhook_given_up_letters";
const EVENTS: &str = "cmcache_events_published_total";
const DEVIATIONS: &str = "cmcache_credits_price_deviations_total";
const EVENTS_LOST: &str = "cmcache_events_lost_total";

/// The names of this crate's gauges and what they tell.
const GAUGES: [(&str, &str); 15] = [
    (USED, "Credits used, by window: month or day."),
    (LIMIT, "Credits that may be used, by window; absent without a limit."),
    (RESERVED, "Credits held by calls under way, and by blocks leased ahead."),
    (AHEAD, "Credits that this instance has leased ahead of a shared budget and not drawn."),
    (WAITING, "Postings that wait for the ledger."),
    (ELSEWHERE, "Credits that the key says were used this month and the books do not know."),
    (BURNING, "Whether credits go too fast, by alarm: 1 while it rings."),
    (LETTERS_WAITING, "Events that the webhook has not taken yet."),
    (LETTERS_GIVEN_UP, "Events that waited too long for the webhook, or were too many."),
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

/// The names of this crate's counters and what they count.
const COUNTERS: [(&str, &str); 4] = [
    (EVENTS, "Events that were told, by kind."),
    (DEVIATIONS, "Charges that contradict the tariff, by operation."),
    (LETTERS, "Attempts to hand an event to the webhook; label outcome: delivered, failed."),
    (EVENTS_LOST, "Events that a slow subscriber did not get."),
];

/// The name of every metric of every part, and what it counts.
#[must_use]
pub fn metrics() -> Vec<(&'static str, &'static str)> {
    let parts: [&[_]; 8] = [
        cmc_api::metrics::METRICS,
        cache_tiers::metrics::METRICS,
        &engine::METRICS,
        &GAUGES,
        &COUNTERS,
        store_redis::metrics::METRICS,
        store_memcached::metrics::METRICS,
        store_sql::metrics::METRICS,
    ];
    parts.into_iter().flatten().copied().collect()
}

/// Has every metric of every part say what it is. Its kind is in its name.
pub(crate) fn describe() {
    for (name, what) in metrics() {
        match name.rsplit('_').next() {
            Some("total") => describe_counter!(name, what),
            Some("seconds") => describe_histogram!(name, what),
            _ => describe_gauge!(name, what),
        }
    }
}

pub(crate) fn event(kind: Kind) {
    counter!(EVENTS, "kind" => kind.name()).increment(1);
}

pub(crate) fn price_deviation(operation: &Arc<str>) {
    counter!(DEVIATIONS, "operation" => Arc::clone(operation)).increment(1);
}

pub(crate) fn events_lost(n: u64) {
    counter!(EVENTS_LOST).increment(n);
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

pub(crate) fn letter(outcome: &'static str) {
    counter!(LETTERS, "outcome" => outcome).increment(1);
}

pub(crate) fn letters_waiting(n: usize) {
    gauge!(LETTERS_WAITING).set(float(u64::try_from(n).unwrap_or(u64::MAX)));
}

pub(crate) fn letters_given_up(n: u64) {
    gauge!(LETTERS_GIVEN_UP).set(float(n));
}

pub(crate) fn elsewhere(credits: u64) {
    gauge!(ELSEWHERE).set(float(credits));
}

pub(crate) fn burning(firing: &[String]) {
    for alarm in BurnAlarm::ALL {
        let is_firing = firing.iter().any(|name| name == alarm.name);
        gauge!(BURNING, "alarm" => alarm.name).set(if is_firing { 1.0 } else { 0.0 });
    }
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
