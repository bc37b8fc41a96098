use std::time::Duration;

use async_trait::async_trait;
use cache_tiers::Timestamp;
use credits::{Credits, Filter, GroupBy, Ledger, LedgerError, Page, PageOf, Posting, Total};

use crate::{
    database::{Group, SumRow},
    error,
    reads::Reads,
};

const HOUR_MS: i64 = 3_600_000;
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A table of postings.
#[derive(Clone, Debug)]
pub struct SqlLedger {
    reads: Reads,
}

impl SqlLedger {
    pub(crate) const fn new(reads: Reads) -> Self {
        Self { reads }
    }
}

#[async_trait]
impl Ledger for SqlLedger {
    async fn post(&self, postings: &[Posting]) -> Result<(), LedgerError> {
        self.reads.database.post(postings).await.map_err(|error| error::ledger("post", error))
    }

    async fn query(&self, filter: &Filter, page: Page) -> Result<PageOf<Posting>, LedgerError> {
        let size = page.size();
        let postings =
            self.reads.read(|database, side| database.postings(side, filter, page.after, size + 1));
        let postings = postings.await;
        Ok(PageOf::cut(postings.map_err(|error| error::ledger("query", error))?, size))
    }

    async fn totals(&self, filter: &Filter, by: GroupBy) -> Result<Vec<Total>, LedgerError> {
        let rows = self.reads.read(|database, side| database.sums(side, filter, by)).await;
        let rows = rows.map_err(|error| error::ledger("sum up", error))?;
        let mut totals: Vec<_> = rows.into_iter().map(|row| total(row, by)).collect();
        if by == GroupBy::All && totals.is_empty() {
            totals.push(Total::default());
        }
        Ok(Total::ranked(totals))
    }
}

fn total(row: SumRow, by: GroupBy) -> Total {
    Total {
        key: match row.group {
            Group::Text(text) => text,
            Group::Number(day) if by == GroupBy::Day => {
                Timestamp::from_millis(day.saturating_mul(DAY_MS)).to_string()[..10].to_owned()
            }
            Group::Number(hour) if by == GroupBy::Hour => {
                Timestamp::from_millis(hour.saturating_mul(HOUR_MS)).to_string()[..13].to_owned()
            }
            Group::Number(month) => {
                format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
            }
        },
        credits: Credits::new(whole(row.charged)),
        calls: whole(row.calls),
        assumed: Credits::new(whole(row.assumed)),
        elapsed: Duration::from_millis(whole(row.elapsed_ms)),
    }
}

pub(crate) fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
