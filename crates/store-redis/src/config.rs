//! What can be set, and what may not be.

use std::fmt;

use serde::Deserialize;

use crate::limits;

/// The settings of a Redis server or cluster. What is left out has its default.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedisConfig {
    /// `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. Several are the
    /// beginning of one cluster.
    pub urls: Vec<String>,
    /// Before every name, so that several programs can share the servers.
    pub prefix: String,
    /// A call that takes longer is given up.
    pub deadline_ms: u64,
    /// A connection that takes longer to open is given up.
    pub connect_timeout_ms: u64,
    /// Connections at most.
    pub connections_max: usize,
}

/// A setting that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedisConfigError {
    /// Nobody to talk to, or too many.
    #[error("urls: name between 1 and {max}, not {0}", max = limits::URLS_MAX)]
    Urls(usize),
    /// Not an address. The text is shown without its password.
    #[error("urls: `{0}` is not `redis[s]://[user:password@]host[:port][/database]`")]
    Url(String),
    /// A cluster has one database, and it is 0.
    #[error("urls: several addresses are a cluster, which has no database but 0")]
    ClusterDatabase,
    /// The prefix would decide slots, or be no text worth reading.
    #[error(
        "prefix: at most {} printable ASCII characters without spaces and braces",
        limits::PREFIX_BYTES_MAX
    )]
    Prefix,
    /// A number is out of its range.
    #[error("{setting}: between 1 and {max}, not {value}")]
    Range {
        /// Its name.
        setting: &'static str,
        /// What was set.
        value: u64,
        /// The most that may be set.
        max: u64,
    },
}

impl RedisConfig {
    /// Whether it can work, as far as that can be told without a server.
    ///
    /// # Errors
    /// The first setting that cannot work, and what would.
    pub fn validate(&self) -> Result<(), RedisConfigError> {
        if !(1..=limits::URLS_MAX).contains(&self.urls.len()) {
            return Err(RedisConfigError::Urls(self.urls.len()));
        }
        for url in &self.urls {
            let database =
                database(url).ok_or_else(|| RedisConfigError::Url(without_password(url)))?;
            if database > 0 && self.urls.len() > 1 {
                return Err(RedisConfigError::ClusterDatabase);
            }
        }
        let is_fit = |byte: u8| byte.is_ascii_graphic() && !b"{}".contains(&byte);
        if self.prefix.len() > limits::PREFIX_BYTES_MAX || !self.prefix.bytes().all(is_fit) {
            return Err(RedisConfigError::Prefix);
        }
        let size = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        for (setting, value, max) in [
            ("deadline_ms", self.deadline_ms, limits::DEADLINE_MS_MAX),
            ("connect_timeout_ms", self.connect_timeout_ms, limits::DEADLINE_MS_MAX),
            ("connections_max", size(self.connections_max), size(limits::CONNECTIONS_MAX)),
        ] {
            if !(1..=max).contains(&value) {
                return Err(RedisConfigError::Range { setting, value, max });
            }
        }
        Ok(())
    }
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            urls: vec!["redis://127.0.0.1:6379".to_owned()],
            prefix: "cmc:".to_owned(),
            deadline_ms: 20,
            connect_timeout_ms: 250,
            connections_max: 8,
        }
    }
}

impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: Vec<String> = self.urls.iter().map(|url| without_password(url)).collect();
        f.debug_struct("RedisConfig")
            .field("urls", &urls)
            .field("prefix", &self.prefix)
            .field("deadline_ms", &self.deadline_ms)
            .field("connect_timeout_ms", &self.connect_timeout_ms)
            .field("connections_max", &self.connections_max)
            .finish()
    }
}

/// The database that the address names, 0 if none; `None` if it is no address.
fn database(url: &str) -> Option<u32> {
    let rest = url.strip_prefix("redis://").or_else(|| url.strip_prefix("rediss://"))?;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    let (place, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().ok()?),
        _ => (place, 6379),
    };
    let is_host =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_graphic() && !"@?#".contains(c));
    if !is_host || port == 0 {
        return None;
    }
    if database.is_empty() { Some(0) } else { database.parse().ok() }
}

/// Everything before the last `@` may be a secret, even where the address is malformed; what comes
/// before `://` is not.
fn without_password(url: &str) -> String {
    let Some((secret, place)) = url.rsplit_once('@') else { return url.to_owned() };
    let scheme = ["rediss://", "redis://"].into_iter().find(|scheme| secret.starts_with(scheme));
    format!("{}***@{place}", scheme.unwrap_or_default())
}

#[cfg(test)]
mod tests;
