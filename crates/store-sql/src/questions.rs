//! Questions over spans of postings, written once for all dialects.

use credits::{Filter, GroupBy, limits::TOTALS_MAX};
use sqlx::{ColumnIndex, Decode, QueryBuilder, Row, Type};

use crate::{
    database::{Group, SumRow, UseRow},
    rows::{self, Plain},
};

/// What the dialects say differently.
#[derive(Debug)]
pub(crate) struct Words {
    /// Around a sum, to make it a whole number of 64 bits.
    pub(crate) whole: (&'static str, &'static str),
    /// The number of the day since the epoch.
    pub(crate) day: &'static str,
    /// The number of the hour since the epoch.
    pub(crate) hour: &'static str,
    /// No text.
    pub(crate) empty: &'static str,
    /// Asks how a question would be answered.
    pub(crate) explain: &'static str,
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// [`Ledger::totals`](credits::Ledger::totals).
    Totals(GroupBy),
    /// [`SqlReports::operations`](crate::SqlReports::operations).
    Operations,
    /// [`SqlReports::days`](crate::SqlReports::days).
    Days,
    /// [`Ledger::query`](credits::Ledger::query), its first page.
    Page,
}

impl Words {
    /// Sums by group, most expensive first.
    pub(crate) fn sums<DB: sqlx::Database>(
        &self,
        mut query: QueryBuilder<DB>,
        filter: &Filter,
        by: GroupBy,
    ) -> QueryBuilder<DB>
    where
        i64: Plain<DB>,
        bool: Plain<DB>,
        String: Plain<DB>,
    {
        query.push("SELECT ").push(self.group(by)).push(" AS grouped");
        self.push_sums(&mut query, &["charged", ASSUMED, "elapsed_ms"]);
        query.push(", COUNT(*) FROM credit_usage WHERE 1 = 1");
        rows::narrow(&mut query, filter);
        query.push(" GROUP BY grouped ORDER BY 2 DESC, 1 LIMIT ");
        query.push_bind(i64::try_from(TOTALS_MAX).unwrap_or(i64::MAX));
        query
    }

    /// What operations took, most expensive first; by day, too, newest first.
    pub(crate) fn uses<DB: sqlx::Database>(
        &self,
        mut query: QueryBuilder<DB>,
        filter: &Filter,
        by_day: bool,
        n_max: usize,
    ) -> QueryBuilder<DB>
    where
        i64: Plain<DB>,
        bool: Plain<DB>,
        String: Plain<DB>,
    {
        query.push("SELECT operation");
        self.push_sums(&mut query, &["charged", ASSUMED, "elapsed_ms", "n_keys", FAILED]);
        query.push(", COUNT(*), MAX(elapsed_ms)");
        if by_day {
            query.push(format_args!(", {} AS day", self.day));
        }
        query.push(" FROM credit_usage WHERE 1 = 1");
        rows::narrow(&mut query, filter);
        query.push(if by_day {
            " GROUP BY operation, day ORDER BY day DESC, 2 DESC, 1 LIMIT "
        } else {
            " GROUP BY operation ORDER BY 2 DESC, 1 LIMIT "
        });
        query.push_bind(i64::try_from(n_max).unwrap_or(i64::MAX));
        query
    }

    const fn group(&self, by: GroupBy) -> &'static str {
        match by {
            GroupBy::All => self.empty,
            GroupBy::Account => "account",
            GroupBy::Operation => "operation",
            GroupBy::Outcome => "outcome",
            GroupBy::Day => self.day,
            GroupBy::Month => "month",
            GroupBy::Hour => self.hour,
        }
    }

    fn push_sums<DB: sqlx::Database>(&self, query: &mut QueryBuilder<DB>, columns: &[&str]) {
        let (before, after) = self.whole;
        for column in columns {
            query.push(format_args!(", {before}SUM({column}){after}"));
        }
    }
}

const ASSUMED: &str = "CASE WHEN assumed THEN charged ELSE 0 END";
const FAILED: &str = "CASE WHEN outcome = 'ok' THEN 0 ELSE 1 END";

/// Reads what [`Words::sums`] asked for.
pub(crate) fn sum<'r, R: Row>(row: &'r R, by: GroupBy) -> sqlx::Result<SumRow>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    let group = match by {
        GroupBy::Day | GroupBy::Month | GroupBy::Hour => Group::Number(row.try_get(0)?),
        GroupBy::All | GroupBy::Account | GroupBy::Operation | GroupBy::Outcome => {
            Group::Text(row.try_get(0)?)
        }
    };
    Ok(SumRow {
        group,
        charged: row.try_get(1)?,
        assumed: row.try_get(2)?,
        elapsed_ms: row.try_get(3)?,
        calls: row.try_get(4)?,
    })
}

/// Reads what [`Words::uses`] asked for.
pub(crate) fn use_row<'r, R: Row>(row: &'r R, by_day: bool) -> sqlx::Result<UseRow>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    Ok(UseRow {
        operation: row.try_get(0)?,
        charged: row.try_get(1)?,
        assumed: row.try_get(2)?,
        elapsed_ms: row.try_get(3)?,
        keys: row.try_get(4)?,
        failed: row.try_get(5)?,
        calls: row.try_get(6)?,
        slowest_ms: row.try_get(7)?,
        day: if by_day { row.try_get(8)? } else { 0 },
    })
}
