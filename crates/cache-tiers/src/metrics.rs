//! The names of this crate's measurements, and handles that are looked up once and kept.
//!
//! Handles belong to the recorder that is installed when a stack or a tier is built: install it
//! first. Labels come from closed sets: the names of the tiers and the outcomes listed here.

use std::{cell::Cell, fmt, time::Duration};

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

use crate::limits::AGE_SAMPLE;

/// Keys asked of a tier; labels `tier`, `outcome`: `fresh`, `stale`, `expired`, `tombstone`,
/// `miss`, `failed`. What is dead by a mark, or by a removal that the tier has missed, is a miss.
pub const LOOKUPS_TOTAL: &str = "cmcache_tiers_lookups_total";
/// Entries that were dead by a mark, or by a removal that the tier has missed; label `tier`.
pub const DEAD_TOTAL: &str = "cmcache_tiers_dead_total";
/// Usable entries that say that there is no such thing; label `tier`.
pub const NEGATIVE_TOTAL: &str = "cmcache_tiers_negative_total";
/// Usable entries of a tier that were older than what another had in the same look; label `tier`.
pub const SUPERSEDED_TOTAL: &str = "cmcache_tiers_superseded_total";
/// How old the entries were that a tier gave, in seconds since their load began; label `tier`. Of
/// those given from memory at once, one of 16 is measured.
pub const AGE_AT_SERVE: &str = "cmcache_tiers_age_at_serve_seconds";
/// Entries offered to a tier; labels `tier`, `outcome`: `done`, `failed`, `oversize`, `dropped`,
/// `coalesced` (another of that key waited already).
pub const PUTS_TOTAL: &str = "cmcache_tiers_puts_total";
/// Keys removed from a tier; labels `tier`, `outcome`: `done`, `failed`.
pub const REMOVES_TOTAL: &str = "cmcache_tiers_removes_total";
/// Removals that a tier has not heard of and is still to be told; label `tier`.
pub const REMOVES_OWED: &str = "cmcache_tiers_removes_owed";
/// Entries that looks found, compared with what a shadow tier holds; labels `tier`, `outcome`:
/// `same`, `older`, `newer`, `missing`, `failed`.
pub const SHADOW_TOTAL: &str = "cmcache_tiers_shadow_total";
/// Entries copied upward into a tier; label `tier`.
pub const BACKFILLS_TOTAL: &str = "cmcache_tiers_backfills_total";
/// Stored bytes that were no entry of this release; label `tier`.
pub const UNDECODABLE_TOTAL: &str = "cmcache_tiers_undecodable_total";
/// Keys that failed while the rest of their call went well; label `tier`.
pub const KEYS_FAILED_TOTAL: &str = "cmcache_tiers_keys_failed_total";
/// Entries that a clock ahead of ours wrote, met in a look; label `tier`.
pub const FROM_THE_FUTURE_TOTAL: &str = "cmcache_tiers_from_the_future_total";
/// Calls to a tier that failed; labels `tier`, `outcome`: `timed_out`, `open`, `unavailable`,
/// `rejected`, `broken`.
pub const CALLS_FAILED_TOTAL: &str = "cmcache_tiers_calls_failed_total";
/// How long calls to a tier took that were made and came to an end, in seconds; labels `tier`,
/// `verb`: `get`, `put`, `remove`. Of what memory gave at once, one of 16 is measured.
pub const CALL_SECONDS: &str = "cmcache_tiers_call_seconds";
/// 1 while a tier is left alone after too many failures; label `tier`.
pub const BREAKER_OPEN: &str = "cmcache_tiers_breaker_open";
/// Bytes that wait to be written behind.
pub const WRITE_BEHIND_BYTES: &str = "cmcache_tiers_write_behind_bytes";

/// Every name of this crate, and what it measures.
pub const METRICS: &[(&str, &str)] = &[
    (
        LOOKUPS_TOTAL,
        "Keys asked of a tier; labels tier, outcome: fresh, stale, expired, tombstone, miss, \
         failed.",
    ),
    (
        DEAD_TOTAL,
        "Entries that were dead by a mark, or by a removal that the tier has missed; label tier.",
    ),
    (NEGATIVE_TOTAL, "Usable entries that say that there is no such thing; label tier."),
    (
        SUPERSEDED_TOTAL,
        "Usable entries of a tier that were older than what another had in the same look; label \
         tier.",
    ),
    (
        AGE_AT_SERVE,
        "How old the entries were that a tier gave, in seconds since their load began; label tier.",
    ),
    (
        PUTS_TOTAL,
        "Entries offered to a tier; labels tier, outcome: done, failed, oversize, dropped, \
         coalesced.",
    ),
    (REMOVES_TOTAL, "Keys removed from a tier; labels tier, outcome: done, failed."),
    (REMOVES_OWED, "Removals that a tier has not heard of and is still to be told; label tier."),
    (
        SHADOW_TOTAL,
        "Entries that looks found, compared with what a shadow tier holds; labels tier, outcome: \
         same, older, newer, missing, failed.",
    ),
    (BACKFILLS_TOTAL, "Entries copied upward into a tier; label tier."),
    (UNDECODABLE_TOTAL, "Stored bytes that were no entry of this release; label tier."),
    (KEYS_FAILED_TOTAL, "Keys that failed while the rest of their call went well; label tier."),
    (FROM_THE_FUTURE_TOTAL, "Entries that a clock ahead of ours wrote, met in a look; label tier."),
    (
        CALLS_FAILED_TOTAL,
        "Calls to a tier that failed; labels tier, outcome: timed_out, open, unavailable, \
         rejected, broken.",
    ),
    (
        CALL_SECONDS,
        "How long calls to a tier took that were made and came to an end, in seconds; labels tier, \
         verb: get, put, remove. Of what memory gave at once, one of 16 is measured.",
    ),
    (BREAKER_OPEN, "1 while a tier is left alone after too many failures; label tier."),
    (WRITE_BEHIND_BYTES, "Bytes that wait to be written behind."),
];

/// The counts that only a store can make. Build it once, with the tier.
pub struct TierCounters {
    /// Stored bytes that were no entry of this release.
    pub undecodable: Counter,
    /// Keys that failed while the rest of their call went well.
    pub keys_failed: Counter,
}

impl TierCounters {
    /// For the tier of that name.
    #[must_use]
    pub fn new(tier: &str) -> Self {
        let tier = tier.to_owned();
        Self {
            undecodable: counter!(UNDECODABLE_TOTAL, "tier" => tier.clone()),
            keys_failed: counter!(KEYS_FAILED_TOTAL, "tier" => tier),
        }
    }
}

impl fmt::Debug for TierCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TierCounters")
    }
}

/// The counts that the stack makes for one level.
pub(crate) struct LevelCounters {
    pub(crate) fresh: Counter,
    pub(crate) stale: Counter,
    pub(crate) expired: Counter,
    pub(crate) tombstone: Counter,
    pub(crate) miss: Counter,
    pub(crate) failed: Counter,
    pub(crate) dead: Counter,
    pub(crate) negative: Counter,
    pub(crate) superseded: Counter,
    pub(crate) age: Ages,
    pub(crate) from_the_future: Counter,
    pub(crate) put_done: Counter,
    pub(crate) put_failed: Counter,
    pub(crate) put_oversize: Counter,
    pub(crate) put_dropped: Counter,
    pub(crate) put_coalesced: Counter,
    pub(crate) removed: Counter,
    pub(crate) remove_failed: Counter,
    pub(crate) backfilled: Counter,
    pub(crate) shadow: ShadowCounters,
}

impl LevelCounters {
    pub(crate) fn new(tier: &str) -> Self {
        let all = |name: &'static str| counter!(name, "tier" => tier.to_owned());
        let of = |name: &'static str, outcome: &'static str| -> Counter {
            counter!(name, "tier" => tier.to_owned(), "outcome" => outcome)
        };
        Self {
            fresh: of(LOOKUPS_TOTAL, "fresh"),
            stale: of(LOOKUPS_TOTAL, "stale"),
            expired: of(LOOKUPS_TOTAL, "expired"),
            tombstone: of(LOOKUPS_TOTAL, "tombstone"),
            miss: of(LOOKUPS_TOTAL, "miss"),
            failed: of(LOOKUPS_TOTAL, "failed"),
            dead: all(DEAD_TOTAL),
            negative: all(NEGATIVE_TOTAL),
            superseded: all(SUPERSEDED_TOTAL),
            age: Ages(histogram!(AGE_AT_SERVE, "tier" => tier.to_owned())),
            from_the_future: all(FROM_THE_FUTURE_TOTAL),
            put_done: of(PUTS_TOTAL, "done"),
            put_failed: of(PUTS_TOTAL, "failed"),
            put_oversize: of(PUTS_TOTAL, "oversize"),
            put_dropped: of(PUTS_TOTAL, "dropped"),
            put_coalesced: of(PUTS_TOTAL, "coalesced"),
            removed: of(REMOVES_TOTAL, "done"),
            remove_failed: of(REMOVES_TOTAL, "failed"),
            backfilled: all(BACKFILLS_TOTAL),
            shadow: ShadowCounters::new(tier),
        }
    }
}

/// How a shadow compares.
pub(crate) struct ShadowCounters {
    pub(crate) same: Counter,
    pub(crate) older: Counter,
    pub(crate) newer: Counter,
    pub(crate) missing: Counter,
    pub(crate) failed: Counter,
}

impl ShadowCounters {
    fn new(tier: &str) -> Self {
        let of = |outcome: &'static str| -> Counter {
            counter!(SHADOW_TOTAL, "tier" => tier.to_owned(), "outcome" => outcome)
        };
        Self {
            same: of("same"),
            older: of("older"),
            newer: of("newer"),
            missing: of("missing"),
            failed: of("failed"),
        }
    }
}

/// How old what a tier gave was.
pub(crate) struct Ages(Histogram);

impl Ages {
    pub(crate) fn record(&self, age: Duration) {
        self.0.record(age.as_secs_f64());
    }

    /// Records one of [`AGE_SAMPLE`] that this thread is asked to.
    pub(crate) fn sample(&self, age: Duration) {
        thread_local!(static TURN: Cell<u32> = const { Cell::new(0) });
        let turn = TURN.get();
        TURN.set((turn + 1) % AGE_SAMPLE);
        if turn == 0 {
            self.record(age);
        }
    }
}

impl fmt::Debug for LevelCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LevelCounters")
    }
}

/// What a guard sees of its tier.
pub(crate) struct GuardCounters {
    pub(crate) failed: [Counter; 5],
    pub(crate) open: Gauge,
}

impl GuardCounters {
    pub(crate) fn new(tier: &str) -> Self {
        let outcomes = ["timed_out", "open", "unavailable", "rejected", "broken"];
        Self {
            failed: outcomes.map(|outcome| {
                counter!(CALLS_FAILED_TOTAL, "tier" => tier.to_owned(), "outcome" => outcome)
            }),
            open: gauge!(BREAKER_OPEN, "tier" => tier.to_owned()),
        }
    }
}

impl fmt::Debug for GuardCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardCounters")
    }
}

pub(crate) fn write_behind_bytes() -> Gauge {
    gauge!(WRITE_BEHIND_BYTES)
}

pub(crate) fn removes_owed(tier: &str) -> Gauge {
    gauge!(REMOVES_OWED, "tier" => tier.to_owned())
}
