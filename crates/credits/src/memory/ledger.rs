use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use clock::Timestamp;

use crate::{
    Cursor, Filter, GroupBy, Ledger, LedgerError, Page, PageOf, Posting, PostingId, Total, limits,
};

/// A ledger that lasts as long as its process.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    postings: BTreeMap<(Timestamp, PostingId), Posting>,
    ids: HashSet<PostingId>,
}

impl MemoryLedger {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn post(&self, postings: &[Posting]) -> Result<(), LedgerError> {
        let mut books = self.books();
        if books.ids.len() + postings.len() > limits::MEMORY_POSTINGS_MAX {
            return Err(LedgerError::full("post"));
        }
        for posting in postings {
            if books.ids.insert(posting.id) {
                books.postings.insert((posting.at, posting.id), posting.clone());
            }
        }
        Ok(())
    }

    async fn query(&self, filter: &Filter, page: Page) -> Result<PageOf<Posting>, LedgerError> {
        let books = self.books();
        let end = page.after.unwrap_or(Cursor::END);
        let items = books
            .postings
            .range(..(end.at, end.id))
            .rev()
            .map(|(_, posting)| posting)
            .filter(|posting| filter.matches(posting))
            .take(page.size() + 1)
            .cloned()
            .collect();
        Ok(PageOf::cut(items, page.size()))
    }

    async fn totals(&self, filter: &Filter, by: GroupBy) -> Result<Vec<Total>, LedgerError> {
        let mut groups = HashMap::new();
        if by == GroupBy::All {
            groups.insert(String::new(), Total::default());
        }
        for posting in self.books().postings.values().filter(|posting| filter.matches(posting)) {
            let key = by.key(posting);
            let total = groups.entry(key).or_insert_with_key(|key| Total::of(key.clone()));
            total.add(posting);
        }
        Ok(Total::ranked(groups.into_values().collect()))
    }
}

impl Total {
    const fn of(key: String) -> Self {
        Self {
            key,
            credits: crate::Credits::ZERO,
            calls: 0,
            assumed: crate::Credits::ZERO,
            elapsed: Duration::ZERO,
        }
    }

    fn add(&mut self, posting: &Posting) {
        self.credits = self.credits.saturating_add(posting.charged);
        self.calls += 1;
        if posting.assumed {
            self.assumed = self.assumed.saturating_add(posting.charged);
        }
        self.elapsed += Duration::from_millis(posting.elapsed_ms.into());
    }
}
