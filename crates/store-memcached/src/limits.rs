//! What memcached and this crate do not exceed.

/// Longest name of a stored value, by the protocol.
pub const NAME_BYTES_MAX: usize = 250;
/// Longest prefix: the rest of a name must leave room for a text worth reading.
pub const PREFIX_BYTES_MAX: usize = 64;
/// Largest value that a server takes unless it was told otherwise.
pub const VALUE_BYTES_MAX: usize = 1 << 20;
/// Servers in one pool.
pub const SERVERS_MAX: usize = 64;
/// Connections to one server.
pub const CONNECTIONS_MAX: usize = 256;
/// Longest deadline that may be set: a slower tier is slower than what it saves.
pub const DEADLINE_MS_MAX: u64 = 10_000;
