use std::{sync::Arc, time::Duration};

use cache_tiers::{Entry, Meta, TierErrorKind, TierExt};
use credits::{Credits, ErrorKind, Ledger, PostingId};
use tempfile::TempDir;

use super::*;
use crate::{SqlConfig, SqlLedger, SqlTier, reads::Reads};

const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);

struct Open {
    sqlite: Arc<Sqlite>,
    folder: TempDir,
}

impl Open {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.db");
        let mut config = SqlConfig::sqlite(&path);
        config.acquire_timeout = Duration::from_millis(50);
        let sqlite = Arc::new(Sqlite::open(&path, &config).await.unwrap());
        Self { sqlite, folder }
    }

    fn tier(&self) -> SqlTier {
        SqlTier::new("sqlite", Arc::<Sqlite>::clone(&self.sqlite))
    }

    fn ledger(&self) -> SqlLedger {
        SqlLedger::new(Reads::of_primary(Arc::<Sqlite>::clone(&self.sqlite)))
    }

    async fn check_tier(&self, kind: TierErrorKind) {
        let put = self.tier().put(&Key::new("k"), entry(64 * 1024)).await.unwrap_err();
        assert_eq!(put.kind, kind, "{put:?}");
        // What is there can still be read.
        self.tier().get(&Key::new("k")).await.unwrap();
    }

    async fn check_ledger(&self, kind: ErrorKind) {
        let posted = self.ledger().post(&[posting(1)]).await.unwrap_err();
        assert_eq!(posted.kind, kind, "{posted:?}");
        self.ledger().totals(&Filter::default(), GroupBy::All).await.unwrap();
    }

    /// No further page for the writing connection that is open now.
    async fn fill_up(&self) {
        let pages: i64 =
            sqlx::query_scalar("PRAGMA page_count").fetch_one(&self.sqlite.writer).await.unwrap();
        let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new("PRAGMA max_page_count = ");
        query.push(pages.to_string()).build().fetch_one(&self.sqlite.writer).await.unwrap();
    }
}

fn entry(n_bytes: usize) -> Entry {
    Entry { body: vec![b'x'; n_bytes].into(), meta: Meta::default() }
}

fn posting(charged: u64) -> Posting {
    Posting {
        id: PostingId::new(NOON),
        at: NOON,
        account: "upstream".into(),
        operation: "o".repeat(16 * 1024).into(),
        n_keys: 1,
        reserved: Credits::new(1),
        charged: Credits::new(charged),
        assumed: false,
        elapsed_ms: 1,
        outcome: "ok".into(),
    }
}

#[tokio::test]
async fn a_full_disk_is_named_and_works_again_when_there_is_room() {
    // The database ends the transaction by itself; the one writer must not stay stuck in it.
    let open = Open::new().await;
    open.fill_up().await;
    open.check_tier(TierErrorKind::Rejected).await;
    open.tier().put(&Key::new("k"), entry(64 * 1024)).await.unwrap();
    open.fill_up().await;
    open.check_ledger(ErrorKind::Full).await;
    open.ledger().post(&[posting(1)]).await.unwrap();
}

#[tokio::test]
async fn a_read_only_file_is_named() {
    // A wrong mount must not look like a bug.
    let open = Open::new().await;
    sqlx::query("PRAGMA query_only = 1").execute(&open.sqlite.writer).await.unwrap();
    open.check_tier(TierErrorKind::Rejected).await;
    sqlx::query("PRAGMA query_only = 1").execute(&open.sqlite.writer).await.unwrap();
    open.check_ledger(ErrorKind::ReadOnly).await;
}

#[tokio::test]
async fn a_file_locked_by_another_process_is_busy_and_still_read() {
    // A backup may hold the lock for a while.
    let open = Open::new().await;
    let path = open.folder.path().join("all.db");
    let other = Sqlite::open(&path, &SqlConfig::sqlite(&path)).await.unwrap();
    let transaction = other.writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
    open.check_tier(TierErrorKind::TimedOut).await;
    open.check_ledger(ErrorKind::Busy).await;
    drop(transaction);
}

#[tokio::test]
async fn a_closed_store_is_unavailable() {
    // Late background work must not crash at the end.
    let open = Open::new().await;
    open.sqlite.close().await;
    let put = open.tier().put(&Key::new("k"), entry(1)).await.unwrap_err();
    assert_eq!(put.kind, TierErrorKind::Unavailable);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told_at_the_opening() {
    // Overwriting somebody's file would be worse than not starting.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.db");
    std::fs::write(&path, "no database ".repeat(1_000)).unwrap();
    let error = Sqlite::open(&path, &SqlConfig::sqlite(&path)).await.unwrap_err();
    assert!(error.to_string().contains("corrupt"), "{error}");
}

#[tokio::test]
async fn tables_of_a_newer_release_are_not_touched() {
    // After a rollback the older release must not misread them.
    let open = Open::new().await;
    let path = open.folder.path().join("all.db");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of the future', 1, x'00', 0)",
    )
    .execute(&open.sqlite.writer)
    .await
    .unwrap();
    let error = Sqlite::open(&path, &SqlConfig::sqlite(&path)).await.unwrap_err();
    assert!(matches!(error, crate::SqlError::Migrate { .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_frame_is_a_miss_and_its_neighbours_are_hits() {
    // Half a disk error must not cost the whole batch.
    let open = Open::new().await;
    let keys = ["a", "b"].map(Key::new);
    let tier = open.tier();
    for key in &keys {
        tier.put(key, entry(8)).await.unwrap();
    }
    for bytes in cache_tiers::conformance::corrupt_bytes() {
        sqlx::query("UPDATE cache_entry SET frame = ? WHERE key = 'a'")
            .bind(bytes.to_vec())
            .execute(&open.sqlite.writer)
            .await
            .unwrap();
        let held = cache_tiers::Tier::get_many(&tier, &keys).await.unwrap();
        assert_eq!(held, [None, Some(entry(8))]);
    }
    tier.put(&keys[0], entry(9)).await.unwrap();
    assert_eq!(tier.get(&keys[0]).await.unwrap(), Some(entry(9)));
}

#[tokio::test]
async fn an_amount_beyond_the_column_is_refused_with_its_whole_batch() {
    // A wrapped amount would be negative money.
    let open = Open::new().await;
    let batch = [posting(1), posting(u64::MAX)];
    let error = open.ledger().post(&batch).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    let totals = open.ledger().totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(totals[0].calls, 0);
}

#[tokio::test]
async fn what_an_account_spent_is_read_from_an_index_alone() {
    // It is asked at each start, over a month of postings.
    let open = Open::new().await;
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "EXPLAIN QUERY PLAN SELECT SUM(charged) FROM credit_usage \
         WHERE account = 'a' AND at_ms >= 1",
    )
    .fetch_all(&open.sqlite.reader)
    .await
    .unwrap();
    assert!(plan[0].3.contains("COVERING INDEX credit_usage_account"), "{plan:?}");
}
