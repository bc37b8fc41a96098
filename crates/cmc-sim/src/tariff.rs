//! The price of a call.

use serde::{Deserialize, Serialize};

/// How many credits a successful call costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Price {
    /// On top of everything.
    pub(crate) base: u64,
    /// One credit for each so many items, at least one.
    pub(crate) per: Option<u64>,
    /// Where there is no batch: this.
    pub(crate) flat: u64,
    /// Whether each convert option beyond the first costs one more.
    pub(crate) converts: bool,
}

impl Price {
    pub(crate) const FREE: Self = Self::flat(0);

    pub(crate) const fn flat(credits: u64) -> Self {
        Self { base: 0, per: None, flat: credits, converts: false }
    }

    pub(crate) const fn per(items: u64) -> Self {
        Self { base: 0, per: Some(items), flat: 0, converts: false }
    }

    pub(crate) const fn and_converts(self) -> Self {
        Self { converts: true, ..self }
    }

    /// The credits for an answer of that size; an empty one costs as much as one item.
    pub(crate) fn credits(self, n_items: usize, n_converts: usize) -> u64 {
        let items = match self.per {
            Some(per) => (n_items as u64).div_ceil(per.max(1)).max(1),
            None => self.flat,
        };
        let extra = if self.converts { n_converts.saturating_sub(1) as u64 } else { 0 };
        self.base + items + extra
    }
}

#[cfg(test)]
mod tests;
