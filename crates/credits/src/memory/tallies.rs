use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use clock::Timestamp;

use crate::{Figures, LedgerError, Tally, TallyBook, TallyBy, TallyFilter, limits};

/// Hour, account, instance, operation, client.
type Place = (Timestamp, Arc<str>, Arc<str>, Arc<str>, Arc<str>);

/// Tallies that last as long as their process.
#[derive(Debug, Default)]
pub struct MemoryTallies(Mutex<BTreeMap<Place, Figures>>);

impl MemoryTallies {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<Place, Figures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(tally: &Tally) -> Place {
    let word = Arc::clone;
    let Tally { hour, account, instance, operation, client, .. } = tally;
    (*hour, word(account), word(instance), word(operation), word(client))
}

#[async_trait]
impl TallyBook for MemoryTallies {
    async fn keep(&self, tallies: &[Tally]) -> Result<(), LedgerError> {
        let mut kept = self.kept();
        for tally in tallies {
            kept.insert(place(tally), tally.figures);
        }
        // The oldest go: nothing here is money.
        while kept.len() > limits::MEMORY_TALLIES_MAX {
            kept.pop_first();
        }
        Ok(())
    }

    async fn sums(
        &self,
        filter: &TallyFilter,
        by: TallyBy,
    ) -> Result<Vec<(String, Figures)>, LedgerError> {
        let mut sums = BTreeMap::<String, Figures>::new();
        for ((hour, account, instance, operation, client), figures) in self.kept().iter() {
            let word = Arc::clone;
            let (account, instance) = (word(account), word(instance));
            let (operation, client) = (word(operation), word(client));
            let hour = *hour;
            let tally = Tally { hour, account, instance, operation, client, figures: *figures };
            if filter.matches(&tally) {
                sums.entry(by.key(&tally)).or_default().absorb(figures);
            }
        }
        Ok(sums.into_iter().take(limits::TOTALS_MAX).collect())
    }
}
