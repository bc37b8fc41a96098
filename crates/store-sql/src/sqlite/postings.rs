use credits::{Cursor, Filter, GroupBy, Posting, limits::PAGE_MAX};
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::writing;
use crate::{
    Question,
    database::{SumRow, UseRow},
    limits,
    maintain::Plan,
    questions::{self, Words},
    rows::{self, Amounts},
};

const WORDS: Words = Words {
    whole: ("", ""),
    day: "at_ms / 86400000",
    hour: "at_ms / 3600000",
    empty: "''",
    explain: "EXPLAIN QUERY PLAN ",
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
    let mut query = page(QueryBuilder::default(), filter, after, n_max);
    query.build().fetch_all(pool).await?.iter().map(posting).collect()
}

pub(super) async fn sums(
    pool: &SqlitePool,
    filter: &Filter,
    by: GroupBy,
) -> sqlx::Result<Vec<SumRow>> {
    let mut query = WORDS.sums(QueryBuilder::default(), filter, by);
    let rows = query.build().fetch_all(pool).await?;
    rows.iter().map(|row| questions::sum(row, by)).collect()
}

pub(super) async fn uses(
    pool: &SqlitePool,
    filter: &Filter,
    by_day: bool,
    n_max: usize,
) -> sqlx::Result<Vec<UseRow>> {
    let mut query = WORDS.uses(QueryBuilder::default(), filter, by_day, n_max);
    let rows = query.build().fetch_all(pool).await?;
    rows.iter().map(|row| questions::use_row(row, by_day)).collect()
}

pub(super) async fn explain(
    pool: &SqlitePool,
    filter: &Filter,
    question: Question,
) -> sqlx::Result<String> {
    let beginning = QueryBuilder::new(WORDS.explain);
    let mut query = match question {
        Question::Totals(by) => WORDS.sums(beginning, filter, by),
        Question::Operations => WORDS.uses(beginning, filter, false, limits::REPORT_ROWS_MAX),
        Question::Days => WORDS.uses(beginning, filter, true, limits::REPORT_ROWS_MAX),
        Question::Page => page(beginning, filter, None, PAGE_MAX),
    };
    let lines = query.build().fetch_all(pool).await?;
    let lines: Vec<String> =
        lines.iter().map(|line| line.try_get(3)).collect::<sqlx::Result<_>>()?;
    Ok(lines.join("\n"))
}

fn page(
    mut query: QueryBuilder<Sqlite>,
    filter: &Filter,
    after: Option<Cursor>,
    n_max: usize,
) -> QueryBuilder<Sqlite> {
    query.push(SELECT);
    rows::narrow(&mut query, filter);
    if let Some(cursor) = after {
        query.push(" AND (at_ms, id) < (").push_bind(cursor.at.as_millis());
        query.push(", ").push_bind(cursor.id.to_string()).push(")");
    }
    query.push(" ORDER BY at_ms DESC, id DESC LIMIT ");
    query.push_bind(i64::try_from(n_max).unwrap_or(i64::MAX));
    query
}

/// There are no partitions here: months go row by row, in steps that let writers in between.
pub(super) async fn delete(pool: &SqlitePool, plan: &Plan) -> sqlx::Result<u64> {
    let mut n_deleted = 0;
    loop {
        let deleted = sqlx::query(
            "DELETE FROM credit_usage WHERE id IN \
             (SELECT id FROM credit_usage WHERE month < ? ORDER BY month LIMIT 500)",
        )
        .bind(plan.first)
        .execute(pool)
        .await?
        .rows_affected();
        n_deleted += deleted;
        if deleted < limits::PRUNE_STEP_ROWS_MAX as u64 {
            return Ok(n_deleted);
        }
    }
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

fn posting(row: &SqliteRow) -> sqlx::Result<Posting> {
    let id = row.try_get::<&str, _>(0)?.parse();
    rows::posting(id.map_err(|error| sqlx::Error::Decode(Box::new(error)))?, row)
}
