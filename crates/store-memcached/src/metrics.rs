//! What only this store knows; the rest is counted as of every tier
//! ([`cache_tiers::metrics`]).

use std::fmt;

use cache_tiers::TierCounters;
use metrics::{Counter, Gauge, counter, gauge};

use crate::store::NAME;

/// Exchanges with a server that failed; label `server`: its place in the settings, from 0.
pub const SERVER_FAILURES_TOTAL: &str = "cmcache_memcached_server_failures_total";
/// 1 while a server is left alone after too many failures; label `server`.
pub const SERVER_RESTING: &str = "cmcache_memcached_server_resting";
/// Puts and leases that were tried again because another writer came first.
pub const LOST_RACES_TOTAL: &str = "cmcache_memcached_lost_races_total";
/// Values of another key with the same hash: misses.
pub const COLLISIONS_TOTAL: &str = "cmcache_memcached_collisions_total";

/// Every name of this crate, and what it measures.
pub const METRICS: &[(&str, &str)] = &[
    (SERVER_FAILURES_TOTAL, "Exchanges with a server that failed; label server: its place."),
    (SERVER_RESTING, "1 while a server is left alone after too many failures; label server."),
    (LOST_RACES_TOTAL, "Puts and leases tried again because another writer came first."),
    (COLLISIONS_TOTAL, "Values of another key with the same hash: misses."),
];

/// The counts of a pool, looked up once.
pub(crate) struct Counters {
    pub(crate) of_tier: TierCounters,
    pub(crate) lost_races: Counter,
    pub(crate) collisions: Counter,
}

impl Counters {
    pub(crate) fn new() -> Self {
        Self {
            of_tier: TierCounters::new(NAME),
            lost_races: counter!(LOST_RACES_TOTAL),
            collisions: counter!(COLLISIONS_TOTAL),
        }
    }
}

impl fmt::Debug for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counters")
    }
}

/// The counts of one server.
pub(crate) struct ServerCounters {
    pub(crate) failures: Counter,
    pub(crate) resting: Gauge,
}

impl ServerCounters {
    pub(crate) fn new(place: usize) -> Self {
        Self {
            failures: counter!(SERVER_FAILURES_TOTAL, "server" => place.to_string()),
            resting: gauge!(SERVER_RESTING, "server" => place.to_string()),
        }
    }
}
