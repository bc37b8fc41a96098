//! Which of two values of one key is the newer.

use std::sync::atomic::{AtomicU64, Ordering};

use clock::Timestamp;

/// Orders the values of one key: milliseconds of the load's start in the upper 48 bits, a counter
/// in the lower 16. The same on every instance, so that a slow writer elsewhere cannot win.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// Older than any load.
    pub const ZERO: Self = Self(0);

    /// The `counter`th version of that millisecond.
    #[must_use]
    pub const fn at(start: Timestamp, counter: u16) -> Self {
        let millis = start.as_millis();
        let millis = if millis < 0 { 0 } else { millis.unsigned_abs() };
        Self((millis << 16) | counter as u64)
    }

    /// The least that is newer.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// When what it names was started, to the millisecond; a little later where versions ran ahead
    /// of the clock.
    #[must_use]
    pub fn started(self) -> Timestamp {
        Timestamp::from_millis((self.0 >> 16).cast_signed())
    }

    /// From its bits, as stored.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Its bits, to be stored.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        self.0
    }
}

/// Gives out versions, each greater than the one before, even if the clock jumps back.
#[derive(Debug, Default)]
pub struct Versions(AtomicU64);

impl Versions {
    /// The version of a load that starts now.
    pub fn next(&self, now: Timestamp) -> Version {
        let floor = Version::at(now, 0).0;
        let last = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
            Some(floor.max(last.saturating_add(1)))
        });
        let (Ok(last) | Err(last)) = last;
        Version(floor.max(last.saturating_add(1)))
    }

    /// Another instance gave out that one: what is given out from now on is greater, whatever the
    /// clocks say.
    pub fn observe(&self, seen: Version) {
        self.0.fetch_max(seen.0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
