//! A partition per month, and one for what has no month of its own.

use sqlx::{Acquire, Executor, PgConnection, SqlSafeStr, postgres::PgConnectOptions};

use super::{connection, postings, tallies};
use crate::{
    error, limits,
    maintain::{Maintained, Plan, digits, from_digits, shown, start_of},
};

/// Held by the one instance that is at it.
const TURN: i64 = 0x636d_6361_6368_6502;

const PREFIX: &str = "credit_usage_";

pub(super) async fn maintain(options: &PgConnectOptions, plan: &Plan) -> sqlx::Result<Maintained> {
    let mut connection = connection::connect(options, limits::MAINTENANCE_LOCK_MAX).await?;
    let mut done = Maintained::default();
    match steps(&mut connection, plan, &mut done).await {
        Err(error) if error::is_busy(&error) => done.postponed = true,
        outcome => outcome?,
    }
    // With it go its locks.
    sqlx::Connection::close(connection).await?;
    Ok(done)
}

async fn steps(
    connection: &mut PgConnection,
    plan: &Plan,
    done: &mut Maintained,
) -> sqlx::Result<()> {
    let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
        .bind(TURN)
        .fetch_one(&mut *connection)
        .await?;
    if !alone {
        done.postponed = true;
        return Ok(());
    }
    let months = months(connection).await?;
    let mut wanted: Vec<i64> = (plan.current..=plan.last).collect();
    wanted.extend(late(connection, plan).await?);
    wanted.sort_unstable();
    wanted.dedup();
    for month in wanted.into_iter().filter(|month| !months.contains(month)) {
        create(connection, month).await?;
        done.created.push(shown(month));
    }
    for month in months.into_iter().filter(|month| *month < plan.first) {
        run(connection, format!("DROP TABLE {PREFIX}{}", digits(month))).await?;
        done.dropped.push(shown(month));
    }
    delete(connection, plan, done).await?;
    tallies::delete(connection, plan).await?;
    Ok(())
}

/// The months that have a partition, oldest first.
async fn months(connection: &mut PgConnection) -> sqlx::Result<Vec<i64>> {
    let names: Vec<(String,)> = sqlx::query_as(
        "SELECT relname::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid \
         WHERE inhparent = 'credit_usage'::regclass ORDER BY relname",
    )
    .fetch_all(connection)
    .await?;
    Ok(names.iter().filter_map(|(name,)| from_digits(name.strip_prefix(PREFIX)?)).collect())
}

/// Months of which something came before their partition was there.
async fn late(connection: &mut PgConnection, plan: &Plan) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "SELECT DISTINCT month FROM credit_usage_rest WHERE at_ms >= $1 AND at_ms < $2",
    )
    .bind(plan.cut())
    .bind(start_of(plan.last + 1))
    .fetch_all(connection)
    .await
}

/// Makes the table beside the others, moves what is there of its month, and puts it in its place:
/// neither readers nor writers of other months wait. Nobody posts meanwhile, so that nothing of the
/// month comes after the moving.
async fn create(connection: &mut PgConnection, month: i64) -> sqlx::Result<()> {
    let name = format!("{PREFIX}{}", digits(month));
    let (start, end) = (start_of(month), start_of(month + 1));
    let mut transaction = connection.begin().await?;
    postings::take_turn(&mut transaction).await?;
    run(&mut transaction, format!("CREATE TABLE {name} (LIKE credit_usage INCLUDING ALL)")).await?;
    let moving = format!(
        "WITH moved AS (DELETE FROM credit_usage_rest \
         WHERE at_ms >= {start} AND at_ms < {end} RETURNING *) \
         INSERT INTO {name} SELECT * FROM moved"
    );
    run(&mut transaction, moving).await?;
    let attaching = format!(
        "ALTER TABLE credit_usage ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})"
    );
    run(&mut transaction, attaching).await?;
    transaction.commit().await
}

/// What is too old and has no month of its own.
async fn delete(
    connection: &mut PgConnection,
    plan: &Plan,
    done: &mut Maintained,
) -> sqlx::Result<()> {
    loop {
        let deleted = sqlx::query(
            "DELETE FROM credit_usage_rest WHERE (at_ms, id) IN \
             (SELECT at_ms, id FROM credit_usage_rest WHERE at_ms < $1 ORDER BY at_ms LIMIT 500)",
        )
        .bind(plan.cut())
        .execute(&mut *connection)
        .await?
        .rows_affected();
        done.deleted += deleted;
        if deleted < limits::PRUNE_STEP_ROWS_MAX as u64 {
            return Ok(());
        }
    }
}

/// Texts of our own, with nothing in them but numbers.
async fn run(connection: &mut PgConnection, text: String) -> sqlx::Result<()> {
    connection.execute(sqlx::AssertSqlSafe(text).into_sql_str()).await?;
    Ok(())
}
