use std::collections::HashSet;

use credits::{Cursor, Filter, GroupBy, Posting, PostingId, limits::PAGE_MAX};
use sqlx::{Acquire, MySql, MySqlConnection, QueryBuilder, Row, mysql::MySqlRow};

use super::frames;
use crate::{
    Question,
    database::{SumRow, UseRow},
    limits,
    questions::{self, Words},
    rows::{self, Amounts},
    server::{Patience, Server},
};

const WORDS: Words = Words {
    whole: ("CAST(", " AS SIGNED)"),
    day: "at_ms DIV 86400000",
    hour: "at_ms DIV 3600000",
    empty: "''",
    explain: "EXPLAIN FORMAT = JSON ",
};

const INSERT: &str = "INSERT INTO credit_usage (id, at_ms, month, account, operation, n_keys, \
                      reserved, charged, assumed, elapsed_ms, outcome) ";

const SELECT: &str = "SELECT id, at_ms, account, operation, n_keys, reserved, charged, assumed, \
                      elapsed_ms, outcome FROM credit_usage WHERE 1 = 1";

pub(super) async fn post(server: &Server<MySql>, postings: &[Posting]) -> sqlx::Result<()> {
    if postings.is_empty() {
        return Ok(());
    }
    let rows = Amounts::of_all(postings)?;
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        match all(&mut connection, &rows).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return outcome,
        }
    }
}

pub(super) async fn query(
    connection: &mut MySqlConnection,
    filter: &Filter,
    after: Option<Cursor>,
    n_max: usize,
) -> sqlx::Result<Vec<Posting>> {
    let mut query = page(QueryBuilder::default(), filter, after, n_max);
    query.build().fetch_all(connection).await?.iter().map(posting).collect()
}

pub(super) async fn sums(
    connection: &mut MySqlConnection,
    filter: &Filter,
    by: GroupBy,
) -> sqlx::Result<Vec<SumRow>> {
    let mut query = WORDS.sums(QueryBuilder::default(), filter, by);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| questions::sum(row, by)).collect()
}

pub(super) async fn uses(
    connection: &mut MySqlConnection,
    filter: &Filter,
    by_day: bool,
    n_max: usize,
) -> sqlx::Result<Vec<UseRow>> {
    let mut query = WORDS.uses(QueryBuilder::default(), filter, by_day, n_max);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| questions::use_row(row, by_day)).collect()
}

pub(super) async fn explain(
    connection: &mut MySqlConnection,
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
    let lines = query.build().fetch_all(connection).await?;
    let lines: Vec<String> =
        lines.iter().map(|line| line.try_get(0)).collect::<sqlx::Result<_>>()?;
    Ok(lines.join("\n"))
}

fn page(
    mut query: QueryBuilder<MySql>,
    filter: &Filter,
    after: Option<Cursor>,
    n_max: usize,
) -> QueryBuilder<MySql> {
    query.push(SELECT);
    rows::narrow(&mut query, filter);
    if let Some(cursor) = after {
        // Said twice: of a comparison of pairs it would not see which partitions to leave out.
        let at = cursor.at.as_millis();
        query.push(" AND at_ms <= ").push_bind(at);
        query.push(" AND (at_ms < ").push_bind(at).push(" OR id < ");
        query.push_bind(cursor.id.to_bytes().to_vec()).push(")");
    }
    query.push(" ORDER BY at_ms DESC, id DESC LIMIT ");
    query.push_bind(i64::try_from(n_max).unwrap_or(i64::MAX));
    query
}

/// One poster after the other: between looking for an id and inserting it nobody else may.
async fn all(connection: &mut MySqlConnection, rows: &[Amounts<'_>]) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT id FROM credit_usage_turn WHERE id = 1 FOR UPDATE")
        .fetch_one(&mut *transaction)
        .await?;
    for rows in rows.chunks(limits::ROWS_PER_STATEMENT_MAX) {
        let known = known(&mut transaction, rows).await?;
        let is_new = |row: &&Amounts<'_>| !known.contains(row.posting.id.to_bytes().as_slice());
        let new: Vec<_> = rows.iter().filter(is_new).copied().collect();
        for rows in rows::powers_of_two(&new) {
            insert(rows).build().execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await
}

async fn known(
    connection: &mut MySqlConnection,
    rows: &[Amounts<'_>],
) -> sqlx::Result<HashSet<Vec<u8>>> {
    let ids = rows.iter().map(|row| row.posting.id.to_bytes().to_vec());
    let mut query = frames::with_keys("SELECT id FROM credit_usage WHERE id IN (", ids);
    query.push(")");
    let found = query.build_query_as().fetch_all(connection).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

fn insert(rows: &[Amounts<'_>]) -> QueryBuilder<MySql> {
    let mut query = QueryBuilder::new(INSERT);
    query.push_values(rows, |mut values, row| {
        let posting = row.posting;
        values
            .push_bind(posting.id.to_bytes().to_vec())
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
    query
}

fn posting(row: &MySqlRow) -> sqlx::Result<Posting> {
    let id = row.try_get::<&[u8], _>(0)?.try_into();
    let id = id.map_err(|_| sqlx::Error::Decode("an id that is not 16 bytes".into()))?;
    rows::posting(PostingId::from_bytes(id), row)
}
