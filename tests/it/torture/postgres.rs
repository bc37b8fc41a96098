//! PostgreSQL counts.

use harness::TestServers;

use super::{bears, store::Store};

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_never_overspend_what_postgres_counts() {
    // Breaks: as with Redis, where a transaction ends half-way.
    bears(&Store::sql(TestServers::postgres_database().await), 2).await;
}
