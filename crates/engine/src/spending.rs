//! What calls brought for what they cost, counted where they are made. Only misses come here.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use cmc_api::{Call, CoinId, Tariff};
use credits::{Credits, Figure, Figures};
use smallvec::SmallVec;

use crate::{entity::Entity, limits};

/// Under which operations are counted that no catalogue lists.
const UNKNOWN: &str = "unknown";

/// Figures of calls by operation, since the start.
#[derive(Debug, Default)]
pub(crate) struct Spending(Mutex<HashMap<Arc<str>, Figures>>);

impl Spending {
    /// Counts a call that was charged. `unripe` is the share of upstream's cadence that had not
    /// passed since what it renews was fetched, in thousandths.
    pub(crate) fn called(&self, tariff: &Tariff, call: &Call, charged: Credits, unripe: u64) {
        let mut figures = Figures::ZERO;
        figures.add(Figure::EarlyMilli, charged.get().saturating_mul(unripe));
        if let Some(slots) = tariff.slots(call, charged) {
            let empty = slots.paid - slots.filled;
            figures.add(Figure::PaidSlots, slots.paid);
            figures.add(Figure::FilledSlots, slots.filled);
            figures.add(Figure::EmptyMilli, empty.saturating_mul(1_000) / slots.per_credit.max(1));
        }
        self.add(&name(call), &figures);
    }

    fn add(&self, operation: &Arc<str>, figures: &Figures) {
        if figures.is_zero() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = all.len() < limits::SPENDING_OPERATIONS_MAX || all.contains_key(operation);
        let operation = if has_room { Arc::clone(operation) } else { UNKNOWN.into() };
        all.entry(operation).or_default().absorb(figures);
    }

    /// What was counted so far.
    pub(crate) fn read(&self) -> Vec<(Arc<str>, Figures)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(operation, figures)| (Arc::clone(operation), *figures)).collect()
    }
}

/// The share of `cadence` that has not passed yet after `age`, in thousandths.
pub(crate) fn unripe(cadence: Duration, age: Duration) -> u64 {
    let left = cadence.saturating_sub(age).as_millis().saturating_mul(1_000);
    u64::try_from(left / cadence.as_millis().max(1)).unwrap_or(0)
}

/// Paths that no catalogue lists are whatever a client wrote.
fn name(call: &Call) -> Arc<str> {
    let operation = call.operation();
    if operation.known { Arc::clone(&operation.path) } else { UNKNOWN.into() }
}

/// The currencies of one call. A currency that no answer needed until the last of its quotes was
/// gone was paid for in vain; that is counted when it is.
#[derive(Debug)]
pub(crate) struct Bought {
    operation: Arc<str>,
    currencies: SmallVec<[CoinId; 4]>,
    /// A bit for each currency.
    needed: AtomicU64,
    spending: Arc<Spending>,
}

/// Of what an entity is a part, and the place of its currency there.
pub(crate) type Share = (Arc<Bought>, u32);

impl Bought {
    /// What was bought beside the first currency; `None` if there is nothing.
    pub(crate) fn of<'a>(
        spending: &Arc<Spending>,
        tariff: &Tariff,
        (call, charged): (&Call, Credits),
        entities: impl Iterator<Item = &'a Entity>,
    ) -> Option<Arc<Self>> {
        let surcharge = tariff.slots(call, charged)?.surcharge;
        if surcharge.is_zero() {
            return None;
        }
        let mut currencies = SmallVec::new();
        for currency in entities.filter_map(currency_of) {
            if !currencies.contains(&currency) {
                currencies.push(currency);
            }
        }
        let is_countable = (2..=u64::BITS as usize).contains(&currencies.len());
        is_countable.then(|| {
            let spending = Arc::clone(spending);
            Arc::new(Self {
                operation: name(call),
                currencies,
                needed: AtomicU64::new(0),
                spending,
            })
        })
    }

    /// The share of `entity` in it.
    pub(crate) fn share(self: &Arc<Self>, entity: &Entity) -> Option<Share> {
        let currency = currency_of(entity)?;
        let place = self.currencies.iter().position(|known| *known == currency)?;
        Some((Arc::clone(self), u32::try_from(place).ok()?))
    }

    /// An answer was made of a quote in this currency.
    pub(crate) fn need(&self, place: u32) {
        let bit = 1_u64 << place;
        if self.needed.load(Ordering::Relaxed) & bit == 0 {
            self.needed.fetch_or(bit, Ordering::Relaxed);
        }
    }
}

impl Drop for Bought {
    fn drop(&mut self) {
        let n_all = self.currencies.len();
        let n_needed = self.needed.load(Ordering::Relaxed).count_ones() as usize;
        // The first currency is not charged for by itself.
        let n_idle = n_all.saturating_sub(n_needed).min(n_all.saturating_sub(1));
        let mut figures = Figures::ZERO;
        figures.add(Figure::IdleConverts, n_idle as u64);
        self.spending.add(&self.operation, &figures);
    }
}

const fn currency_of(entity: &Entity) -> Option<CoinId> {
    match entity {
        Entity::Quote { currency, .. } | Entity::Block { currency, .. } => Some(*currency),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
