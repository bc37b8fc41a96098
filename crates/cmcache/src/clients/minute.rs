//! Requests of this minute, in one number.

use std::sync::atomic::{AtomicU64, Ordering};

use clock::Timestamp;

/// Bits of a minute's number; the rest counts requests.
const MINUTE_BITS: u32 = 32;

/// The minute since the epoch, and above it the requests that came in it.
#[derive(Debug, Default)]
pub(super) struct Minutes(AtomicU64);

impl Minutes {
    /// Counts one, and says how many there were in this minute.
    pub(super) fn count(&self, now: Timestamp) -> u64 {
        let minute = number(now);
        let next = |packed: u64| ((in_minute(packed, minute) + 1) << MINUTE_BITS) | minute;
        let relaxed = Ordering::Relaxed;
        let before = self.0.fetch_update(relaxed, relaxed, |packed| Some(next(packed)));
        next(before.unwrap_or_default()) >> MINUTE_BITS
    }

    /// How many there were in this minute.
    pub(super) fn read(&self, now: Timestamp) -> u64 {
        in_minute(self.0.load(Ordering::Relaxed), number(now))
    }
}

fn number(now: Timestamp) -> u64 {
    (now.since_epoch().as_secs() / 60) & ((1 << MINUTE_BITS) - 1)
}

fn in_minute(packed: u64, minute: u64) -> u64 {
    if packed & ((1 << MINUTE_BITS) - 1) == minute { packed >> MINUTE_BITS } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_the_minute() {
        // A client must not be held to the requests of a minute ago.
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let (minutes, first) = (Minutes::default(), at("2026-10-05T09:21:59Z"));
        assert_eq!(minutes.read(first), 0);
        assert_eq!((minutes.count(first), minutes.count(first)), (1, 2));
        assert_eq!(minutes.read(first), 2);
        let next = at("2026-10-05T09:22:00Z");
        assert_eq!((minutes.read(next), minutes.count(next)), (0, 1));
    }
}
