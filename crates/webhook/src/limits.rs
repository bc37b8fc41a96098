//! Every maximum of this crate, with its unit.

use std::time::Duration;

/// Letters that may wait; the oldest go when there are more.
pub const WAITING_MAX: usize = 1_000;
/// Ids of delivered letters that are remembered, so that what is told twice is sent once.
pub const DELIVERED_MAX: usize = 4_096;
/// A letter is given up when it has waited so long.
pub const KEPT_FOR: Duration = Duration::from_secs(72 * 3_600);
/// The pause after the first failed attempt; it doubles.
pub const PAUSE_FIRST: Duration = Duration::from_secs(2);
/// The longest pause between attempts.
pub const PAUSE_MAX: Duration = Duration::from_secs(300);
/// The file is rewritten when it has grown by so many bytes since it was written anew.
pub const FILE_GROWTH_BYTES: u64 = 1 << 20;
/// How much of a receiver's answer is read.
pub const ANSWER_BYTES_MAX: usize = 4 << 10;
