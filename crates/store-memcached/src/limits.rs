//! What memcached and this crate do not exceed.

use std::time::Duration;

/// Longest name of a stored value, by the protocol.
pub const NAME_BYTES_MAX: usize = 250;
/// Longest prefix: the rest of a name must leave room for a text worth reading.
pub const PREFIX_BYTES_MAX: usize = 64;
/// What a server counts against its largest item beside our entry: the name, its own header, and
/// the key that is kept with an entry whose name is a hash.
pub const ITEM_OVERHEAD_BYTES: usize = 1 << 10;
/// Largest entry that a server takes unless it was told otherwise (its `-I` is 1 MiB).
pub const VALUE_BYTES_MAX: usize = (1 << 20) - ITEM_OVERHEAD_BYTES;
/// Servers in one pool.
pub const SERVERS_MAX: usize = 64;
/// Connections to one server.
pub const CONNECTIONS_MAX: usize = 256;
/// Longest deadline that may be set: a slower tier is slower than what it saves.
pub const DEADLINE_MS_MAX: u64 = 10_000;

/// Commands that one exchange with a server carries at most.
pub const EXCHANGE_COMMANDS_MAX: usize = 1_000;
/// Bytes of names that one exchange asks for at most: less than what both ends buffer, so that a
/// server that waits for us to read never makes us wait for it to read.
pub const EXCHANGE_NAME_BYTES_MAX: usize = 64 << 10;
/// Bytes of values that one exchange brings to a server at most.
pub const EXCHANGE_VALUE_BYTES_MAX: usize = 4 << 20;

/// Times that a put tries again after another writer came first. Every try that is lost is lost
/// to a writer who won, so this many writers of one key at one moment are served.
pub const PUT_TRIES_MAX: usize = 40;
/// Times that taking a lease tries again after another one came first; then that one has it.
pub const LEASE_TRIES_MAX: usize = 4;
/// Longest lease.
pub const LEASE_LENGTH_MAX: Duration = Duration::from_secs(24 * 3_600);

/// Failures in a row after which one server is left alone for a while.
pub const SERVER_FAILURES_TO_REST: u32 = 3;
/// How long it is left alone; then one call tries it again.
pub const SERVER_REST: Duration = Duration::from_millis(500);

/// Longest life that the protocol takes as a length; a larger number is a date to it.
pub const RELATIVE_LIFE_MAX: Duration = Duration::from_secs(30 * 86_400);
/// Last date, in seconds since 1970, that servers understand: for what lives beyond, the server
/// is told no date at all.
pub const DATE_SECS_MAX: u32 = i32::MAX.unsigned_abs();
