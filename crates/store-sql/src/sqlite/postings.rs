use std::{ops::Range, sync::Arc};

use cache_tiers::Timestamp;
use credits::{Credits, Cursor, Filter, GroupBy, Posting, limits::TOTALS_MAX};
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::writing;
use crate::{
    database::{Group, SumRow},
    limits,
};

const INSERT: &str = "INSERT INTO credit_usage (id, at_ms, month, account, operation, n_keys, \
                      reserved, charged, assumed, elapsed_ms, outcome) ";

const SELECT: &str = "SELECT id, at_ms, account, operation, n_keys, reserved, charged, assumed, \
                      elapsed_ms, outcome FROM credit_usage WHERE 1 = 1";

pub(super) async fn post(pool: &SqlitePool, postings: &[Posting]) -> sqlx::Result<()> {
    if postings.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = postings.iter().map(Amounts::of).collect::<sqlx::Result<_>>()?;
    writing::all(pool, rows.chunks(limits::ROWS_PER_STATEMENT_MAX).map(insert)).await
}

pub(super) async fn query(
    pool: &SqlitePool,
    filter: &Filter,
    after: Option<Cursor>,
    n_max: usize,
) -> sqlx::Result<Vec<Posting>> {
    let mut query = QueryBuilder::new(SELECT);
    narrow(&mut query, filter);
    if let Some(cursor) = after {
        query.push(" AND (at_ms, id) < (").push_bind(cursor.at.as_millis());
        query.push(", ").push_bind(cursor.id.to_string()).push(")");
    }
    query.push(" ORDER BY at_ms DESC, id DESC LIMIT ");
    query.push_bind(i64::try_from(n_max).unwrap_or(i64::MAX));
    query.build().fetch_all(pool).await?.iter().map(posting).collect()
}

pub(super) async fn sums(
    pool: &SqlitePool,
    filter: &Filter,
    by: GroupBy,
) -> sqlx::Result<Vec<SumRow>> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(group(by)).push(
        " AS grouped, SUM(charged), COUNT(*), \
         SUM(CASE WHEN assumed THEN charged ELSE 0 END), SUM(elapsed_ms) \
         FROM credit_usage WHERE 1 = 1",
    );
    narrow(&mut query, filter);
    query.push(" GROUP BY grouped ORDER BY 2 DESC, 1 LIMIT ");
    query.push_bind(i64::try_from(TOTALS_MAX).unwrap_or(i64::MAX));
    query.build().fetch_all(pool).await?.iter().map(|row| sum(row, by)).collect()
}

fn insert(rows: &[Amounts<'_>]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(INSERT);
    query.push_values(rows, |mut values, row| {
        let posting = row.posting;
        values
            .push_bind(posting.id.to_string())
            .push_bind(posting.at.as_millis())
            .push_bind(month(posting.at))
            .push_bind(posting.account.as_ref().to_owned())
            .push_bind(posting.operation.as_ref().to_owned())
            .push_bind(i64::from(posting.n_keys))
            .push_bind(row.reserved)
            .push_bind(row.charged)
            .push_bind(posting.assumed)
            .push_bind(i64::from(posting.elapsed_ms))
            .push_bind(posting.outcome.as_ref().to_owned());
    });
    query.push(" ON CONFLICT (id) DO NOTHING");
    query
}

const fn group(by: GroupBy) -> &'static str {
    match by {
        GroupBy::All => "''",
        GroupBy::Account => "account",
        GroupBy::Operation => "operation",
        GroupBy::Outcome => "outcome",
        GroupBy::Day => "at_ms / 86400000",
        GroupBy::Month => "month",
    }
}

fn narrow(query: &mut QueryBuilder<Sqlite>, filter: &Filter) {
    if let Some(from) = filter.from {
        query.push(" AND at_ms >= ").push_bind(from.as_millis());
    }
    if let Some(until) = filter.until {
        query.push(" AND at_ms < ").push_bind(until.as_millis());
    }
    let words = [
        (" AND account = ", &filter.account),
        (" AND operation = ", &filter.operation),
        (" AND outcome = ", &filter.outcome),
    ];
    for (condition, word) in words {
        if let Some(word) = word {
            query.push(condition).push_bind(word.as_ref().to_owned());
        }
    }
    if let Some(assumed) = filter.assumed {
        query.push(" AND assumed = ").push_bind(assumed);
    }
}

/// A posting whose amounts fit a column.
struct Amounts<'a> {
    posting: &'a Posting,
    reserved: i64,
    charged: i64,
}

impl<'a> Amounts<'a> {
    fn of(posting: &'a Posting) -> sqlx::Result<Self> {
        let fit = |amount: Credits| {
            i64::try_from(amount.get()).map_err(|error| sqlx::Error::Encode(error.into()))
        };
        Ok(Self { posting, reserved: fit(posting.reserved)?, charged: fit(posting.charged)? })
    }
}

fn posting(row: &SqliteRow) -> sqlx::Result<Posting> {
    let text = |index| row.try_get::<&str, _>(index);
    let word = |index| text(index).map(Arc::<str>::from);
    let small = |index| row.try_get::<i64, _>(index).and_then(fitting::<u32>);
    let amount = |index| row.try_get::<i64, _>(index).and_then(fitting::<u64>).map(Credits::new);
    Ok(Posting {
        id: text(0)?.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        at: Timestamp::from_millis(row.try_get(1)?),
        account: word(2)?,
        operation: word(3)?,
        n_keys: small(4)?,
        reserved: amount(5)?,
        charged: amount(6)?,
        assumed: row.try_get(7)?,
        elapsed_ms: small(8)?,
        outcome: word(9)?,
    })
}

fn sum(row: &SqliteRow, by: GroupBy) -> sqlx::Result<SumRow> {
    let group = match by {
        GroupBy::Day | GroupBy::Month => Group::Number(row.try_get(0)?),
        GroupBy::All | GroupBy::Account | GroupBy::Operation | GroupBy::Outcome => {
            Group::Text(row.try_get(0)?)
        }
    };
    Ok(SumRow {
        group,
        charged: row.try_get(1)?,
        calls: row.try_get(2)?,
        assumed: row.try_get(3)?,
        elapsed_ms: row.try_get(4)?,
    })
}

fn fitting<T: TryFrom<i64>>(number: i64) -> sqlx::Result<T> {
    T::try_from(number).map_err(|_| sqlx::Error::Decode("a number out of its range".into()))
}

/// Year times twelve plus the month from zero, UTC.
fn month(at: Timestamp) -> i64 {
    let text = at.to_string();
    let number = |range: Range<usize>| text[range].parse::<i64>().unwrap_or(0);
    number(0..4) * 12 + number(5..7) - 1
}
