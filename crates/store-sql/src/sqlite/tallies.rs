use credits::{Tally, TallyBy, TallyFilter};
use sqlx::SqlitePool;

use super::writing;
use crate::{
    limits,
    maintain::Plan,
    tallies::{self, ON_CONFLICT, TallyRow},
};

pub(super) async fn keep(pool: &SqlitePool, rows: &[&Tally]) -> sqlx::Result<()> {
    let statements = rows.chunks(limits::ROWS_PER_STATEMENT_MAX);
    writing::all(pool, statements.map(|rows| tallies::upsert(rows, ON_CONFLICT))).await
}

pub(super) async fn sums(
    pool: &SqlitePool,
    filter: &TallyFilter,
    by: TallyBy,
) -> sqlx::Result<Vec<TallyRow>> {
    let mut query = tallies::sums::<sqlx::Sqlite>(filter, by, (("", ""), "hour_ms / 86400000"));
    let rows = query.build().fetch_all(pool).await?;
    rows.iter().map(|row| tallies::sum(row, by)).collect()
}

pub(super) async fn delete(pool: &SqlitePool, plan: &Plan) -> sqlx::Result<u64> {
    let mut n_deleted = 0;
    loop {
        let deleted = sqlx::query(
            "DELETE FROM usage_tally WHERE (hour_ms, account, instance, operation, client) IN \
             (SELECT hour_ms, account, instance, operation, client FROM usage_tally \
             WHERE hour_ms < ? ORDER BY hour_ms LIMIT 500)",
        )
        .bind(plan.cut())
        .execute(pool)
        .await?
        .rows_affected();
        n_deleted += deleted;
        if deleted < limits::PRUNE_STEP_ROWS_MAX as u64 {
            return Ok(n_deleted);
        }
    }
}
