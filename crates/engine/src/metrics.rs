//! The measurements of this crate, with their handles kept: a call by name costs ten times more.

use credits::Credits;
use metrics::{Counter, counter, describe_counter};

/// The names of this crate's metrics and what they count.
pub const METRICS: [(&str, &str); 9] = [
    (ANSWERS, "Answers; label state: full, partial, cold, stale, failed."),
    (CHARGED, "Credits that upstream charged."),
    (OVER_PRICE, "Credits charged above the price that the tariff foresaw."),
    (WITHDRAWN, "Keys that nobody wanted any more when their call was about to depart."),
    (UNREADABLE, "Replies that were not what the call asked for."),
    (READY, "Answers that needed no composing: the same request, nothing changed since."),
    (LEASES, "Keys to load, where instances share leases; label outcome: taken, held, failed."),
    (FOLLOWED, "Keys that another instance loaded while somebody here waited."),
    (NOTES, "Notes heard from other instances."),
];

const ANSWERS: &str = "cmcache_engine_answers_total";
const CHARGED: &str = "cmcache_engine_charged_credits_total";
const OVER_PRICE: &str = "cmcache_engine_over_price_credits_total";
const WITHDRAWN: &str = "cmcache_engine_withdrawn_keys_total";
const UNREADABLE: &str = "cmcache_engine_unreadable_replies_total";
const READY: &str = "cmcache_engine_ready_answers_total";
const LEASES: &str = "cmcache_engine_leases_total";
const FOLLOWED: &str = "cmcache_engine_followed_keys_total";
const NOTES: &str = "cmcache_engine_notes_heard_total";

/// Kept handles.
pub(crate) struct Metrics {
    pub(crate) full: Counter,
    pub(crate) partial: Counter,
    pub(crate) cold: Counter,
    pub(crate) stale: Counter,
    pub(crate) failed: Counter,
    pub(crate) ready: Counter,
    pub(crate) withdrawn: Counter,
    pub(crate) unreadable: Counter,
    pub(crate) leases_taken: Counter,
    pub(crate) leases_held: Counter,
    pub(crate) leases_failed: Counter,
    pub(crate) followed: Counter,
    pub(crate) notes_heard: Counter,
    charged: Counter,
    over_price: Counter,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Registers with whichever recorder is installed now.
    pub(crate) fn register() -> Self {
        METRICS.iter().for_each(|(name, what)| describe_counter!(*name, *what));
        let leases = |outcome: &'static str| counter!(LEASES, "outcome" => outcome);
        let answers = |state: &'static str| counter!(ANSWERS, "state" => state);
        Self {
            full: answers("full"),
            partial: answers("partial"),
            cold: answers("cold"),
            stale: answers("stale"),
            failed: answers("failed"),
            ready: counter!(READY),
            withdrawn: counter!(WITHDRAWN),
            unreadable: counter!(UNREADABLE),
            leases_taken: leases("taken"),
            leases_held: leases("held"),
            leases_failed: leases("failed"),
            followed: counter!(FOLLOWED),
            notes_heard: counter!(NOTES),
            charged: counter!(CHARGED),
            over_price: counter!(OVER_PRICE),
        }
    }

    /// Books what a call took, and warns if the tariff was no upper bound.
    pub(crate) fn charged(&self, price: Credits, charged: Credits) {
        self.charged.increment(charged.get());
        let over = charged.saturating_sub(price);
        if over > Credits::ZERO {
            self.over_price.increment(over.get());
            tracing::warn!(%price, %charged, "upstream charged more than the tariff foresaw");
        }
    }
}
