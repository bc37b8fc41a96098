//! The book of tallies, and its statements, written once for all dialects.

use async_trait::async_trait;
use cache_tiers::Timestamp;
use credits::{
    Figure, Figures, LedgerError, Tally, TallyBook, TallyBy, TallyFilter, limits::TOTALS_MAX,
};
use sqlx::{ColumnIndex, Decode, QueryBuilder, Row, Type};

use crate::{database::Group, error, ledger::DAY_MS, reads::Reads, rows::Plain};

/// A table of tallies.
#[derive(Clone, Debug)]
pub struct SqlTallies {
    reads: Reads,
}

/// The sum of a group, as it comes out of a database.
#[derive(Debug)]
pub(crate) struct TallyRow {
    pub(crate) group: Group,
    pub(crate) figures: Figures,
}

impl SqlTallies {
    pub(crate) const fn new(reads: Reads) -> Self {
        Self { reads }
    }
}

#[async_trait]
impl TallyBook for SqlTallies {
    async fn keep(&self, tallies: &[Tally]) -> Result<(), LedgerError> {
        if tallies.is_empty() {
            return Ok(());
        }
        // In the order of their key, so that instances lock alike.
        let mut tallies: Vec<&Tally> = tallies.iter().collect();
        tallies.sort_by(|a, b| place(a).cmp(&place(b)));
        let kept = self.reads.database.keep_tallies(&tallies).await;
        kept.map_err(|error| error::ledger("tally", error))
    }

    async fn sums(
        &self,
        filter: &TallyFilter,
        by: TallyBy,
    ) -> Result<Vec<(String, Figures)>, LedgerError> {
        let rows = self.reads.read(|database, side| database.tally_sums(side, filter, by)).await;
        let rows = rows.map_err(|error| error::ledger("sum up tallies", error))?;
        Ok(rows.into_iter().map(|row| (key(row.group, by), row.figures)).collect())
    }
}

type Place<'a> = (Timestamp, &'a str, &'a str, &'a str, &'a str);

fn place(tally: &Tally) -> Place<'_> {
    (tally.hour, &tally.account, &tally.instance, &tally.operation, &tally.client)
}

fn key(group: Group, by: TallyBy) -> String {
    match (group, by) {
        (Group::Text(text), _) => text,
        (Group::Number(hour), TallyBy::Hour) => {
            Timestamp::from_millis(hour).to_string()[..13].to_owned()
        }
        (Group::Number(day), _) => {
            Timestamp::from_millis(day.saturating_mul(DAY_MS)).to_string()[..10].to_owned()
        }
    }
}

/// Inserts `rows`, or replaces their figures, as the dialect says it: what stands before the
/// columns, and how one of them is replaced.
pub(crate) fn upsert<DB: sqlx::Database>(
    rows: &[&Tally],
    (before, replace): (&'static str, fn(&str) -> String),
) -> QueryBuilder<DB>
where
    i64: Plain<DB>,
    String: Plain<DB>,
{
    let columns: Vec<_> = Figure::ALL.iter().map(|figure| format!("n_{}", figure.name())).collect();
    let mut query = QueryBuilder::new(
        "INSERT INTO usage_tally (hour_ms, account, instance, operation, client, ",
    );
    query.push(columns.join(", ")).push(") ");
    query.push_values(rows, |mut values, tally| {
        values.push_bind(tally.hour.as_millis());
        for word in [&tally.account, &tally.instance, &tally.operation, &tally.client] {
            values.push_bind(word.as_ref().to_owned());
        }
        for figure in Figure::ALL {
            values.push_bind(i64::try_from(tally.figures[figure]).unwrap_or(i64::MAX));
        }
    });
    query.push(before);
    let replaced: Vec<_> = columns.iter().map(|column| replace(column)).collect();
    query.push(replaced.join(", "));
    query
}

/// How a table takes what is there already.
pub(crate) const ON_CONFLICT: (&str, fn(&str) -> String) =
    (" ON CONFLICT (hour_ms, account, instance, operation, client) DO UPDATE SET ", |column| {
        format!("{column} = excluded.{column}")
    });

/// The same in the words of `MySQL`.
pub(crate) const ON_DUPLICATE: (&str, fn(&str) -> String) =
    (" ON DUPLICATE KEY UPDATE ", |column| format!("{column} = VALUES({column})"));

/// Sums by group, in the order of groups. `whole` makes a sum a whole number of 64 bits.
pub(crate) fn sums<DB: sqlx::Database>(
    filter: &TallyFilter,
    by: TallyBy,
    (whole, day): ((&'static str, &'static str), &'static str),
) -> QueryBuilder<DB>
where
    i64: Plain<DB>,
    String: Plain<DB>,
{
    let group = match by {
        TallyBy::Operation => "operation",
        TallyBy::Client => "client",
        TallyBy::Day => day,
        TallyBy::Hour => "hour_ms",
    };
    let mut query = QueryBuilder::new("SELECT ");
    query.push(group).push(" AS grouped");
    for figure in Figure::ALL {
        query.push(format_args!(", {}SUM(n_{}){}", whole.0, figure.name(), whole.1));
    }
    query.push(" FROM usage_tally WHERE 1 = 1");
    if let Some(from) = filter.from {
        query.push(" AND hour_ms >= ").push_bind(from.as_millis());
    }
    if let Some(until) = filter.until {
        query.push(" AND hour_ms < ").push_bind(until.as_millis());
    }
    let words = [
        (" AND account = ", &filter.account),
        (" AND operation = ", &filter.operation),
        (" AND client = ", &filter.client),
    ];
    for (condition, word) in words {
        if let Some(word) = word {
            query.push(condition).push_bind(word.as_ref().to_owned());
        }
    }
    query.push(" GROUP BY grouped ORDER BY 1 LIMIT ");
    query.push_bind(i64::try_from(TOTALS_MAX).unwrap_or(i64::MAX));
    query
}

/// Reads what [`sums`] asked for.
pub(crate) fn sum<'r, R: Row>(row: &'r R, by: TallyBy) -> sqlx::Result<TallyRow>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    let group = match by {
        TallyBy::Day | TallyBy::Hour => Group::Number(row.try_get(0)?),
        TallyBy::Operation | TallyBy::Client => Group::Text(row.try_get(0)?),
    };
    let mut figures = Figures::ZERO;
    for (column, figure) in (1..).zip(Figure::ALL) {
        let counted: i64 = row.try_get(column)?;
        figures.add(figure, u64::try_from(counted).unwrap_or(0));
    }
    Ok(TallyRow { group, figures })
}
