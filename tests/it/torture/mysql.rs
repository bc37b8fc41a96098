//! MariaDB counts.

use harness::TestServers;

use super::{bears, store::Store};

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_never_overspend_what_mysql_counts() {
    // Breaks: as with Redis, where a transaction ends half-way.
    bears(&Store::sql(TestServers::mysql_database().await), 2).await;
}
