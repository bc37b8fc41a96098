//! What this crate does not exceed.

/// Slots of a cluster, by the protocol.
pub const SLOTS: u16 = 16_384;
/// Longest prefix.
pub const PREFIX_BYTES_MAX: usize = 64;
/// Addresses that may be given; a cluster tells the others itself.
pub const URLS_MAX: usize = 64;
/// Connections of one pool.
pub const CONNECTIONS_MAX: usize = 256;
/// Longest deadline that may be set: a slower tier is slower than what it saves.
pub const DEADLINE_MS_MAX: u64 = 10_000;
