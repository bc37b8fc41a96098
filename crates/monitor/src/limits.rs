//! What is bounded, and by how much.

use std::time::Duration;

/// The finest slot; all windows are made of these.
pub(crate) const SLOT_SECS: u64 = 10;

/// Times are told apart in steps of 64 ns, or of 1 %, whichever is larger.
pub(crate) const UNIT_SHIFT_BITS: u32 = 6;
pub(crate) const LOWEST_NS: u64 = 1 << UNIT_SHIFT_BITS;
/// Longer times count in the last bucket; in units it just fits 32 bits.
pub(crate) const HIGHEST_NS: u64 = 270_000_000_000;
pub(crate) const SIGNIFICANT_DIGITS: u8 = 2;
/// Up to 2^8 units every bucket is one unit wide; from there on it doubles with each power of two.
pub(crate) const LINEAR_BITS: u32 = 8;

/// Operations × outcomes.
pub(crate) const MAX_OPERATIONS: usize = 256;
/// Kept slow samples.
pub(crate) const MAX_SLOW: usize = 128;
/// Longer names go to `other`.
pub(crate) const MAX_NAME_BYTES: usize = 128;
/// Threads that record at the same time without meeting, per series.
pub(crate) const N_SHARDS: usize = 4;

/// From here on an operation is slow.
pub(crate) const SLOW_THRESHOLD: Duration = Duration::from_secs(2);
