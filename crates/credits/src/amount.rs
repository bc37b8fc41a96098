use std::{fmt, iter::Sum, num::NonZeroU64};

use serde::{Deserialize, Serialize};

/// The unit of spending. Whole, never negative, and made only on purpose: there is no `From<u64>`
/// and no `Deref`, so a count of coins cannot turn into money by accident.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Credits(u64);

impl Credits {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// More than anyone owns.
    pub const MAX: Self = Self(u64::MAX);

    /// So many credits.
    #[must_use]
    pub const fn new(amount: u64) -> Self {
        Self(amount)
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// One credit for each begun block of `block` things: 101 coins in blocks of 100 cost two.
    #[must_use]
    pub const fn per_block(count: u64, block: NonZeroU64) -> Self {
        Self(count.div_ceil(block.get()))
    }

    /// The smallest amount that, `parts` times, is at least `self`.
    #[must_use]
    pub const fn div_ceil(self, parts: NonZeroU64) -> Self {
        Self(self.0.div_ceil(parts.get()))
    }

    /// The sum, if it fits.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The sum, at most [`Credits::MAX`].
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, at least [`Credits::ZERO`].
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// So many times, at most [`Credits::MAX`].
    #[must_use]
    pub const fn saturating_mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl Sum for Credits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::saturating_add)
    }
}

impl<'a> Sum<&'a Self> for Credits {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests;
