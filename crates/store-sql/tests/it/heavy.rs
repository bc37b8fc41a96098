//! A million postings: questions are answered by indexes and within their months. `MySQL` and
//! `PostgreSQL` make the rows themselves.

use std::time::Duration;

use cache_tiers::Timestamp;
use credits::{Credits, Filter, GroupBy, Ledger, Page};
use store_sql::{Question, SqlReports, SqlStore, limits::RETENTION_MONTHS};

use crate::place::{Dialect, Place, on_each_dialect};

on_each_dialect! {
    a_million_postings_are_answered_by_indexes
}

/// 2025-11-28.
const YEAR_AGO: Timestamp = Timestamp::from_millis(1_764_331_200_000);
const STEP_MS: i64 = 31_536;
const N_ROWS: u64 = 1_000_000;

/// A week in May.
const FROM: Timestamp = Timestamp::from_millis(1_778_457_600_000);
const UNTIL: Timestamp = Timestamp::from_millis(1_779_062_400_000);

async fn a_million_postings_are_answered_by_indexes(place: Place) {
    // A report that reads the whole table takes the disk away from everybody.
    let store = place.open().await;
    for month in 0..=12_u32 {
        let at = YEAR_AGO.after(Duration::from_secs(u64::from(month) * 2_628_000));
        store.maintain(at, RETENTION_MONTHS).await.unwrap();
    }
    fill(&place).await;
    let reports = store.reports();
    let week = Filter { from: Some(FROM), until: Some(UNTIL), ..Filter::default() };
    for filter in [
        week.clone(),
        Filter { account: Some("upstream".into()), ..week.clone() },
        Filter { operation: Some("operation 7".into()), ..week.clone() },
        Filter { outcome: Some("timed_out".into()), ..week.clone() },
    ] {
        for question in [
            Question::Totals(GroupBy::All),
            Question::Totals(GroupBy::Account),
            Question::Totals(GroupBy::Operation),
            Question::Totals(GroupBy::Outcome),
            Question::Totals(GroupBy::Day),
            Question::Totals(GroupBy::Month),
            Question::Operations,
            Question::Days,
            Question::Page,
        ] {
            let plan = reports.explain(&filter, question).await.unwrap();
            check_plan(&place, &plan, Some("202605"), question);
        }
    }
    let plan = reports.explain(&Filter::default(), Question::Page).await.unwrap();
    check_plan(&place, &plan, None, Question::Page);
    check_answers(&store, &reports, &week).await;
}

/// No table is read from end to end, and no other month is touched.
fn check_plan(place: &Place, plan: &str, month: Option<&str>, question: Question) {
    let bad: &[&str] = match place.dialect {
        Dialect::Sqlite => &["SCAN credit_usage"],
        Dialect::Mysql => &["\"access_type\": \"ALL\"", "\"access_type\": \"index\""],
        Dialect::Postgres => &["Seq Scan"],
    };
    // The newest page of all walks an index from its end.
    let walks = month.is_none() && place.dialect != Dialect::Postgres;
    let is_bad = !walks && bad.iter().any(|bad| plan.contains(bad));
    assert!(!is_bad && plan.contains("credit_usage"), "{question:?}: {plan}");
    let Some(month) = month.filter(|_| place.dialect != Dialect::Sqlite) else { return };
    assert!(plan.contains(month), "{question:?}: {plan}");
    let other = (1..=12).map(|number| format!("2026{number:02}")).filter(|other| other != month);
    for other in other.chain(["202512".to_owned(), "rest".to_owned()]) {
        assert!(!plan.contains(&other), "{question:?} looks into {other}: {plan}");
    }
}

async fn check_answers(store: &SqlStore, reports: &SqlReports, week: &Filter) {
    let used = reports.operations(week, 5).await.unwrap();
    assert_eq!(used.len(), 5);
    assert!(used.windows(2).all(|pair| pair[0].credits >= pair[1].credits));
    let days = reports.days(week).await.unwrap();
    let calls: u64 = days.iter().map(|day| day.used.calls).sum();
    let totals = store.ledger().totals(week, GroupBy::All).await.unwrap();
    assert_eq!(calls, totals[0].calls);
    let in_week = u64::try_from((UNTIL.as_millis() - FROM.as_millis()) / STEP_MS).unwrap();
    assert!(calls.abs_diff(in_week) <= 1, "{calls}");
    let everything = store.ledger().totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(everything[0].calls, N_ROWS);
    assert_eq!(everything[0].credits, Credits::new(N_ROWS * 2));
    let page = store.ledger().query(&Filter::default(), Page::first(1_000)).await.unwrap();
    assert_eq!(page.items.len(), 1_000);
}

/// A million rows of a year: 40 operations, 4 accounts, one call in 50 that failed.
async fn fill(place: &Place) {
    let at = format!("{} + n * {STEP_MS}", YEAR_AGO.as_millis());
    let (id, month, numbers, end) = match place.dialect {
        Dialect::Sqlite => (
            "printf('%032x', n)",
            format!(
                "strftime('%Y', ({at}) / 1000, 'unixepoch') * 12 \
                 + strftime('%m', ({at}) / 1000, 'unixepoch') - 1"
            ),
            format!(
                "WITH RECURSIVE number (n) AS \
                 (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < {N_ROWS})"
            ),
            "ANALYZE",
        ),
        Dialect::Mysql => (
            "UNHEX(LPAD(HEX(n), 32, '0'))",
            format!(
                "YEAR(FROM_UNIXTIME(({at}) / 1000)) * 12 \
                 + MONTH(FROM_UNIXTIME(({at}) / 1000)) - 1"
            ),
            digits(),
            "ANALYZE TABLE credit_usage",
        ),
        Dialect::Postgres => (
            "lpad(to_hex(n), 32, '0')::uuid",
            format!(
                "extract(year FROM to_timestamp(({at}) / 1000) AT TIME ZONE 'UTC') * 12 \
                 + extract(month FROM to_timestamp(({at}) / 1000) AT TIME ZONE 'UTC') - 1"
            ),
            format!("WITH number AS (SELECT generate_series(0, {N_ROWS}::bigint - 1) AS n)"),
            "VACUUM ANALYZE credit_usage",
        ),
    };
    let account = match place.dialect {
        Dialect::Mysql => "IF(n % 4 = 0, 'upstream', CONCAT('client ', n % 4))",
        _ => "CASE WHEN n % 4 = 0 THEN 'upstream' ELSE 'client ' || (n % 4) END",
    };
    let operation = match place.dialect {
        Dialect::Mysql => "CONCAT('operation ', n % 40)",
        _ => "'operation ' || (n % 40)",
    };
    place
        .run(&format!(
            "INSERT INTO credit_usage (id, at_ms, month, account, operation, n_keys, reserved, \
             charged, assumed, elapsed_ms, outcome) {numbers} \
             SELECT {id}, {at}, {month}, {account}, {operation}, 100, 2, n % 5, n % 100 = 0, \
             n % 900, CASE WHEN n % 50 = 0 THEN 'timed_out' ELSE 'ok' END FROM number ORDER BY n"
        ))
        .await;
    place.run(end).await;
}

/// Every number below a million, without anything that only one of the two servers knows.
fn digits() -> String {
    let digit = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL \
                 SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL \
                 SELECT 8 UNION ALL SELECT 9)";
    format!(
        "WITH number AS (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d \
         + 100000 * f.d AS n FROM {digit} AS f, {digit} AS e, {digit} AS d, {digit} AS c, \
         {digit} AS b, {digit} AS a)"
    )
}
