//! The price of a call.

use serde::{Deserialize, Serialize};

use crate::operations::Operation;
use crate::quirks::{Quirks, Tariff};

const MAP: &str = "/v1/cryptocurrency/map";
const CATEGORIES: &str = "/v1/cryptocurrency/categories";

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

    /// What an operation costs under the quirks.
    pub(crate) fn of(operation: &Operation, quirks: &Quirks, is_keyless: bool) -> Self {
        let price = operation.price.under(quirks.tariff);
        match operation.path {
            MAP if is_keyless => Self::flat(quirks.keyless_map_price),
            MAP if quirks.tariff == Tariff::Year2022 => Self::flat(1),
            CATEGORIES => Self { base: quirks.categories_base, ..price },
            _ => price,
        }
    }

    /// Batches have grown over the years.
    fn under(self, tariff: Tariff) -> Self {
        let most = match tariff {
            Tariff::Year2022 => 100,
            Tariff::August2026 => 200,
            Tariff::October2026 => u64::MAX,
        };
        Self { per: self.per.map(|per| per.min(most)), ..self }
    }

    /// [`Price::credits`], but for what an answer without items costs.
    pub(crate) fn credits_under(self, quirks: &Quirks, n_items: usize, n_converts: usize) -> u64 {
        if n_items == 0 && self.per.is_some() && quirks.empty_answers_cost == 0 {
            return 0;
        }
        self.credits(n_items, n_converts)
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
