//! What this crate does not exceed.

use std::time::Duration;

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
/// Pause after the first failed attempt to connect; it doubles, and half of it is left to chance.
pub const CONNECT_PAUSE_MIN: Duration = Duration::from_millis(50);
/// Longest such pause.
pub const CONNECT_PAUSE_MAX: Duration = Duration::from_secs(5);
/// Calls in a row without an answer after which connections are given up: they may lead nowhere.
pub const SILENCES_MAX: u32 = 3;
/// Keys in one reading command.
pub const KEYS_PER_COMMAND_MAX: usize = 200;
/// Keys that one script is given: it holds up everybody else while it runs.
pub const KEYS_PER_SCRIPT_MAX: usize = 250;
/// Largest encoded entry. Redis takes more, but everybody waits while it is sent.
pub const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Longest life in the store: longer ones are cut, which costs a copy.
pub const LIFE_MAX: Duration = Duration::from_secs(3_650 * 86_400);
/// Bytes of one message of notes; more are cut into several.
pub const MESSAGE_BYTES_MAX: usize = 32 * 1024;
/// Pushes of the server that wait to be heard; beyond it notes are lost, and that is told.
pub const PUSHES_WAITING_MAX: usize = 4_096;
/// How often a silent listening connection is asked whether it lives.
pub const LISTEN_PING_EVERY: Duration = Duration::from_secs(5);
/// How long the counts of an account are kept after their last use: longer than a billing month.
pub const METER_LIFE: Duration = Duration::from_secs(70 * 86_400);
