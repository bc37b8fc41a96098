use credits::{Cursor, Filter, GroupBy, Posting, limits::TOTALS_MAX};
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::writing;
use crate::{
    database::SumRow,
    limits,
    rows::{self, Amounts},
};

const INSERT: &str = "INSERT INTO credit_usage (id, at_ms, month, account, operation, n_keys, \
                      reserved, charged, assumed, elapsed_ms, outcome) ";

const SELECT: &str = "SELECT id, at_ms, account, operation, n_keys, reserved, charged, assumed, \
                      elapsed_ms, outcome FROM credit_usage WHERE 1 = 1";

pub(super) async fn post(pool: &SqlitePool, postings: &[Posting]) -> sqlx::Result<()> {
    if postings.is_empty() {
        return Ok(());
    }
    let rows = Amounts::of_all(postings)?;
    writing::all(pool, rows.chunks(limits::ROWS_PER_STATEMENT_MAX).map(insert)).await
}

pub(super) async fn query(
    pool: &SqlitePool,
    filter: &Filter,
    after: Option<Cursor>,
    n_max: usize,
) -> sqlx::Result<Vec<Posting>> {
    let mut query = QueryBuilder::new(SELECT);
    rows::narrow(&mut query, filter);
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
    rows::narrow(&mut query, filter);
    query.push(" GROUP BY grouped ORDER BY 2 DESC, 1 LIMIT ");
    query.push_bind(i64::try_from(TOTALS_MAX).unwrap_or(i64::MAX));
    query.build().fetch_all(pool).await?.iter().map(|row| rows::sum(row, by)).collect()
}

fn insert(rows: &[Amounts<'_>]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(INSERT);
    query.push_values(rows, |mut values, row| {
        let posting = row.posting;
        values
            .push_bind(posting.id.to_string())
            .push_bind(posting.at.as_millis())
            .push_bind(rows::month(posting.at))
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

fn posting(row: &SqliteRow) -> sqlx::Result<Posting> {
    let id = row.try_get::<&str, _>(0)?.parse();
    rows::posting(id.map_err(|error| sqlx::Error::Decode(Box::new(error)))?, row)
}
