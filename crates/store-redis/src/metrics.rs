//! What only this store can count.

use metrics::{Counter, counter};

/// Connections opened and attempts that failed; label `outcome`: `opened`, `failed`.
pub const CONNECTS_TOTAL: &str = "cmcache_redis_connects_total";
/// Messages between instances that could not be read.
pub const UNREADABLE_TOTAL: &str = "cmcache_redis_unreadable_messages_total";
/// Times that a listener had to connect again, and may have missed something.
pub const GAPS_TOTAL: &str = "cmcache_redis_gaps_total";

/// Every name of this crate, and what it measures.
pub const METRICS: &[(&str, &str)] = &[
    (CONNECTS_TOTAL, "Connections to Redis; label outcome: opened, failed."),
    (UNREADABLE_TOTAL, "Messages between instances that could not be read."),
    (GAPS_TOTAL, "Times that a listener of Redis may have missed something."),
];

/// Kept handles.
pub(crate) struct LinkCounters {
    pub(crate) opened: Counter,
    pub(crate) failed: Counter,
    pub(crate) unreadable: Counter,
    pub(crate) gaps: Counter,
}

impl LinkCounters {
    pub(crate) fn new() -> Self {
        let connects = |outcome: &'static str| counter!(CONNECTS_TOTAL, "outcome" => outcome);
        Self {
            opened: connects("opened"),
            failed: connects("failed"),
            unreadable: counter!(UNREADABLE_TOTAL),
            gaps: counter!(GAPS_TOTAL),
        }
    }
}
