//! A partition per month. They lie without gaps from the oldest to the newest; what is later than
//! all of them is in the last, `p_rest`, of which new months are split off.

use sqlx::{Executor, MySqlConnection, SqlSafeStr, mysql::MySqlConnectOptions};

use super::{connection, tallies};
use crate::{
    error, limits,
    maintain::{Maintained, Plan, digits, from_digits, shown, start_of},
};

pub(super) async fn maintain(
    options: &MySqlConnectOptions,
    plan: &Plan,
) -> sqlx::Result<Maintained> {
    let mut connection = connection::connect(options).await?;
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
    connection: &mut MySqlConnection,
    plan: &Plan,
    done: &mut Maintained,
) -> sqlx::Result<()> {
    connection::take_turn(connection, "maintain", std::time::Duration::ZERO).await?;
    let wait = limits::MAINTENANCE_LOCK_MAX.as_secs();
    let waits =
        format!("SET SESSION lock_wait_timeout = {wait}, innodb_lock_wait_timeout = {wait}");
    run(connection, waits).await?;
    let months = months(connection).await?;
    create(connection, plan, &months, done).await?;
    for month in months.into_iter().filter(|month| *month < plan.first) {
        let name = digits(month);
        run(connection, format!("ALTER TABLE credit_usage DROP PARTITION p{name}")).await?;
        done.dropped.push(shown(month));
    }
    delete(connection, plan, done).await?;
    tallies::delete(connection, plan).await?;
    Ok(())
}

/// The months that have a partition, oldest first.
async fn months(connection: &mut MySqlConnection) -> sqlx::Result<Vec<i64>> {
    let names: Vec<(String,)> = sqlx::query_as(
        "SELECT partition_name FROM information_schema.partitions \
         WHERE table_schema = DATABASE() AND table_name = 'credit_usage' \
         ORDER BY partition_ordinal_position",
    )
    .fetch_all(connection)
    .await?;
    Ok(names.iter().filter_map(|(name,)| from_digits(name.strip_prefix('p')?)).collect())
}

/// All at once: each splitting copies what lies in the rest, which is little or nothing.
async fn create(
    connection: &mut MySqlConnection,
    plan: &Plan,
    months: &[i64],
    done: &mut Maintained,
) -> sqlx::Result<()> {
    let first = match months.last() {
        Some(newest) => newest + 1,
        None => oldest(connection).await?.unwrap_or(plan.current).min(plan.current),
    };
    // What is older than the first partition lies in it.
    let missing: Vec<i64> = (first.max(plan.first)..=plan.last).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut text = "ALTER TABLE credit_usage REORGANIZE PARTITION p_rest INTO (".to_owned();
    for month in &missing {
        let (name, end) = (digits(*month), start_of(month + 1));
        text += &format!("PARTITION p{name} VALUES LESS THAN ({end}), ");
    }
    text += "PARTITION p_rest VALUES LESS THAN MAXVALUE)";
    run(connection, text).await?;
    done.created = missing.into_iter().map(shown).collect();
    Ok(())
}

/// The month of the oldest posting.
async fn oldest(connection: &mut MySqlConnection) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT month FROM credit_usage ORDER BY at_ms LIMIT 1")
        .fetch_optional(connection)
        .await
}

/// Late postings of months that are gone already lie in the oldest partition there is.
async fn delete(
    connection: &mut MySqlConnection,
    plan: &Plan,
    done: &mut Maintained,
) -> sqlx::Result<()> {
    loop {
        let deleted =
            sqlx::query("DELETE FROM credit_usage WHERE at_ms < ? ORDER BY at_ms, id LIMIT 500")
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
async fn run(connection: &mut MySqlConnection, text: String) -> sqlx::Result<()> {
    connection.execute(sqlx::AssertSqlSafe(text).into_sql_str()).await?;
    Ok(())
}
