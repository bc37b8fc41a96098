//! What reports say, and from where.

use std::time::Duration;

use cache_tiers::Timestamp;
use credits::{Credits, Filter, GroupBy, Ledger, Posting, PostingId};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use store_sql::{DayUse, OperationUse, SqlStore, metrics::REPLICA_AWAY_TOTAL};

use crate::{
    NOON,
    place::{Place, on_each_dialect},
    relay::Relay,
};

on_each_dialect! {
    operations_are_told_by_what_they_took
    days_are_told_newest_first
    ; servers:
    reports_are_read_from_the_copy_and_budgets_are_not
    a_copy_that_is_away_costs_a_count_and_no_report
}

const DAY: Duration = Duration::from_secs(86_400);

fn posting(number: u64, operation: &str, at: Timestamp) -> Posting {
    Posting {
        id: PostingId::new(at),
        at,
        account: "upstream".into(),
        operation: operation.into(),
        n_keys: 100,
        reserved: Credits::new(number),
        charged: Credits::new(number),
        assumed: number == 3,
        elapsed_ms: 100 * u32::try_from(number).unwrap(),
        outcome: if number == 3 { "timed_out" } else { "ok" }.into(),
    }
}

async fn filled(place: &Place) -> SqlStore {
    let store = place.open().await;
    let batch = [
        posting(1, "quotes", NOON),
        posting(3, "quotes", NOON),
        posting(5, "quotes", NOON.after(DAY)),
        posting(7, "map", NOON.after(DAY)),
    ];
    store.ledger().post(&batch).await.unwrap();
    store
}

async fn operations_are_told_by_what_they_took(place: Place) {
    // What is dear, slow or half empty is where money can be saved.
    let store = filled(&place).await;
    let used = store.reports().operations(&Filter::default(), 10).await.unwrap();
    let quotes = OperationUse {
        operation: "quotes".to_owned(),
        credits: Credits::new(9),
        assumed: Credits::new(3),
        calls: 3,
        failed: 1,
        keys: 300,
        elapsed: Duration::from_millis(900),
        slowest: Duration::from_millis(500),
    };
    assert_eq!(used[0], quotes);
    assert_eq!(used[1].operation, "map");
    assert_eq!(quotes.mean_elapsed(), Duration::from_millis(300));
    assert!((quotes.credits_per_call() - 3.0).abs() < 1e-9);
    assert!((quotes.credits_per_key() - 0.03).abs() < 1e-9);
    assert!((quotes.hit_rate(30) - 0.9).abs() < 1e-9);
    assert!(OperationUse::default().hit_rate(0).abs() < 1e-9);
    let narrow = Filter { until: Some(NOON.after(DAY)), ..Filter::default() };
    let used = store.reports().operations(&narrow, 1).await.unwrap();
    assert_eq!((used.len(), used[0].calls), (1, 2));
}

async fn days_are_told_newest_first(place: Place) {
    // A chart is read from its end.
    let store = filled(&place).await;
    let days = store.reports().days(&Filter::default()).await.unwrap();
    let told = days.iter().map(|DayUse { day, used }| {
        format!("{} {} {}", &day.to_string()[..10], used.operation, used.credits.get())
    });
    let told: Vec<_> = told.collect();
    let expected = ["2026-10-06 map 7", "2026-10-06 quotes 5", "2026-10-05 quotes 4"];
    assert_eq!(told, expected);
}

async fn calls(ledger: &impl Ledger) -> u64 {
    ledger.totals(&Filter::default(), GroupBy::All).await.unwrap()[0].calls
}

async fn reports_are_read_from_the_copy_and_budgets_are_not(place: Place) {
    // A copy lags: a budget set from it would be handed out twice.
    let copy = Place::fresh(place.dialect).await;
    copy.open().await.close().await;
    filled(&place).await.close().await;
    let config = place.config().with_reports_url(&copy.url()).unwrap();
    let store = SqlStore::open(config).await.unwrap();
    assert_eq!(calls(&store.ledger()).await, 4);
    assert_eq!(calls(&store.reports().ledger()).await, 0);
    assert_eq!(store.reports().operations(&Filter::default(), 10).await.unwrap(), []);
}

async fn a_copy_that_is_away_costs_a_count_and_no_report(place: Place) {
    // Copies are the first to be switched off.
    let recorder = DebuggingRecorder::new();
    let counts = recorder.snapshotter();
    let copy = Relay::down(&place.url()).await;
    let config = place.config().with_reports_url(&copy.url(&place.url())).unwrap();
    filled(&place).await.close().await;
    let store = SqlStore::open(config).await.unwrap();
    let reports = metrics::with_local_recorder(&recorder, || store.reports());
    let began = tokio::time::Instant::now();
    assert_eq!(reports.operations(&Filter::default(), 10).await.unwrap().len(), 2);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let counted = counts.snapshot().into_vec();
    let (key, _, _, value) = &counted[0];
    assert_eq!(key.key().name(), REPLICA_AWAY_TOTAL);
    assert_eq!(value, &DebugValue::Counter(1));
}
