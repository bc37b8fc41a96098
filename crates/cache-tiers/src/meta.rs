//! What is known about an entry beside its body.

use std::time::Duration;

use clock::Timestamp;

use crate::Version;

/// What kind of entry it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// Nothing special.
    pub const NONE: Self = Self(0);
    /// The upstream says: there is no such thing.
    pub const NEGATIVE: Self = Self(1);
    /// It was not asked for: it filled a call that was paid anyway.
    pub const FILLER: Self = Self(1 << 1);
    /// It was removed: nothing of an older version may come back. Never an answer.
    pub const TOMBSTONE: Self = Self(1 << 2);

    /// From bits, as stored. Bits that this version does not know are kept.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The bits, to be stored.
    #[must_use]
    pub const fn to_bits(self) -> u8 {
        self.0
    }

    /// Whether all of `flags` are set.
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Sets `flags`.
    pub const fn insert(&mut self, flags: Self) {
        self.0 |= flags.0;
    }

    /// Both.
    #[must_use]
    pub const fn union(self, flags: Self) -> Self {
        Self(self.0 | flags.0)
    }
}

/// The times of an entry are absolute and set once, from the start of the load: no copy between
/// tiers moves them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Meta {
    /// Which load it comes from.
    pub version: Version,
    /// How old the source says that it is; [`Timestamp::EPOCH`] if it does not say.
    pub data_at: Timestamp,
    /// When the load *started*: a slow answer is not younger for it.
    pub fetched_at: Timestamp,
    /// Fresh before this instant.
    pub fresh_until: Timestamp,
    /// Stale, but better than nothing, before this instant.
    pub usable_until: Timestamp,
    /// How long the load took.
    pub load: Duration,
    /// Its share of the price of its call, in thousandths of a credit.
    pub cost_milli: u32,
    /// The class of data whose policy applies.
    pub class: u16,
    /// What kind of entry it is.
    pub flags: Flags,
}

impl Meta {
    /// The length since the load started.
    #[must_use]
    pub const fn age(&self, now: Timestamp) -> Duration {
        now.since(self.fetched_at)
    }

    /// Whether it says that there is no such thing.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.flags.contains(Flags::NEGATIVE)
    }

    /// Whether it says that the key was removed.
    #[must_use]
    pub const fn is_tombstone(&self) -> bool {
        self.flags.contains(Flags::TOMBSTONE)
    }

    /// The same, at most until `end`: lives are only ever shortened.
    #[must_use]
    pub fn cut(mut self, end: Timestamp) -> Self {
        self.fresh_until = self.fresh_until.min(end);
        self.usable_until = self.usable_until.min(end);
        self
    }
}

#[cfg(test)]
mod tests;
