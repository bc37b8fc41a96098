//! What can be started, and the words by which people ask for it.

use anyhow::{Result, bail};

use super::site::Site;
use super::{Variable, mariadb, memcached, postgres};
use super::{redis, redis_cluster, redis_sentinel, redis_tls, valkey};
use crate::tools::{self, Tool};
use crate::workspace::Workspace;

/// One arrangement of servers; it starts and stops as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Redis,
    RedisTls,
    RedisCluster,
    RedisSentinel,
    Valkey,
    Memcached,
    Mysql,
    Postgres,
}

impl Kind {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::RedisTls => "redis-tls",
            Self::RedisCluster => "redis-cluster",
            Self::RedisSentinel => "redis-sentinel",
            Self::Valkey => "valkey",
            Self::Memcached => "memcached",
            Self::Mysql => "mysql",
            Self::Postgres => "postgres",
        }
    }

    /// Starts its servers, waits until they serve, and tells how they are reached.
    pub(super) fn start(self, site: &Site<'_>) -> Result<Vec<Variable>> {
        let variables = match self {
            Self::Redis => redis::start(site),
            Self::RedisTls => redis_tls::start(site),
            Self::RedisCluster => redis_cluster::start(site),
            Self::RedisSentinel => redis_sentinel::start(site),
            Self::Valkey => valkey::start(site),
            Self::Memcached => memcached::start(site),
            Self::Mysql => mariadb::start(site),
            Self::Postgres => postgres::start(site),
        }?;
        Ok(variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn tools(self) -> &'static [Tool] {
        match self {
            Self::Redis | Self::RedisCluster | Self::RedisSentinel => &tools::REDIS,
            // Debian has it only since its thirteenth release.
            Self::Valkey => &[],
            Self::RedisTls => &tools::REDIS_TLS,
            Self::Memcached => &tools::MEMCACHED,
            Self::Mysql => &tools::MARIADB,
            Self::Postgres => &tools::POSTGRES,
        }
    }
}

/// Gets what all of these need, or says what to install.
pub(super) fn ensure(workspace: &Workspace, kinds: &[Kind]) -> Result<()> {
    tools::ensure(workspace, &tools(kinds))?;
    if kinds.contains(&Kind::Valkey) { tools::valkey(workspace) } else { Ok(()) }
}

/// The programs of all of these, each once.
fn tools(kinds: &[Kind]) -> Vec<Tool> {
    let mut tools: Vec<Tool> = kinds.iter().flat_map(|kind| kind.tools()).copied().collect();
    tools.sort_unstable();
    tools.dedup();
    tools
}

/// A technology, as `--only` names it and as tests carry it in their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Technology {
    Redis,
    Valkey,
    Memcached,
    Sqlite,
    Mysql,
    Postgres,
}

impl Technology {
    pub(crate) const ALL: [Self; 6] =
        [Self::Redis, Self::Valkey, Self::Memcached, Self::Sqlite, Self::Mysql, Self::Postgres];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Valkey => "valkey",
            Self::Memcached => "memcached",
            Self::Sqlite => "sqlite",
            Self::Mysql => "mysql",
            Self::Postgres => "postgres",
        }
    }

    /// Everything that is started for it; SQLite is a file and needs no server.
    pub(crate) fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Redis => &[Kind::Redis, Kind::RedisTls, Kind::RedisCluster, Kind::RedisSentinel],
            Self::Valkey => &[Kind::Valkey],
            Self::Memcached => &[Kind::Memcached],
            Self::Sqlite => &[],
            Self::Mysql => &[Kind::Mysql],
            Self::Postgres => &[Kind::Postgres],
        }
    }

    /// The crate of its store.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Redis | Self::Valkey => "store-redis",
            Self::Memcached => "store-memcached",
            Self::Sqlite | Self::Mysql | Self::Postgres => "store-sql",
        }
    }

    /// The words by which tests name it.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Mysql => &["mysql", "mariadb"],
            Self::Redis => &["redis"],
            Self::Valkey => &["valkey"],
            Self::Memcached => &["memcached"],
            Self::Sqlite => &["sqlite"],
            Self::Postgres => &["postgres"],
        }
    }

    /// The words of a comma-separated list, when each of them is a technology.
    pub(crate) fn list(text: &str) -> Option<Vec<Self>> {
        text.split(',').map(Self::named).collect()
    }

    /// The same where nothing else can be meant.
    pub(crate) fn asked(text: Option<&str>) -> Result<Vec<Self>> {
        let Some(text) = text else { return Ok(Self::ALL.to_vec()) };
        let names = Self::ALL.map(Self::name).join(", ");
        let Some(list) = Self::list(text) else { bail!("`{text}` is not of: {names}") };
        Ok(list)
    }

    fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|technology| technology.words().contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_technologies_is_told_from_the_name_of_a_test() {
        // Breaks: `--only outage` would start servers, or `--only redis` none.
        let listed = Some(vec![Technology::Redis, Technology::Mysql]);
        assert_eq!(Technology::list("redis,mariadb"), listed);
        assert_eq!(Technology::list("redis,outage"), None);
        assert!(Technology::asked(Some("outage")).unwrap_err().to_string().contains("postgres"));
    }

    #[test]
    fn a_program_that_many_need_is_installed_once() {
        // Breaks: apt would be told the same package four times.
        let tools = tools(Technology::Redis.kinds());
        assert_eq!(tools.iter().filter(|(program, _)| *program == "redis-server").count(), 1);
    }
}
