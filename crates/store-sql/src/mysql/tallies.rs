use credits::{Tally, TallyBy, TallyFilter};
use sqlx::{Acquire, MySql, MySqlConnection};

use crate::{
    limits,
    maintain::Plan,
    rows,
    server::{Patience, Server},
    tallies::{self, ON_DUPLICATE, TallyRow},
};

pub(super) async fn keep(server: &Server<MySql>, tallies: &[&Tally]) -> sqlx::Result<()> {
    let mut connection = server.primary().await?;
    let mut patience = Patience::default();
    loop {
        match all(&mut connection, tallies).await {
            Err(error) if patience.bears(&error).await => {}
            outcome => return outcome,
        }
    }
}

async fn all(connection: &mut MySqlConnection, tallies: &[&Tally]) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    for rows in tallies.chunks(limits::ROWS_PER_STATEMENT_MAX).flat_map(rows::powers_of_two) {
        let mut query = tallies::upsert::<MySql>(rows, ON_DUPLICATE);
        query.build().execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

pub(super) async fn sums(
    connection: &mut MySqlConnection,
    filter: &TallyFilter,
    by: TallyBy,
) -> sqlx::Result<Vec<TallyRow>> {
    let words = (("CAST(", " AS SIGNED)"), "hour_ms DIV 86400000");
    let mut query = tallies::sums::<MySql>(filter, by, words);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| tallies::sum(row, by)).collect()
}

pub(super) async fn delete(connection: &mut MySqlConnection, plan: &Plan) -> sqlx::Result<u64> {
    let mut n_deleted = 0;
    loop {
        let deleted =
            sqlx::query("DELETE FROM usage_tally WHERE hour_ms < ? ORDER BY hour_ms LIMIT 500")
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
