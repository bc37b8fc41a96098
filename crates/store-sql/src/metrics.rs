//! The names of this crate's measurements.

/// Reports that were read from the database itself because its copy did not answer; label `tier`.
pub const REPLICA_AWAY_TOTAL: &str = "cmcache_sql_replica_away_total";

/// Every name of this crate, and what it measures.
pub const METRICS: &[(&str, &str)] = &[(
    REPLICA_AWAY_TOTAL,
    "Reports that were read from the database itself because its copy did not answer; label tier.",
)];
