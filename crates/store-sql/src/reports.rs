use std::time::Duration;

use cache_tiers::Timestamp;
use credits::{Credits, Filter, LedgerError};

use crate::{
    Question, SqlLedger,
    database::UseRow,
    error,
    ledger::{DAY_MS, whole},
    limits,
    reads::Reads,
};

/// Questions over what was spent, each answered by an index over its span of time. They are read
/// from the copy of the database that [`SqlConfig::with_reports_url`] names, and from itself when
/// that is away.
///
/// [`SqlConfig::with_reports_url`]: crate::SqlConfig::with_reports_url
#[derive(Clone, Debug)]
pub struct SqlReports {
    reads: Reads,
}

/// What an operation took over a span of time, or on one day of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationUse {
    /// Which one.
    pub operation: String,
    /// What it cost.
    pub credits: Credits,
    /// The part of that which is assumed.
    pub assumed: Credits,
    /// Calls that went out: in a cache, the misses.
    pub calls: u64,
    /// Those of them that did not end well.
    pub failed: u64,
    /// The keys that were asked for by all of them.
    pub keys: u64,
    /// The sum of their lengths.
    pub elapsed: Duration,
    /// The length of the longest.
    pub slowest: Duration,
}

impl OperationUse {
    /// How long a call took on average.
    #[must_use]
    pub fn mean_elapsed(&self) -> Duration {
        let calls = u32::try_from(self.calls).unwrap_or(u32::MAX).max(1);
        self.elapsed / calls
    }

    /// What a call cost on average.
    #[must_use]
    pub fn credits_per_call(&self) -> f64 {
        ratio(self.credits.get(), self.calls)
    }

    /// What a key cost on average: the smaller, the fuller the calls were.
    #[must_use]
    pub fn credits_per_key(&self) -> f64 {
        ratio(self.credits.get(), self.keys)
    }

    /// The share of `answers`, counted elsewhere over the same span, that cost no call.
    #[must_use]
    pub fn hit_rate(&self, answers: u64) -> f64 {
        ratio(answers.saturating_sub(self.calls), answers)
    }
}

/// What an operation took on one day, UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayUse {
    /// Its first instant.
    pub day: Timestamp,
    /// What was taken on it.
    pub used: OperationUse,
}

impl SqlReports {
    pub(crate) const fn new(reads: Reads) -> Self {
        Self { reads }
    }

    /// The ledger, whose questions are answered like those here. What was posted moments ago may
    /// be missing: budgets are set from [`SqlStore::ledger`](crate::SqlStore::ledger).
    #[must_use]
    pub fn ledger(&self) -> SqlLedger {
        SqlLedger::new(self.reads.clone())
    }

    /// What each operation took, most expensive first, at most `n_max` of them.
    ///
    /// # Errors
    /// The database cannot answer.
    pub async fn operations(
        &self,
        filter: &Filter,
        n_max: usize,
    ) -> Result<Vec<OperationUse>, LedgerError> {
        let rows = self.uses(filter, false, n_max.min(limits::REPORT_ROWS_MAX)).await?;
        Ok(rows.into_iter().map(operation_use).collect())
    }

    /// What each operation took on each day, newest day first, then most expensive first; at most
    /// [`limits::REPORT_ROWS_MAX`] of them.
    ///
    /// # Errors
    /// The database cannot answer.
    pub async fn days(&self, filter: &Filter) -> Result<Vec<DayUse>, LedgerError> {
        let rows = self.uses(filter, true, limits::REPORT_ROWS_MAX).await?;
        let day = |row: &UseRow| Timestamp::from_millis(row.day.saturating_mul(DAY_MS));
        Ok(rows
            .into_iter()
            .map(|row| DayUse { day: day(&row), used: operation_use(row) })
            .collect())
    }

    /// How the database would answer, in its own words: for whoever wonders why a report is slow.
    ///
    /// # Errors
    /// The database cannot answer.
    pub async fn explain(
        &self,
        filter: &Filter,
        question: Question,
    ) -> Result<String, LedgerError> {
        let plan = self.reads.read(|database, side| database.explain(side, filter, question));
        plan.await.map_err(|error| error::ledger("explain", error))
    }

    async fn uses(
        &self,
        filter: &Filter,
        by_day: bool,
        n_max: usize,
    ) -> Result<Vec<UseRow>, LedgerError> {
        let rows = self.reads.read(|database, side| database.uses(side, filter, by_day, n_max));
        rows.await.map_err(|error| error::ledger("report", error))
    }
}

fn operation_use(row: UseRow) -> OperationUse {
    OperationUse {
        operation: row.operation,
        credits: Credits::new(whole(row.charged)),
        assumed: Credits::new(whole(row.assumed)),
        calls: whole(row.calls),
        failed: whole(row.failed),
        keys: whole(row.keys),
        elapsed: Duration::from_millis(whole(row.elapsed_ms)),
        slowest: Duration::from_millis(whole(row.slowest_ms)),
    }
}

/// Nothing of nothing is nothing.
#[expect(clippy::cast_precision_loss, reason = "an average is read by people")]
fn ratio(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}
