//! Months of postings: made ahead, dropped by retention, moved when they came late.

use cache_tiers::Timestamp;
use credits::{Credits, Filter, GroupBy, Ledger, Page, Posting, PostingId};
use futures_util::future::join_all;
use store_sql::{Maintained, SqlStore, limits::RETENTION_MONTHS};

use crate::place::{Dialect, Place, on_each_dialect};

on_each_dialect! {
    what_is_older_than_retention_goes_and_nothing_else
    the_same_id_at_another_instant_is_booked_once
    ; servers:
    months_are_made_ahead_once
    a_posting_before_its_month_is_there_is_moved_later
    several_that_maintain_at_once_do_not_clash
    maintenance_waits_for_a_reader_for_a_moment_only
}

/// The middle of a month.
fn on(year_month: &str) -> Timestamp {
    let text = format!("{year_month}-15T12:00:00Z");
    let at: jiff::Timestamp = text.parse().unwrap();
    Timestamp::from_millis(at.as_millisecond())
}

fn posting(at: Timestamp) -> Posting {
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

async fn months_of(store: &SqlStore) -> Vec<String> {
    let months = store.ledger().totals(&Filter::default(), GroupBy::Month).await.unwrap();
    let mut months: Vec<_> = months.into_iter().map(|total| total.key).collect();
    months.sort();
    months
}

/// The names of the partitions, without what they have in common.
async fn partitions(place: &Place) -> Vec<String> {
    let sql = match place.dialect {
        Dialect::Mysql => {
            "SELECT CAST(SUBSTR(partition_name, 2) AS CHAR) FROM information_schema.partitions \
             WHERE table_schema = DATABASE() AND table_name = 'credit_usage' ORDER BY 1"
        }
        _ => {
            "SELECT substr(relname::text, 14) FROM pg_inherits \
             JOIN pg_class ON pg_class.oid = inhrelid \
             WHERE inhparent = 'credit_usage'::regclass ORDER BY 1"
        }
    };
    place.ask(sql).await
}

async fn months_are_made_ahead_once(place: Place) {
    // At the turn of a month nobody is awake to make a partition.
    let store = place.open().await;
    let done = store.maintain(on("2026-11"), RETENTION_MONTHS).await.unwrap();
    let created = ["2026-11", "2026-12", "2027-01"].map(str::to_owned).to_vec();
    assert_eq!(done, Maintained { created, ..Maintained::default() });
    let done = store.maintain(on("2026-11"), RETENTION_MONTHS).await.unwrap();
    assert_eq!(done, Maintained::default());
    let done = store.maintain(on("2026-12"), RETENTION_MONTHS).await.unwrap();
    assert_eq!(done.created, ["2027-02"]);
    let there = partitions(&place).await;
    let mut expected = ["202611", "202612", "202701", "202702"].map(str::to_owned).to_vec();
    expected.push(there.last().unwrap().clone());
    assert_eq!(there, expected, "and one for the rest");
}

async fn what_is_older_than_retention_goes_and_nothing_else(place: Place) {
    // A table that only grows fills the disk; the current year is needed for bills.
    let store = place.open().await;
    let months = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"];
    for month in months {
        store.maintain(on(month), 6).await.unwrap();
        let batch: Vec<_> = (0..600).map(|_| posting(on(month))).collect();
        store.ledger().post(&batch).await.unwrap();
    }
    assert_eq!(months_of(&store).await, months);
    let done = store.maintain(on("2026-11"), 3).await.unwrap();
    assert_eq!(months_of(&store).await, ["2026-09", "2026-10", "2026-11"]);
    if place.dialect == Dialect::Sqlite {
        assert_eq!(done.deleted, 1_800);
    } else {
        assert_eq!(done.dropped, ["2026-06", "2026-07", "2026-08"]);
        // It comes after its month has gone.
        store.ledger().post(&[posting(on("2026-07"))]).await.unwrap();
        let done = store.maintain(on("2026-11"), 3).await.unwrap();
        assert_eq!(done, Maintained { deleted: 1, ..Maintained::default() });
    }
    assert_eq!(store.maintain(on("2026-11"), 3).await.unwrap(), Maintained::default());
}

async fn a_posting_before_its_month_is_there_is_moved_later(place: Place) {
    // A gateway that nobody maintained for months, or whose clock is ahead.
    let store = place.open().await;
    let late: Vec<_> =
        ["2026-08", "2026-09", "2026-09", "2027-06"].map(on).into_iter().map(posting).collect();
    store.ledger().post(&late).await.unwrap();
    let done = store.maintain(on("2026-11"), RETENTION_MONTHS).await.unwrap();
    assert!(done.created.starts_with(&["2026-08".to_owned(), "2026-09".to_owned()]), "{done:?}");
    assert_eq!(months_of(&store).await, ["2026-08", "2026-09", "2027-06"]);
    store.ledger().post(&late).await.unwrap();
    let found = store.ledger().query(&Filter::default(), Page::first(10)).await.unwrap();
    assert_eq!(found.items.len(), 4, "each is there once");
    store.maintain(on("2027-05"), RETENTION_MONTHS).await.unwrap();
    assert_eq!(months_of(&store).await, ["2026-08", "2026-09", "2027-06"]);
    let there = partitions(&place).await;
    assert!(there.contains(&"202706".to_owned()), "{there:?}");
}

async fn the_same_id_at_another_instant_is_booked_once(place: Place) {
    // The key of a partitioned table does not see to it.
    let store = place.open().await;
    store.maintain(on("2026-11"), RETENTION_MONTHS).await.unwrap();
    let first = posting(on("2026-11"));
    let again = Posting { at: on("2026-12"), ..first.clone() };
    let ledger = store.ledger();
    let posts = [&first, &again].map(std::slice::from_ref);
    for posted in join_all(posts.map(|batch| ledger.post(batch))).await {
        posted.unwrap();
    }
    ledger.post(&[first, again]).await.unwrap();
    let totals = ledger.totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(totals[0].calls, 1);
}

async fn several_that_maintain_at_once_do_not_clash(place: Place) {
    // All instances do it at their start, while they post.
    let stores = join_all((0..3).map(|_| place.open())).await;
    let posts = stores.iter().map(|store| async {
        for _ in 0..20 {
            store.ledger().post(&[posting(on("2026-11"))]).await.unwrap();
        }
    });
    let maintains = stores
        .iter()
        .map(|store| async { store.maintain(on("2026-11"), RETENTION_MONTHS).await.unwrap() });
    let (done, _) = futures_util::future::join(join_all(maintains), join_all(posts)).await;
    for store in &stores {
        let last = store.maintain(on("2026-11"), RETENTION_MONTHS).await.unwrap();
        assert!(!last.postponed, "{done:?} {last:?}");
    }
    assert_eq!(partitions(&place).await.len(), 4, "{done:?}");
    let totals = stores[0].ledger().totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(totals[0].calls, 60);
}

async fn maintenance_waits_for_a_reader_for_a_moment_only(place: Place) {
    // Writers wait behind it meanwhile.
    let store = place.open().await;
    store.maintain(on("2026-11"), 2).await.unwrap();
    let reader = place.hold("SELECT COUNT(*) FROM credit_usage").await;
    let done = store.maintain(on("2027-02"), 1).await.unwrap();
    assert!(done.postponed, "{done:?}");
    store.ledger().post(&[posting(on("2027-02"))]).await.unwrap();
    drop(reader);
    let done = store.maintain(on("2027-02"), 1).await.unwrap();
    assert!(!done.postponed && done.dropped.len() == 3, "{done:?}");
}
