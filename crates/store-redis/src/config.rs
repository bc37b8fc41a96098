//! What can be set, and what may not be.

mod url;

use std::{fmt, path::PathBuf};

use serde::Deserialize;

use crate::limits;

pub(crate) use url::Place;

/// The settings of a Redis or Valkey server, of its sentinels, or of a cluster. What is left out
/// has its default.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedisConfig {
    /// `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. Several are the
    /// beginning of one cluster, or the sentinels of [`RedisConfig::sentinel_master`].
    pub urls: Vec<String>,
    /// The name of a master. The addresses are then those of its sentinels, while user, password
    /// and database in them are the master's.
    pub sentinel_master: Option<String>,
    /// One address is the beginning of a cluster, too.
    pub cluster: bool,
    /// File of the certificates (PEM) that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Before every name, so that several programs can share the servers.
    pub prefix: String,
    /// A call that takes longer is given up.
    pub deadline_ms: u64,
    /// A connection that takes longer to open is given up.
    pub connect_timeout_ms: u64,
    /// Connections at most, to each server.
    pub connections_max: usize,
    /// Bodies of at least this many bytes are compressed where that saves something; 0: none.
    pub compress_min_bytes: usize,
    /// How a copy in another instance learns that it is out of date.
    pub invalidation: Invalidation,
}

/// How a copy in another instance learns that it is out of date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Invalidation {
    /// Instances tell each other by publish and subscribe what they have filled and removed.
    #[default]
    Notes,
    /// Besides, the server tells of every change, whoever made it (client tracking).
    Tracking,
    /// It does not; it lives as long as it may.
    Off,
}

/// What the addresses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Single,
    Sentinel,
    Cluster,
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
    /// They must be reached in one way.
    #[error("urls: all of them have the same scheme, user, password and database")]
    Mixed,
    /// A cluster has one database, and it is 0.
    #[error("urls: several addresses are a cluster, which has no database but 0")]
    ClusterDatabase,
    /// It is one or the other.
    #[error("cluster and sentinel_master: a cluster has no sentinels; set one of them")]
    ClusterOfSentinels,
    /// The name is empty.
    #[error("sentinel_master: the name that the sentinels know the master by, such as `mymaster`")]
    Master,
    /// Each node of a cluster tells of its own changes only.
    #[error("invalidation: `tracking` works with a single server or sentinels; use `notes`")]
    ClusterTracking,
    /// Certificates are for TLS.
    #[error("ca_file: the addresses do not begin with `rediss://`")]
    CaWithoutTls,
    /// The certificates cannot be read.
    #[error("ca_file: `{path}` cannot be read: {reason}")]
    CaFile {
        /// Which file.
        path: String,
        /// What the system, or the reader of certificates, said.
        reason: String,
    },
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
        let places = self.places()?;
        self.check_mode(&places)?;
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

    fn check_mode(&self, places: &[Place]) -> Result<(), RedisConfigError> {
        if self.sentinel_master.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err(RedisConfigError::Master);
        }
        if self.sentinel_master.is_some() && self.cluster {
            return Err(RedisConfigError::ClusterOfSentinels);
        }
        if self.mode() == Mode::Cluster && places.iter().any(|place| place.database != 0) {
            return Err(RedisConfigError::ClusterDatabase);
        }
        if places.iter().any(|place| !place.is_like(&places[0])) {
            return Err(RedisConfigError::Mixed);
        }
        if self.mode() == Mode::Cluster && self.invalidation == Invalidation::Tracking {
            return Err(RedisConfigError::ClusterTracking);
        }
        if self.ca_file.is_some() && !places[0].is_tls {
            return Err(RedisConfigError::CaWithoutTls);
        }
        Ok(())
    }

    pub(crate) fn mode(&self) -> Mode {
        match self.sentinel_master {
            Some(_) => Mode::Sentinel,
            None if self.cluster || self.urls.len() > 1 => Mode::Cluster,
            None => Mode::Single,
        }
    }

    pub(crate) fn places(&self) -> Result<Vec<Place>, RedisConfigError> {
        if !(1..=limits::URLS_MAX).contains(&self.urls.len()) {
            return Err(RedisConfigError::Urls(self.urls.len()));
        }
        let read = |url: &String| {
            Place::read(url).ok_or_else(|| RedisConfigError::Url(url::without_password(url)))
        };
        self.urls.iter().map(read).collect()
    }
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            urls: vec!["redis://127.0.0.1:6379".to_owned()],
            sentinel_master: None,
            cluster: false,
            ca_file: None,
            prefix: "cmc:".to_owned(),
            deadline_ms: 50,
            connect_timeout_ms: 250,
            connections_max: 4,
            compress_min_bytes: 4_096,
            invalidation: Invalidation::Notes,
        }
    }
}

impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: Vec<String> = self.urls.iter().map(|url| url::without_password(url)).collect();
        f.debug_struct("RedisConfig")
            .field("urls", &urls)
            .field("sentinel_master", &self.sentinel_master)
            .field("cluster", &self.cluster)
            .field("ca_file", &self.ca_file)
            .field("prefix", &self.prefix)
            .field("deadline_ms", &self.deadline_ms)
            .field("connect_timeout_ms", &self.connect_timeout_ms)
            .field("connections_max", &self.connections_max)
            .field("compress_min_bytes", &self.compress_min_bytes)
            .field("invalidation", &self.invalidation)
            .finish()
    }
}

#[cfg(test)]
mod tests;
