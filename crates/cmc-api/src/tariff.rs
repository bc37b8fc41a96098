//! What a call should cost, before it is made.

mod correction;
mod slots;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use credits::Credits;

use crate::{
    call::Call,
    catalogue::Catalogue,
    limits::LEARNED_RULES_MAX,
    operation::{Operation, PriceRule},
};

pub use correction::{Deviation, Seen};
pub use slots::Slots;

/// The dated rules of a catalogue, and what was learned since. Prices are upper bounds: what a
/// call really cost is what the API says in its reply. Clones learn together.
#[derive(Clone, Debug)]
pub struct Tariff {
    effective: Arc<str>,
    /// Where the catalogue differs from the built-in one, whose operations calls are made of.
    dated: Arc<HashMap<Arc<str>, PriceRule>>,
    learned: Arc<RwLock<HashMap<Arc<str>, PriceRule>>>,
}

impl Tariff {
    /// The tariff of a catalogue's date.
    #[must_use]
    pub fn of(catalogue: &Catalogue) -> Self {
        let built_in = Catalogue::embedded();
        let is_other = |known: &&Arc<Operation>| {
            built_in.find(known.method, &known.path).is_none_or(|own| own.price != known.price)
        };
        let dated = catalogue.operations().filter(is_other);
        Self {
            effective: catalogue.effective().into(),
            dated: Arc::new(dated.map(|known| (Arc::clone(&known.path), known.price)).collect()),
            learned: Arc::default(),
        }
    }

    /// The month its rules are from.
    #[must_use]
    pub fn effective(&self) -> &str {
        &self.effective
    }

    /// Most that a call may cost.
    #[must_use]
    pub fn price(&self, call: &Call) -> Credits {
        self.price_parts(call.operation(), call.n_items(), call.n_converts())
    }

    /// Most that `n_items` of an operation in `n_converts` currencies may cost.
    #[must_use]
    pub fn price_parts(&self, operation: &Operation, n_items: u64, n_converts: u64) -> Credits {
        self.rule(operation).price(n_items, n_converts)
    }

    /// The rule that is in force for an operation.
    #[must_use]
    pub fn rule(&self, operation: &Operation) -> PriceRule {
        let learned = self.learned.read().unwrap_or_else(PoisonError::into_inner);
        let path = &operation.path;
        let rule = learned.get(path).or_else(|| self.dated.get(path)).copied();
        rule.unwrap_or(operation.price)
    }

    /// Replaces the rule of one operation; `false` if too many were replaced already.
    pub fn learn(&self, path: &str, rule: PriceRule) -> bool {
        let mut learned = self.learned.write().unwrap_or_else(PoisonError::into_inner);
        let has_room = learned.len() < LEARNED_RULES_MAX || learned.contains_key(path);
        if has_room {
            learned.insert(path.into(), rule);
        }
        has_room
    }
}

impl PriceRule {
    /// What `n_items` in `n_converts` currencies cost by this rule. Empty answers cost as one item
    /// does, and operations nobody has priced cost one credit: articles say so of all of them.
    #[must_use]
    pub fn price(self, n_items: u64, n_converts: u64) -> Credits {
        let surcharge = |convert: bool| if convert { n_converts.saturating_sub(1) } else { 0 };
        let amount = match self {
            Self::Free => 0,
            Self::Flat { credits, convert } => u64::from(credits) + surcharge(convert),
            Self::Batch { per, base, convert } => {
                let blocks = n_items.div_ceil(u64::from(per.get())).max(1);
                blocks + u64::from(base) + surcharge(convert)
            }
            Self::Item => n_items.max(1),
            Self::Unknown => 1,
        };
        Credits::new(amount)
    }
}

#[cfg(test)]
mod tests;
