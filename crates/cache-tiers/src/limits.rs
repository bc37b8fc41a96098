//! Every bound of this crate, by name.

use std::time::Duration;

/// Longest canonical text of a key: what the strictest store takes (memcached).
pub const KEY_BYTES_MAX: usize = 250;

/// Largest body that an entry is read from bytes with; a length beyond it is taken for corruption.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How far ahead the clock of another writer may be before its entries are not believed fresh.
pub const SKEW_MAX: Duration = Duration::from_secs(2);

/// Jitter beyond this would make the TTL a lie: half the life is left at least.
pub const JITTER_PERMILLE_MAX: u16 = 500;

/// Deadline of one call to a tier where nobody set another.
pub const TIER_DEADLINE: Duration = Duration::from_millis(50);

/// Failures in a row after which a tier is left alone for a while.
pub const TIER_FAILURES_TO_OPEN: u32 = 5;
/// How far back a tier's share of failures, or of slow answers, is looked at.
pub const TIER_SHARE_WINDOW: Duration = Duration::from_secs(10);
/// Fewer calls than this in the window prove nothing.
pub const TIER_SHARE_CALLS_MIN: u32 = 20;
/// From this share of failures, or of slow answers, on it is left alone for a while.
pub const TIER_SHARE_PERCENT: u8 = 50;
/// An answer that took more than so many hundredths of the deadline is slow.
pub const TIER_SLOW_PERCENT: u32 = 75;
/// How long it is left alone the first time.
pub const TIER_OPEN_FOR: Duration = Duration::from_secs(1);
/// How long at most.
pub const TIER_OPEN_FOR_MAX: Duration = Duration::from_secs(30);
/// Spread of the first probes of many instances.
pub const TIER_OPEN_JITTER: Duration = Duration::from_millis(250);

/// Bytes of entries that may wait to be written behind; beyond it the oldest put is dropped.
pub const WRITE_BEHIND_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Entries that one write behind takes at most.
pub const WRITE_BEHIND_BATCH_MAX: usize = 500;

/// Removals that a tier has not heard of and is still to be told; beyond it they become one mark.
pub const OWED_KEYS_MAX: usize = 100_000;
/// Removals that a tier is told of at once.
pub const OWED_BATCH_MAX: usize = 500;
/// How long a tier that could not be told is left before the next try.
pub const OWED_PAUSE: Duration = Duration::from_secs(1);

/// Entries that wait to be compared with a shadow; beyond it looks are not compared.
pub const SIGHTINGS_MAX: usize = 2_048;
/// What they may weigh together.
pub const SIGHTINGS_BYTES_MAX: usize = 4 * 1024 * 1024;

/// One of so many answers from memory is measured for its age; a histogram costs more than a hit.
pub const AGE_SAMPLE: u32 = 16;

/// One of so many peeks is timed: to time one takes as long as the peek itself.
pub const PEEK_SAMPLE: u32 = 16;

/// What an entry weighs beside its key and its body.
pub const ENTRY_OVERHEAD_BYTES: usize = 96;

/// Intervals that a cover keeps at most; beyond it the shortest is forgotten.
pub const COVER_SPANS_MAX: usize = 4_096;

/// Removed keys that are remembered, so that copies under way do not bring them back.
pub const FENCE_KEYS_MAX: usize = 4_096;

/// How long an invalidation is remembered in a shared tier: longer than any load may take.
pub const TOMBSTONE_LIFE: Duration = Duration::from_secs(600);
/// How long the last token of a key is remembered after its lease ended: longer than any holder
/// may live on unseen.
pub const TOKEN_MEMORY: Duration = Duration::from_secs(600);
/// Marks that are remembered; beyond it the two oldest become one that covers everything.
pub const MARKS_MAX: usize = 256;

/// Leases that a process remembers; beyond it those that have ended are forgotten.
pub const LEASES_MAX: usize = 65_536;
/// Tellings that a slow listener of a process may be behind; then it is told of a gap.
pub const NOTES_WAITING_MAX: usize = 1_024;
