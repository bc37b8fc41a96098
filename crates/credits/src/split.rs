use std::{collections::HashMap, sync::Arc};

use crate::{Credits, limits};

/// Who shares a charge: a client by its name; nobody in particular is the house.
pub type Party = Option<Arc<str>>;

/// Splits charges among those for whom a call was made, in whole credits.
///
/// Each pays what is due to it, rounded up or down, and all together exactly the charge. Who had to
/// pay the odd credit is remembered, so that the next one is another's: over many calls each pays
/// what is due, to about a credit.
#[derive(Debug, Default)]
pub struct Splitter {
    /// What a party should have paid beyond what it did, in millionths of a credit.
    owed: HashMap<Party, i64>,
}

/// The whole in which odd parts of a credit are remembered.
const CREDIT: i64 = 1_000_000;

impl Splitter {
    /// The shares of `parties`, each there once, in their order. They sum up to `charge`.
    ///
    /// Weights are what each would have paid alone: as long as many together pay no more than the
    /// sum of that, nobody pays more than alone. Where nobody has a weight, all weigh the same.
    pub fn split(&mut self, charge: Credits, parties: &[(Party, u64)]) -> Vec<Credits> {
        let due = Due::of(charge, parties);
        let mut shares: Vec<u64> = due.iter().map(|due| due.whole).collect();
        let n_odd = charge.get().saturating_sub(shares.iter().sum());
        for place in self.debtors(&due, parties, n_odd) {
            shares[place] += 1;
        }
        for ((due, share), (party, _)) in due.iter().zip(&shares).zip(parties) {
            self.remember(party, due, *share);
        }
        shares.into_iter().map(Credits::new).collect()
    }

    /// Whose turn it is to pay an odd credit.
    fn debtors(&self, due: &[Due], parties: &[(Party, u64)], n_odd: u64) -> Vec<usize> {
        let owes = |place: &usize| {
            let before = self.owed.get(&parties[*place].0).copied().unwrap_or_default();
            before.saturating_add(due[*place].odd)
        };
        let mut places: Vec<usize> = (0..due.len()).filter(|place| due[*place].odd > 0).collect();
        // Stable: among equals the one that asked first pays first.
        places.sort_by_key(|place| std::cmp::Reverse(owes(place)));
        places.truncate(usize::try_from(n_odd).unwrap_or(usize::MAX));
        places
    }

    fn remember(&mut self, party: &Party, due: &Due, share: u64) {
        let paid_odd = if share > due.whole { CREDIT } else { 0 };
        let change = due.odd - paid_odd;
        if change == 0 {
            return;
        }
        if self.owed.len() >= limits::PARTIES_REMEMBERED_MAX {
            // About a credit each is forgotten.
            self.owed.clear();
        }
        *self.owed.entry(party.clone()).or_default() += change;
    }
}

/// What is due: whole credits, and millionths beyond them.
#[derive(Debug)]
struct Due {
    whole: u64,
    odd: i64,
}

impl Due {
    fn of(charge: Credits, parties: &[(Party, u64)]) -> Vec<Self> {
        let total: u128 = parties.iter().map(|(_, weight)| u128::from(*weight)).sum();
        let due = |weight: u128, total: u128| {
            let part = u128::from(charge.get()) * weight;
            // At least a millionth where there is a rest, so that somebody is there to pay it.
            let odd = (part % total * u128::from(CREDIT.unsigned_abs())).div_ceil(total);
            Self {
                whole: u64::try_from(part / total).unwrap_or(u64::MAX),
                odd: i64::try_from(odd).unwrap_or_default().min(CREDIT - 1),
            }
        };
        match total {
            0 => parties.iter().map(|_| due(1, parties.len() as u128)).collect(),
            _ => parties.iter().map(|(_, weight)| due(u128::from(*weight), total)).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
