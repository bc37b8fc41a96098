//! A writer that is killed in the middle leaves a readable database.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use cache_tiers::{Entry, Key, Meta, Tier, Timestamp, Version};
use credits::{Credits, Filter, GroupBy, Ledger, Posting, PostingId};
use store_sql::{SqlConfig, SqlStore};

/// Set in the child only: the folder to write to.
const FOLDER: &str = "STORE_SQL_DEATH_FOLDER";
const BATCH: u16 = 40;
const N_KEYS: usize = 10;

fn posting(number: u64) -> Posting {
    let at = Timestamp::from_millis(1_791_201_600_000 + i64::try_from(number).unwrap());
    Posting {
        id: PostingId::new(at),
        at,
        account: "upstream".into(),
        operation: "quotes".into(),
        n_keys: 1,
        reserved: Credits::new(1),
        charged: Credits::new(1),
        assumed: false,
        elapsed_ms: 1,
        outcome: "ok".into(),
    }
}

fn items(round: u16) -> Vec<(Key, Entry)> {
    let version = Version::at(Timestamp::from_millis(1), round);
    let meta = Meta { version, ..Meta::default() };
    (0..N_KEYS)
        .map(|key| (Key::new(&format!("k{key}")), Entry { body: vec![7; 3_000].into(), meta }))
        .collect()
}

/// The child: writes batches for ever, and tells each that is done.
async fn write_for_ever(folder: &Path) {
    let store = SqlStore::open(SqlConfig::sqlite(folder.join("all.db"))).await.unwrap();
    let (tier, ledger) = (store.tier(), store.ledger());
    let mut told =
        std::fs::OpenOptions::new().append(true).create(true).open(folder.join("told")).unwrap();
    for round in 1.. {
        let batch: Vec<_> = (0..u64::from(BATCH)).map(posting).collect();
        ledger.post(&batch).await.unwrap();
        tier.put_many(&items(round)).await.unwrap();
        told.write_all(b".").unwrap();
    }
}

#[tokio::test]
async fn the_child_writes_for_ever() {
    // Only does anything when the test below starts it as a process of its own.
    if let Some(folder) = std::env::var_os(FOLDER) {
        write_for_ever(Path::new(&folder)).await;
    }
}

#[tokio::test]
async fn a_killed_writer_leaves_a_readable_database() {
    // Power and patience of operators end at any moment; whole batches must be there or not.
    let folder = tempfile::tempdir().unwrap();
    for round in 0..6_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["death::the_child_writes_for_ever", "--exact"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(250 + round * 17)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        check(folder.path()).await;
    }
    let n_told = std::fs::read(folder.path().join("told")).unwrap().len();
    assert!(n_told > 0, "the child never came to write");
}

async fn check(folder: &Path) {
    let store = SqlStore::open(SqlConfig::sqlite(folder.join("all.db"))).await.unwrap();
    let n_told = std::fs::read(folder.join("told")).map_or(0, |told| told.len() as u64);
    let totals = store.ledger().totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(totals[0].calls % u64::from(BATCH), 0, "half a batch was booked");
    assert!(totals[0].calls >= n_told * u64::from(BATCH), "a booked batch is gone");
    let keys: Vec<_> = items(1).into_iter().map(|(key, _)| key).collect();
    let held = store.tier().get_many(&keys).await.unwrap();
    let versions: Vec<_> =
        held.iter().map(|entry| entry.as_ref().map(|e| e.meta.version)).collect();
    assert!(versions.windows(2).all(|pair| pair[0] == pair[1]), "{versions:?}");
    store.close().await;
}
