use credits::{Cursor, Filter, GroupBy, Posting, limits::PAGE_MAX};
use sqlx::{Acquire, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};

use crate::{
    Question,
    database::{SumRow, UseRow},
    limits,
    questions::{self, Words},
    rows::{self, Amounts},
    server::{Patience, Server},
};

/// Held by whoever posts: between looking for an id and inserting it nobody else may.
const TURN: i64 = 0x636d_6361_6368_6501;

const WORDS: Words = Words {
    whole: ("", "::bigint"),
    day: "at_ms / 86400000",
    hour: "at_ms / 3600000",
    empty: "''::text",
    explain: "EXPLAIN ",
};

const INSERT: &str = "INSERT INTO credit_usage (id, at_ms, month, account, operation, n_keys, \
     reserved, charged, assumed, elapsed_ms, outcome) \
     SELECT new.id::uuid, at_ms, month, account, operation, n_keys, reserved, charged, assumed, \
     elapsed_ms, outcome \
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], \
     $7::bigint[], $8::bigint[], $9::boolean[], $10::bigint[], $11::text[]) \
     AS new (id, at_ms, month, account, operation, n_keys, reserved, charged, assumed, \
     elapsed_ms, outcome) \
     WHERE NOT EXISTS (SELECT 1 FROM credit_usage AS old WHERE old.id = new.id::uuid)";

const SELECT: &str = "SELECT id::text, at_ms, account, operation, n_keys, reserved, charged, \
                      assumed, elapsed_ms, outcome FROM credit_usage WHERE true";

pub(super) async fn post(server: &Server<Postgres>, postings: &[Posting]) -> sqlx::Result<()> {
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
    connection: &mut PgConnection,
    filter: &Filter,
    after: Option<Cursor>,
    n_max: usize,
) -> sqlx::Result<Vec<Posting>> {
    let mut query = page(QueryBuilder::default(), filter, after, n_max);
    query.build().fetch_all(connection).await?.iter().map(posting).collect()
}

pub(super) async fn sums(
    connection: &mut PgConnection,
    filter: &Filter,
    by: GroupBy,
) -> sqlx::Result<Vec<SumRow>> {
    let mut query = WORDS.sums(QueryBuilder::default(), filter, by);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| questions::sum(row, by)).collect()
}

pub(super) async fn uses(
    connection: &mut PgConnection,
    filter: &Filter,
    by_day: bool,
    n_max: usize,
) -> sqlx::Result<Vec<UseRow>> {
    let mut query = WORDS.uses(QueryBuilder::default(), filter, by_day, n_max);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| questions::use_row(row, by_day)).collect()
}

pub(super) async fn explain(
    connection: &mut PgConnection,
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
    mut query: QueryBuilder<Postgres>,
    filter: &Filter,
    after: Option<Cursor>,
    n_max: usize,
) -> QueryBuilder<Postgres> {
    query.push(SELECT);
    rows::narrow(&mut query, filter);
    if let Some(cursor) = after {
        // Said twice: of a comparison of pairs it would not see which partitions to leave out.
        let at = cursor.at.as_millis();
        query.push(" AND at_ms <= ").push_bind(at);
        query.push(" AND (at_ms, id) < (").push_bind(at);
        query.push(", ").push_bind(cursor.id.to_string()).push("::uuid)");
    }
    query.push(" ORDER BY at_ms DESC, credit_usage.id DESC LIMIT ");
    query.push_bind(i64::try_from(n_max).unwrap_or(i64::MAX));
    query
}

async fn all(connection: &mut PgConnection, rows: &[Amounts<'_>]) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    take_turn(&mut transaction).await?;
    for rows in rows.chunks(limits::KEYS_PER_STATEMENT_MAX) {
        insert(&mut transaction, rows).await?;
    }
    transaction.commit().await
}

/// Until the end of the transaction nobody else posts.
pub(super) async fn take_turn(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(TURN).execute(connection).await?;
    Ok(())
}

async fn insert(connection: &mut PgConnection, rows: &[Amounts<'_>]) -> sqlx::Result<()> {
    let words = |word: fn(&Posting) -> &str| rows.iter().map(|row| word(row.posting)).collect();
    let numbers = |number: fn(&Amounts<'_>) -> i64| rows.iter().map(number).collect::<Vec<_>>();
    let (accounts, operations, outcomes): (Vec<&str>, Vec<&str>, Vec<&str>) =
        (words(|it| &it.account), words(|it| &it.operation), words(|it| &it.outcome));
    sqlx::query(INSERT)
        .bind(rows.iter().map(|row| row.posting.id.to_string()).collect::<Vec<_>>())
        .bind(numbers(|row| row.posting.at.as_millis()))
        .bind(numbers(|row| rows::month(row.posting.at)))
        .bind(accounts)
        .bind(operations)
        .bind(numbers(|row| row.posting.n_keys.into()))
        .bind(numbers(|row| row.reserved))
        .bind(numbers(|row| row.charged))
        .bind(rows.iter().map(|row| row.posting.assumed).collect::<Vec<_>>())
        .bind(numbers(|row| row.posting.elapsed_ms.into()))
        .bind(outcomes)
        .execute(connection)
        .await?;
    Ok(())
}

fn posting(row: &PgRow) -> sqlx::Result<Posting> {
    let id = row.try_get::<&str, _>(0)?.parse();
    rows::posting(id.map_err(|error| sqlx::Error::Decode(Box::new(error)))?, row)
}
