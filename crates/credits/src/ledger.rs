use std::{fmt::Debug, sync::Arc, time::Duration};

use async_trait::async_trait;
use clock::Timestamp;
use serde::Serialize;

use crate::{Credits, LedgerError, Posting, PostingId, limits};

/// All postings, for as long as they are kept.
///
/// # Contract
/// - Each id is booked once; posting it again changes nothing and is no error.
/// - `post` takes all of a batch or nothing.
/// - What `post` returned `Ok` for survives whatever the store promises to survive.
#[async_trait]
pub trait Ledger: Debug + Send + Sync + 'static {
    /// Books.
    async fn post(&self, postings: &[Posting]) -> Result<(), LedgerError>;
    /// Postings, newest first.
    async fn query(&self, filter: &Filter, page: Page) -> Result<PageOf<Posting>, LedgerError>;
    /// Sums by group, most expensive first; equal sums by key. [`GroupBy::All`] gives exactly one.
    async fn totals(&self, filter: &Filter, by: GroupBy) -> Result<Vec<Total>, LedgerError>;
}

/// Which postings. `None` is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Booked at or after.
    pub from: Option<Timestamp>,
    /// Booked before.
    pub until: Option<Timestamp>,
    /// From this budget.
    pub account: Option<Arc<str>>,
    /// Of this operation.
    pub operation: Option<Arc<str>>,
    /// That ended so.
    pub outcome: Option<Arc<str>>,
    /// Whose charge is assumed, or is known.
    pub assumed: Option<bool>,
}

impl Filter {
    /// Whether `posting` is one of them.
    #[must_use]
    pub fn matches(&self, posting: &Posting) -> bool {
        let same = |wanted: &Option<Arc<str>>, found: &Arc<str>| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        self.from.is_none_or(|from| posting.at >= from)
            && self.until.is_none_or(|until| posting.at < until)
            && same(&self.account, &posting.account)
            && same(&self.operation, &posting.operation)
            && same(&self.outcome, &posting.outcome)
            && self.assumed.is_none_or(|assumed| assumed == posting.assumed)
    }
}

/// A place in the order of postings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The instant of the posting before.
    pub at: Timestamp,
    /// Its id.
    pub id: PostingId,
}

impl Cursor {
    /// Behind every posting.
    pub const END: Self =
        Self { at: Timestamp::from_millis(i64::MAX), id: PostingId::from_bytes([0xff; 16]) };
}

/// Which part of a long answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// At most so many; never more than [`limits::PAGE_MAX`].
    pub n_max: usize,
    /// After this place; `None` is the beginning.
    pub after: Option<Cursor>,
}

impl Page {
    /// The first `n_max`.
    #[must_use]
    pub const fn first(n_max: usize) -> Self {
        Self { n_max, after: None }
    }

    /// The limit that counts: at least 1, at most [`limits::PAGE_MAX`].
    #[must_use]
    pub fn size(self) -> usize {
        self.n_max.clamp(1, limits::PAGE_MAX)
    }
}

/// A page, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOf<T> {
    /// In order.
    pub items: Vec<T>,
    /// For [`Page::after`]; `None` when there is no more.
    pub next: Option<Cursor>,
}

impl PageOf<Posting> {
    /// Makes a page of `size` out of up to one posting more, which only shows that there is more.
    #[must_use]
    pub fn cut(mut items: Vec<Posting>, size: usize) -> Self {
        let more = items.len() > size;
        items.truncate(size);
        let last = items.last().filter(|_| more);
        let next = last.map(|posting| Cursor { at: posting.at, id: posting.id });
        Self { items, next }
    }
}

/// What totals are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// One group; its key is empty.
    All,
    /// By budget.
    Account,
    /// By operation.
    Operation,
    /// By how calls ended.
    Outcome,
    /// By calendar day, UTC: `2026-10-05`.
    Day,
    /// By calendar month, UTC: `2026-10`.
    Month,
    /// By hour, UTC: `2026-10-05T09`.
    Hour,
}

impl GroupBy {
    /// The group that `posting` belongs to.
    #[must_use]
    pub fn key(self, posting: &Posting) -> String {
        let text = posting.at.to_string();
        match self {
            Self::All => String::new(),
            Self::Account => posting.account.as_ref().to_owned(),
            Self::Operation => posting.operation.as_ref().to_owned(),
            Self::Outcome => posting.outcome.as_ref().to_owned(),
            Self::Day => text[..10].to_owned(),
            Self::Month => text[..7].to_owned(),
            Self::Hour => text[..13].to_owned(),
        }
    }
}

/// The sum of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Total {
    /// The group.
    pub key: String,
    /// All charges.
    pub credits: Credits,
    /// The number of postings.
    pub calls: u64,
    /// The part of the charges that is assumed.
    pub assumed: Credits,
    /// The sum of all calls' lengths.
    pub elapsed: Duration,
}

impl Total {
    /// In the order that [`Ledger::totals`] promises, and no more than [`limits::TOTALS_MAX`].
    #[must_use]
    pub fn ranked(mut totals: Vec<Self>) -> Vec<Self> {
        totals.sort_by(|a, b| b.credits.cmp(&a.credits).then_with(|| a.key.cmp(&b.key)));
        totals.truncate(limits::TOTALS_MAX);
        totals
    }
}

macro_rules! delegate {
    ($($pointer:ident)+) => {$(
        #[async_trait]
        impl<L: Ledger + ?Sized> Ledger for $pointer<L> {
            async fn post(&self, postings: &[Posting]) -> Result<(), LedgerError> {
                (**self).post(postings).await
            }
            async fn query(
                &self,
                filter: &Filter,
                page: Page,
            ) -> Result<PageOf<Posting>, LedgerError> {
                (**self).query(filter, page).await
            }
            async fn totals(
                &self,
                filter: &Filter,
                by: GroupBy,
            ) -> Result<Vec<Total>, LedgerError> {
                (**self).totals(filter, by).await
            }
        }
    )+};
}
delegate!(Arc Box);

const _: Option<&dyn Ledger> = None;
