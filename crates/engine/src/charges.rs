//! What was charged for each coin. Every charge that is booked is split, to the millionth of a
//! credit, among the entities for which its call was made; what rides along costs nobody anything.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cmc_api::CoinId;
use credits::Credits;

use crate::{entity::Entity, fetch::Crew, flight::Passengers, ids::IdMap, limits, pack::Load};

/// Millionths in a credit.
pub(crate) const MICROS: u64 = 1_000_000;

/// What was booked since the start, by coin, in millionths of a credit. The parts sum up to the
/// whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charges {
    /// All that was booked for calls.
    pub total: u64,
    /// Of calls for what is no coin's: a page of a ranking, the market's totals, what is cached as
    /// it is.
    pub of_no_coin: u64,
    /// Of all coins that are not told one by one.
    pub of_others: u64,
    /// The coins for which most was charged, the dearest first.
    pub coins: Vec<(CoinId, u64)>,
}

/// The sums, under one lock: only what was paid for comes here.
#[derive(Debug, Default)]
pub(crate) struct CoinCharges(Mutex<Sums>);

#[derive(Debug, Default)]
struct Sums {
    total: u64,
    of_no_coin: u64,
    of_others: u64,
    coins: IdMap<CoinId, u64>,
}

impl Crew {
    /// Books `charged` on those for whom the call was made; if nobody wants it any more, on all
    /// that it carried.
    pub(crate) fn charge_coins(&self, load: &Load, aboard: &Passengers, charged: Credits) {
        if charged.is_zero() {
            return;
        }
        let wanted = load.carries.iter().filter(|entity| aboard.is_wanted(entity));
        let mut payers: Vec<_> = wanted.map(coin_of).collect();
        if payers.is_empty() {
            payers = load.carries.iter().map(coin_of).collect();
        }
        self.charges.book(charged, &payers);
    }
}

/// Whose an entity is, if it is a coin's.
const fn coin_of(entity: &Entity) -> Option<CoinId> {
    match entity {
        Entity::Quote { coin, .. } | Entity::Info { coin } => Some(*coin),
        Entity::Part { part, whose, .. } => part.coin(whose),
        Entity::Block { .. } | Entity::Map | Entity::Whole { .. } => None,
    }
}

impl CoinCharges {
    /// Splits `charged` into equal shares; the odd millionths go to those who come first.
    fn book(&self, charged: Credits, payers: &[Option<CoinId>]) {
        let charged = charged.get().saturating_mul(MICROS);
        let mut sums = self.sums();
        sums.total = sums.total.saturating_add(charged);
        let n = payers.len() as u64;
        if n == 0 {
            sums.of_no_coin = sums.of_no_coin.saturating_add(charged);
            return;
        }
        let (share, odd) = (charged / n, charged % n);
        for (place, payer) in (0..).zip(payers) {
            let share = share + u64::from(place < odd);
            match payer {
                Some(coin) => sums.add(*coin, share),
                None => sums.of_no_coin = sums.of_no_coin.saturating_add(share),
            }
        }
    }

    /// The `n` coins for which most was charged; the rest is summed up.
    pub(crate) fn top(&self, n: usize) -> Charges {
        let sums = self.sums();
        let mut coins = dearest_first(&sums.coins);
        let rest: u64 = coins.iter().skip(n).map(|(_, charged)| charged).sum();
        coins.truncate(n);
        let Sums { total, of_no_coin, of_others, .. } = *sums;
        Charges { total, of_no_coin, of_others: of_others.saturating_add(rest), coins }
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sums {
    fn add(&mut self, coin: CoinId, share: u64) {
        let is_new = !self.coins.contains_key(&coin);
        if is_new && self.coins.len() >= limits::CHARGED_COINS_MAX {
            self.forget_cheapest();
        }
        let sum = self.coins.entry(coin).or_default();
        *sum = sum.saturating_add(share);
    }

    /// A quarter at once, so that a full table does not sort itself for every newcomer.
    fn forget_cheapest(&mut self) {
        let kept = limits::CHARGED_COINS_MAX / 4 * 3;
        for (coin, charged) in dearest_first(&self.coins).into_iter().skip(kept) {
            self.coins.remove(&coin);
            self.of_others = self.of_others.saturating_add(charged);
        }
    }
}

fn dearest_first(coins: &IdMap<CoinId, u64>) -> Vec<(CoinId, u64)> {
    let mut coins: Vec<_> = coins.iter().map(|(coin, charged)| (*coin, *charged)).collect();
    coins.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    coins
}

#[cfg(test)]
mod tests;
