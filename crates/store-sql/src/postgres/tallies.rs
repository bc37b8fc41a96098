use credits::{Tally, TallyBy, TallyFilter};
use sqlx::{Acquire, PgConnection, Postgres};

use crate::{
    limits,
    maintain::Plan,
    server::{Patience, Server},
    tallies::{self, ON_CONFLICT, TallyRow},
};

pub(super) async fn keep(server: &Server<Postgres>, tallies: &[&Tally]) -> sqlx::Result<()> {
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        match all(&mut connection, tallies).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return outcome,
        }
    }
}

async fn all(connection: &mut PgConnection, tallies: &[&Tally]) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    for rows in tallies.chunks(limits::ROWS_PER_STATEMENT_MAX) {
        let mut query = tallies::upsert::<Postgres>(rows, ON_CONFLICT);
        // Its text differs with the number of rows: not worth a place among the prepared ones.
        query.build().persistent(false).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

pub(super) async fn sums(
    connection: &mut PgConnection,
    filter: &TallyFilter,
    by: TallyBy,
) -> sqlx::Result<Vec<TallyRow>> {
    let words = (("", "::bigint"), "hour_ms / 86400000");
    let mut query = tallies::sums::<Postgres>(filter, by, words);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| tallies::sum(row, by)).collect()
}

pub(super) async fn delete(connection: &mut PgConnection, plan: &Plan) -> sqlx::Result<u64> {
    let mut n_deleted = 0;
    loop {
        let deleted = sqlx::query(
            "DELETE FROM usage_tally WHERE ctid IN \
             (SELECT ctid FROM usage_tally WHERE hour_ms < $1 ORDER BY hour_ms LIMIT 500)",
        )
        .bind(plan.cut())
        .execute(&mut *connection)
        .await?
        .rows_affected();
        n_deleted += deleted;
        if deleted < limits::PRUNE_STEP_ROWS_MAX as u64 {
            return Ok(n_deleted);
        }
    }
}
