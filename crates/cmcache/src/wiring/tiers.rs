//! The tiers, nearest first, and what instances with a common store share.

use std::{sync::Arc, time::Duration};

use cache_tiers::{Stack, StackBuilder, Tier, TierPolicy};
use clock::Clock;
use credits::Meter;
use engine::Commons;
use monitor::Monitor;
use store_memcached::{MemcachedConfig, MemcachedStore};
use store_moka::{MokaConfig, MokaTier};
use store_redis::{Invalidation, RedisConfig, RedisStore};
use store_sql::{SqlConfig, SqlTier};

use super::{
    kept::{Kept, embedded},
    named::Named,
};
use crate::{
    config::{Bytes, Config, ConfigError, Counter, Place, TierConfig},
    error::StartError,
    opening::Opening,
    tier_times::TierTimes,
};

/// How long a request waits for a database before it goes on without.
const SQL_DEADLINE: Duration = Duration::from_millis(250);

/// What a name and its settings mean.
enum Plan {
    Memory(MokaConfig),
    Embedded,
    Redis(Box<RedisConfig>),
    Memcached(MemcachedConfig),
    Server(Box<SqlConfig>),
}

/// The stores of all tiers, opened.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    tiers: Vec<(Arc<dyn Tier>, TierPolicy)>,
    /// Those whose expired rows are to be removed.
    pub(crate) to_prune: Vec<Arc<SqlTier>>,
    pub(crate) commons: Commons,
    /// Counts one budget for all instances.
    pub(crate) meter: Option<Arc<dyn Meter>>,
    redis: Vec<RedisStore>,
    memcached: Vec<MemcachedStore>,
}

/// Opens what the configuration names. A server may be away: its tier is then tried again on use.
pub(crate) async fn levels(
    config: &Config,
    kept: &mut Kept,
    opening: &Opening,
) -> Result<Levels, StartError> {
    let mut levels = Levels::default();
    if config.counter() == Some(Counter::Ledger) {
        levels.meter = kept.ledger_database(config).map(|database| Arc::new(database.meter()) as _);
    }
    for name in &config.tiers {
        opening.waits_for(format!("the tier {name}"));
        let set = config.tier(name);
        let mut policy = TierPolicy { shadow: set.shadow, ..TierPolicy::default() };
        let tier = levels.open(config, kept, name, &mut policy).await?;
        if config.lessor() == Some(name) {
            levels.commons.lease_deadline = set.deadline.map(|set| set.get());
        }
        policy.retention = set.retention.map_or(policy.retention, |set| set.get());
        policy.deadline = set.deadline.map_or(policy.deadline, |set| set.get());
        policy.max_value_bytes = set.max_value_bytes.map(size);
        levels.tiers.push((Named::tier(name, tier), policy));
    }
    Ok(levels)
}

impl Levels {
    async fn open(
        &mut self,
        config: &Config,
        kept: &mut Kept,
        name: &str,
        policy: &mut TierPolicy,
    ) -> Result<Arc<dyn Tier>, StartError> {
        let set = config.tier(name);
        let (place, sql) = match plan(name, &set)? {
            Plan::Memory(moka) => return Ok(Arc::new(MokaTier::new(moka))),
            Plan::Redis(redis) => return self.redis(config, name, *redis),
            Plan::Memcached(pool) => return self.memcached(config, name, pool),
            Plan::Embedded => (None, with_connections(embedded(config), &set)),
            Plan::Server(sql) => (set.url.as_ref(), *sql),
        };
        let store = kept.database(place, sql).await?;
        if config.lessor() == Some(name) {
            self.commons.leases = Some(Arc::new(store.leases()));
        }
        if config.counter() == Some(Counter::Tier(name)) {
            self.meter = Some(Arc::new(store.meter()));
        }
        policy.deadline = SQL_DEADLINE;
        let tier = Arc::new(store.tier());
        self.to_prune.push(Arc::clone(&tier));
        Ok(tier)
    }

    fn redis(
        &mut self,
        config: &Config,
        name: &str,
        mut redis: RedisConfig,
    ) -> Result<Arc<dyn Tier>, StartError> {
        if config.notary() != Some(name) {
            redis.invalidation = Invalidation::Off;
        }
        let store = RedisStore::open(redis).map_err(|error| of_tier(name, &error))?;
        if config.lessor() == Some(name) {
            self.commons.leases = Some(Arc::new(store.leases()));
        }
        if config.counter() == Some(Counter::Tier(name)) {
            self.meter = Some(Arc::new(store.meter()));
        }
        if let Some(backplane) = store.backplane() {
            self.commons.backplane = Some(Arc::new(backplane));
        }
        let tier = Arc::new(store.tier());
        self.redis.push(store);
        Ok(tier)
    }

    fn memcached(
        &mut self,
        config: &Config,
        name: &str,
        pool: MemcachedConfig,
    ) -> Result<Arc<dyn Tier>, StartError> {
        let store = MemcachedStore::open(pool).map_err(|error| of_tier(name, &error))?;
        if config.lessor() == Some(name) {
            self.commons.leases = Some(Arc::new(store.leases()));
        }
        let tier = Arc::new(store.tier());
        self.memcached.push(store);
        Ok(tier)
    }

    /// Hangs up, where somebody was called.
    pub(crate) async fn close(&self) {
        self.redis.iter().for_each(RedisStore::close);
        for pool in &self.memcached {
            pool.close().await;
        }
    }

    /// The tiers in the order of the configuration, and an embedder's own below them.
    pub(crate) fn stack(
        &self,
        config: &Config,
        own: Vec<Arc<dyn Tier>>,
        (monitor, clock): (&Monitor, &Arc<dyn Clock>),
    ) -> Stack {
        let is_racing = config.tiers_read == crate::config::TiersRead::Race;
        let configured = self.tiers.iter().map(|(tier, policy)| (Arc::clone(tier), *policy));
        let own = own.into_iter().map(|tier| (tier, TierPolicy::default()));
        let bottom = StackBuilder::new(Arc::clone(clock)).race(is_racing);
        let all = configured.chain(own).fold(bottom, |builder, (tier, policy)| {
            let times = TierTimes::new(monitor, tier.name(), Arc::clone(clock));
            builder.observed_tier(tier, policy, Arc::new(times))
        });
        all.build()
    }
}

/// What is wrong with the settings of that tier, if anything is.
pub(crate) fn check_tier(name: &str, set: &TierConfig) -> Result<(), ConfigError> {
    match plan(name, set)? {
        Plan::Redis(redis) => redis.validate().map_err(|error| of_tier(name, &error)),
        Plan::Memcached(pool) => pool.validate().map_err(|error| of_tier(name, &error)),
        Plan::Memory(_) | Plan::Embedded | Plan::Server(_) => Ok(()),
    }
}

/// What a store says of its settings, in the names that the operator has set.
fn of_tier(name: &str, error: &impl ToString) -> ConfigError {
    let said = error.to_string();
    let (setting, why) = said.split_once(": ").unwrap_or(("", &said));
    let setting = match setting {
        "servers" => "urls",
        "deadline_ms" => "deadline (in ms)",
        "connections_max" => "connections",
        other => other,
    };
    ConfigError(format!("tiers.{name}.{setting}: {why}"))
}

/// The only place that knows the names. [`Config::validate`] lets no other through.
fn plan(name: &str, set: &TierConfig) -> Result<Plan, ConfigError> {
    Ok(match name {
        "memory" => {
            let mut moka = MokaConfig::default();
            moka.max_bytes = set.max_bytes.map_or(moka.max_bytes, |bytes| bytes.get());
            Plan::Memory(moka)
        }
        "redis" | "valkey" => Plan::Redis(Box::new(redis(set))),
        "memcached" => Plan::Memcached(memcached(set)),
        "mysql" | "mariadb" | "postgres" => {
            let url = set.url.as_ref().map_or("", Place::expose);
            let sql = SqlConfig::from_url(url);
            let sql = sql.map_err(|error| ConfigError(format!("tiers.{name}.url: {error}")))?;
            Plan::Server(Box::new(with_connections(sql, set)))
        }
        _ => Plan::Embedded,
    })
}

fn with_connections(mut sql: SqlConfig, set: &TierConfig) -> SqlConfig {
    sql.connections = set.connections.unwrap_or(sql.connections);
    sql
}

fn redis(set: &TierConfig) -> RedisConfig {
    let mut redis = RedisConfig::default();
    redis.urls = set.places().map(|place| place.expose().to_owned()).collect();
    redis.prefix = set.prefix.clone().unwrap_or(redis.prefix);
    redis.deadline_ms = set.deadline.map_or(redis.deadline_ms, |deadline| millis(deadline.get()));
    redis.connections_max = set.connections.map_or(redis.connections_max, count);
    redis.compress_min_bytes = set.compress_min_bytes.map_or(redis.compress_min_bytes, size);
    redis.ca_file.clone_from(&set.ca_file);
    redis.sentinel_master.clone_from(&set.sentinel_master);
    redis.cluster = set.cluster;
    if set.tracking {
        redis.invalidation = Invalidation::Tracking;
    }
    redis
}

fn memcached(set: &TierConfig) -> MemcachedConfig {
    let mut pool = MemcachedConfig::default();
    pool.servers = set.places().map(|place| place.expose().to_owned()).collect();
    pool.prefix = set.prefix.clone().unwrap_or(pool.prefix);
    pool.deadline_ms = set.deadline.map_or(pool.deadline_ms, |deadline| millis(deadline.get()));
    pool.connections_max = set.connections.map_or(pool.connections_max, count);
    pool.max_value_bytes = set.max_value_bytes.map_or(pool.max_value_bytes, size);
    pool.compress_min_bytes = set.compress_min_bytes.map_or(pool.compress_min_bytes, size);
    pool
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

fn count(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn size(bytes: Bytes) -> usize {
    usize::try_from(bytes.get()).unwrap_or(usize::MAX)
}
