//! Every maximum of this crate, with its unit.

use std::time::Duration;

/// Who may listen to events at once; each holds a connection.
pub const LISTENERS_MAX: usize = 4_096;
/// How often a silent stream says that it is alive: proxies cut connections that say nothing.
pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
/// How soon a listener that was cut off comes back.
pub const LISTENER_RETRY: Duration = Duration::from_secs(3);
/// Longest request target, in bytes: what the API's own network accepts.
pub const TARGET_BYTES_MAX: usize = 8_192;
/// Largest request body, in bytes.
pub const BODY_BYTES_MAX: usize = 64 << 10;
/// Connections at once.
pub const CONNECTIONS_MAX: usize = 8_192;
/// Connections that wait to be accepted; the system may have a lower limit of its own.
pub const ARRIVING_MAX: u32 = 4_096;
/// How long a client may take for its headers.
pub const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// Streams of one HTTP/2 connection at once.
pub const STREAMS_MAX: u32 = 256;
/// Answers up to this many bytes are copied behind their envelope; longer ones go out as they are.
pub const COPIED_BYTES_MAX: usize = 4 << 10;
