use sqlx::{Connection, QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

/// Takes the lock at the beginning: taking it half-way could fail after work is done.
const IMMEDIATE: &str = "BEGIN IMMEDIATE";

/// Runs all statements in one transaction, or none.
///
/// After an error the connection is given up. On a full disk, among others, the database rolls
/// back by itself while the driver still counts a transaction as open; put back, such a
/// connection would refuse every later one.
pub(super) async fn all(
    pool: &SqlitePool,
    statements: impl Iterator<Item = QueryBuilder<Sqlite>> + Send,
) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    let written = in_transaction(&mut connection, statements).await;
    if written.is_err() {
        connection.close_on_drop();
    }
    written
}

async fn in_transaction(
    connection: &mut SqliteConnection,
    statements: impl Iterator<Item = QueryBuilder<Sqlite>> + Send,
) -> sqlx::Result<()> {
    let mut transaction = connection.begin_with(IMMEDIATE).await?;
    for mut statement in statements {
        // Their texts differ with the number of rows: not worth a place among the prepared ones.
        statement.build().persistent(false).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
