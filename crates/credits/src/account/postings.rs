//! How postings get from the account into a ledger.

use super::Account;
use crate::{Ledger, LedgerError, Posting, PostingId, limits};

impl Account {
    /// The oldest postings that wait for the ledger, at most `max`. They wait until they are
    /// [acknowledged](Self::acknowledged), so a failed write needs no more than another try.
    #[must_use]
    pub fn drain_postings(&self, max: usize) -> Vec<Posting> {
        self.book_lost();
        self.books().waiting.values().take(max).cloned().collect()
    }

    /// The ledger has these: they stop waiting, and the journal forgets them.
    pub fn acknowledged(&self, ids: &[PostingId]) {
        {
            let mut books = self.books();
            for id in ids {
                books.waiting.remove(id);
            }
        }
        if self.0.journal.trim(ids).is_err() {
            self.books().n_journal_failures += 1;
        }
    }

    /// Forgets the postings that wait: for an account whose spending another one writes down.
    pub(crate) fn forget_postings(&self) {
        self.book_lost();
        self.books().waiting.clear();
    }

    /// How many postings wait for the ledger.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.books().waiting.len()
    }

    /// How often the journal failed at what does not deny spending: an end, or a trim.
    #[must_use]
    pub fn n_journal_failures(&self) -> u64 {
        self.books().n_journal_failures
    }

    /// How many records of the last run's journal could not be read.
    #[must_use]
    pub fn n_damaged_records(&self) -> u64 {
        self.books().n_damaged
    }

    /// How often the meter could not be told an end at once.
    #[must_use]
    pub fn n_meter_failures(&self) -> u64 {
        self.books().n_meter_failures
    }

    /// Writes all that waits into `ledger`, and says how many postings that were.
    ///
    /// # Errors
    /// The ledger does not take them; they go on waiting.
    pub async fn flush(&self, ledger: &dyn Ledger) -> Result<usize, LedgerError> {
        self.sweep().await;
        let mut n_posted = 0;
        loop {
            let postings = self.drain_postings(limits::POST_BATCH_MAX);
            if postings.is_empty() {
                return Ok(n_posted);
            }
            ledger.post(&postings).await?;
            n_posted += postings.len();
            let ids: Vec<_> = postings.iter().map(|posting| posting.id).collect();
            self.acknowledged(&ids);
        }
    }
}
