//! How long a server is told to keep something, in the protocol's seconds.

use std::time::Duration;

use cache_tiers::Timestamp;

use crate::limits::{DATE_SECS_MAX, RELATIVE_LIFE_MAX};

/// For ever, or until the server needs the room.
const NO_END: u32 = 0;

/// What is still a length after it was rounded.
const RELATIVE_MAX: Duration = RELATIVE_LIFE_MAX.saturating_sub(Duration::from_secs(2));

/// How an item is to be kept that is usable until then: never shorter, two seconds longer at most.
/// The entry itself says when it is over; this is garbage collection.
pub(crate) fn until(end: Timestamp, now: Timestamp) -> u32 {
    let left = end.since(now);
    if left < RELATIVE_MAX {
        return seconds(left);
    }
    // Over 30 days a number is a date: an old one, if it were a length.
    let date = u64::try_from(end.as_millis()).unwrap_or(0).div_ceil(1_000) + 1;
    u32::try_from(date).ok().filter(|date| *date <= DATE_SECS_MAX).unwrap_or(NO_END)
}

/// A length as the server's clock counts it. It ticks once in a second: the first of the seconds
/// may be over at once, so there is one more.
pub(crate) fn seconds(length: Duration) -> u32 {
    let length = length.min(RELATIVE_MAX);
    let whole = u32::try_from(length.as_secs()).expect("30 days fit");
    whole + u32::from(length.subsec_nanos() > 0) + 1
}

#[cfg(test)]
mod tests;
