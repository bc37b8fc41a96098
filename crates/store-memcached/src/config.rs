//! What can be set, and what may not be.

use std::fmt;

use serde::Deserialize;

use crate::limits;

/// The settings of a pool of memcached servers. What is left out has its default.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemcachedConfig {
    /// `host:port`, or `memcache://host:port`. Keys are spread over all of them by a hash of this
    /// text: every instance has to name the servers alike, in any order.
    pub servers: Vec<String>,
    /// Before every name, so that several programs can share the servers.
    pub prefix: String,
    /// A call that takes longer is given up, connecting included.
    pub deadline_ms: u64,
    /// A connection that takes longer to open is given up. Matters below the deadline only.
    pub connect_timeout_ms: u64,
    /// Connections to each server at most.
    pub connections_max: usize,
    /// Largest entry; raise it only if the servers run with a larger `-I`, and leave
    /// [`limits::ITEM_OVERHEAD_BYTES`] of that for what is stored around it.
    pub max_value_bytes: usize,
    /// Bodies of at least this many bytes are compressed where that saves something; 0: none.
    pub compress_min_bytes: usize,
}

/// A setting that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemcachedConfigError {
    /// Nobody to talk to, or too many.
    #[error("servers: name between 1 and {max}, not {0}", max = limits::SERVERS_MAX)]
    Servers(usize),
    /// Not an address. The text is shown without its password.
    #[error("servers: `{0}` is not `host:port` or `memcache://host:port`")]
    Address(String),
    /// The driver's protocol cannot log in. The text is shown without its password.
    #[error(
        "servers: `{0}` names a user; logging in (SASL) and TLS are not available: \
         keep the servers on a private network and name them as `host:port`"
    )]
    Login(String),
    /// It would hold its share of the keys only once.
    #[error("servers: `{0}` is named twice")]
    Twice(String),
    /// The prefix would make names that memcached refuses.
    #[error(
        "prefix: at most {} printable ASCII characters without spaces and `%`",
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

impl MemcachedConfig {
    /// Whether it can work, as far as that can be told without a server.
    ///
    /// # Errors
    /// The first setting that cannot work, and what would.
    pub fn validate(&self) -> Result<(), MemcachedConfigError> {
        check_servers(&self.servers)?;
        let is_fit = |byte: u8| byte.is_ascii_graphic() && byte != b'%';
        if self.prefix.len() > limits::PREFIX_BYTES_MAX || !self.prefix.bytes().all(is_fit) {
            return Err(MemcachedConfigError::Prefix);
        }
        let size = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        for (setting, value, max) in [
            ("deadline_ms", self.deadline_ms, limits::DEADLINE_MS_MAX),
            ("connect_timeout_ms", self.connect_timeout_ms, limits::DEADLINE_MS_MAX),
            ("connections_max", size(self.connections_max), size(limits::CONNECTIONS_MAX)),
            ("max_value_bytes", size(self.max_value_bytes), 1 << 30),
        ] {
            if !(1..=max).contains(&value) {
                return Err(MemcachedConfigError::Range { setting, value, max });
            }
        }
        Ok(())
    }
}

impl Default for MemcachedConfig {
    fn default() -> Self {
        Self {
            servers: vec!["127.0.0.1:11211".to_owned()],
            prefix: "cmc:".to_owned(),
            deadline_ms: 20,
            connect_timeout_ms: 250,
            connections_max: 8,
            max_value_bytes: limits::VALUE_BYTES_MAX,
            compress_min_bytes: 4_096,
        }
    }
}

impl fmt::Debug for MemcachedConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers: Vec<String> =
            self.servers.iter().map(|server| without_password(server)).collect();
        f.debug_struct("MemcachedConfig")
            .field("servers", &servers)
            .field("prefix", &self.prefix)
            .field("deadline_ms", &self.deadline_ms)
            .field("connect_timeout_ms", &self.connect_timeout_ms)
            .field("connections_max", &self.connections_max)
            .field("max_value_bytes", &self.max_value_bytes)
            .field("compress_min_bytes", &self.compress_min_bytes)
            .finish()
    }
}

fn check_servers(servers: &[String]) -> Result<(), MemcachedConfigError> {
    if !(1..=limits::SERVERS_MAX).contains(&servers.len()) {
        return Err(MemcachedConfigError::Servers(servers.len()));
    }
    if let Some(server) = servers.iter().find(|server| server.contains('@')) {
        return Err(MemcachedConfigError::Login(without_password(server)));
    }
    if let Some(server) = servers.iter().find(|server| !is_address(server)) {
        return Err(MemcachedConfigError::Address(server.clone()));
    }
    match repeated(servers) {
        Some(server) => Err(MemcachedConfigError::Twice(server.to_owned())),
        None => Ok(()),
    }
}

/// What the name of a server is without its scheme.
pub(crate) fn place(server: &str) -> &str {
    server.strip_prefix("memcache://").unwrap_or(server)
}

fn repeated(servers: &[String]) -> Option<&str> {
    let mut places = servers.iter().map(|server| place(server)).enumerate();
    places.find_map(|(index, at)| {
        servers[..index].iter().any(|before| place(before) == at).then_some(at)
    })
}

fn is_address(server: &str) -> bool {
    let is_host = |host: &str| {
        !host.is_empty() && host.chars().all(|c| c.is_ascii_graphic() && !"/@?#".contains(c))
    };
    place(server)
        .rsplit_once(':')
        .is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// Everything before the last `@` may be a secret, even where the address is malformed.
fn without_password(server: &str) -> String {
    match server.rsplit_once('@') {
        Some((_, place)) => format!("***@{place}"),
        None => server.to_owned(),
    }
}

#[cfg(test)]
mod tests;
