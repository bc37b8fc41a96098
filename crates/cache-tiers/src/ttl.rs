//! How long a new entry may live: pure.

use std::time::Duration;

use clock::Timestamp;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::limits::JITTER_PERMILLE_MAX;

/// One class of data's life: fresh for the TTL, then usable for the grace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TtlPolicy {
    /// How long it is fresh. [`Duration::MAX`]: immutable, for ever.
    pub ttl: Duration,
    /// How long it may be served stale after that.
    pub grace: Duration,
    /// Up to this many thousandths of the TTL are taken off by chance, so that what was fetched
    /// together does not go stale together.
    pub jitter_permille: u16,
}

impl TtlPolicy {
    /// A class whose data cannot change.
    pub const IMMUTABLE: Self =
        Self { ttl: Duration::MAX, grace: Duration::ZERO, jitter_permille: 0 };

    /// `(fresh_until, usable_until)` of a load that started at `fetched_at`.
    ///
    /// `stretch_permille` is the factor by which a tight budget lengthens the TTL (1,000: as it
    /// is); `seed` decides the jitter, which only shortens.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cache_tiers::{Timestamp, TtlPolicy};
    ///
    /// let policy = TtlPolicy {
    ///     ttl: Duration::from_secs(60),
    ///     grace: Duration::from_secs(600),
    ///     jitter_permille: 0,
    /// };
    /// let (fresh_until, usable_until) = policy.lives(Timestamp::EPOCH, 1_500, 7);
    /// assert_eq!(fresh_until, Timestamp::from_millis(90_000));
    /// assert_eq!(usable_until, Timestamp::from_millis(690_000));
    /// ```
    #[must_use]
    pub fn lives(
        &self,
        fetched_at: Timestamp,
        stretch_permille: u32,
        seed: u64,
    ) -> (Timestamp, Timestamp) {
        let stretched = permille(self.ttl, stretch_permille);
        let off = self.jitter_permille.min(JITTER_PERMILLE_MAX);
        let off = xxh3_64_with_seed(b"jitter", seed) % (u64::from(off) + 1);
        let off = u32::try_from(off).unwrap_or(0);
        let fresh_until = fetched_at.after(permille(stretched, 1_000 - off));
        (fresh_until, fresh_until.after(self.grace))
    }
}

fn permille(length: Duration, factor: u32) -> Duration {
    let millis = length.as_millis().saturating_mul(factor.into()) / 1_000;
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
