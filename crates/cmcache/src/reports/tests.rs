use std::{sync::Arc, time::Duration};

use clock::{Clock, ManualClock, Timestamp};
use cmc_api::{Call, ScriptedUpstream, scripted};
use credits::{Credits, Cursor, Figure, Figures, Posting, PostingId, TallyBy, Total};
use engine::Terms;

use super::*;
use crate::{Cmcache, Config, Options};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);

fn figures(of: &[(Figure, u64)]) -> Figures {
    let mut figures = Figures::ZERO;
    of.iter().for_each(|(figure, amount)| figures.add(*figure, *amount));
    figures
}

#[test]
fn the_guides_reports_come_out_as_the_guide_computes_them() {
    // Worked out by hand from its two functions; whoever moves from it compares them.
    use Figure::{Charged, Cold, ElapsedUs, Failed, Full, Partial, Stale};
    let counted = [
        // Three hits of four, one credit, 200 ms: 75 %, 0.25, 50 ms.
        // 37.5 + 0.3 * 95 + 0.2 * 99 = 85.8
        ("/a", figures(&[(Full, 2), (Stale, 1), (Cold, 1), (Charged, 1), (ElapsedUs, 200_000)])),
        // One hit of three, seven credits, 3 s: 33.3 %, 2.3, 1,000 ms.
        // 16.666… + 0.3 * 53.333… + 0.2 * 80 = 48.666…
        ("/b", figures(&[(Full, 1), (Partial, 2), (Charged, 7), (ElapsedUs, 3_000_000)])),
        // So dear and slow that both floors hold: 0.5 * 50.
        ("/c", figures(&[(Full, 1), (Cold, 1), (Charged, 90), (ElapsedUs, 99_000_000)])),
        // Never answered: no row in the guide's table.
        ("/d", figures(&[(Failed, 9)])),
    ];
    let counted = counted.map(|(path, figures)| (path.to_owned(), figures));
    let report = GuideReport::of(&counted, (String::new(), String::new()));
    let told: Vec<_> = report.efficiency.iter().map(|row| &*row.endpoint).collect();
    assert_eq!(told, ["/a", "/b", "/c"]);
    let [a, b, c] = &report.efficiency[..] else { panic!("{report:?}") };
    assert_eq!((a.cache_hit_rate, a.avg_credits_per_request), (75.0, 0.25));
    assert_eq!((b.cache_hit_rate, b.avg_credits_per_request), (33.33, 2.333));
    assert_eq!((b.avg_response_time, b.total_requests, b.total_credits), (1_000.0, 3, 7));
    let scores = [(a, 85.8), (b, 100.0 / 6.0 + 16.0 + 16.0), (c, 25.0)];
    for (row, score) in scores {
        assert!((row.efficiency_score - score).abs() < 1e-9, "{row:?}: not {score}");
    }
    let dearest: Vec<_> = report.analytics.iter().map(|row| &*row.endpoint).collect();
    assert_eq!(dearest, ["/c", "/b", "/a"]);
    let a = &report.analytics[2];
    assert_eq!((a.cache_hits, a.cache_misses, a.avg_response_time), (3, 1, 50.0));
}

#[test]
fn the_figures_of_a_line_are_what_they_are_called() {
    // Each is documented; each has a divisor that may be zero.
    use Figure::{AgeMs, Charged, Cold, Failed, FilledSlots, Full, PaidSlots, Worth};
    let counted = figures(&[
        (Full, 3),
        (Cold, 1),
        (Failed, 5),
        (AgeMs, 60_000),
        (Charged, 2),
        (Worth, 10),
        (PaidSlots, 500),
        (FilledSlots, 125),
    ]);
    let elapsed = Duration::from_millis(600);
    let (key, credits, assumed) = (String::new(), Credits::new(3), Credits::ZERO);
    let total = Total { key, credits, calls: 3, assumed, elapsed };
    let line = UsageLine::new("x", Some(&total), &counted, false);
    assert_eq!((line.answers, line.failed, line.hit_rate), (4, 5, Some(0.75)));
    assert_eq!((line.call_ms, line.age_s), (Some(200.0), Some(15.0)));
    assert_eq!((line.saved, line.credits_per_1000), (8, Some(500.0)));
    assert_eq!(line.unused_slots, Some(0.75));
    let whole = UsageLine::new("x", Some(&total), &counted, true);
    assert_eq!((whole.saved, whole.credits_per_1000), (7, Some(750.0)));
    let dear = UsageLine::new("x", None, &figures(&[(Charged, 9), (Worth, 1)]), false);
    assert_eq!((dear.saved, dear.credits_per_1000, dear.call_ms), (-8, None, None));
}

#[test]
fn the_columns_of_the_files_are_a_contract() {
    // Spreadsheets and scripts name them.
    let (from, until) = (String::new(), String::new());
    let line = UsageLine { key: "a,\"b\"".to_owned(), credits: 1, saved: -2, ..Default::default() };
    let (by, wasted) = (TallyBy::Day, Wasted::default());
    let lines = vec![line];
    let report = UsageReport { form: 1, from, until, by, lines, sum: UsageLine::default(), wasted };
    assert_eq!(
        report.csv(),
        "key,credits,calls,assumed,call_ms,answers,full,partial,cold,stale,failed,hit_rate,\
         answer_ms,age_s,charged,worth,saved,credits_per_1000,paid_slots,filled_slots,\
         unused_slots\r\n\
         \"a,\"\"b\"\"\",1,0,0,,0,0,0,0,0,0,,,,0,0,-2,,0,0,\r\n\
         ,0,0,0,,0,0,0,0,0,0,,,,0,0,0,,0,0,\r\n"
    );
    let posting = Posting {
        id: PostingId::from_bytes([1; 16]),
        at: NOON,
        account: "upstream".into(),
        operation: "/v1/x".into(),
        n_keys: 2,
        reserved: Credits::new(4),
        charged: Credits::new(3),
        assumed: true,
        elapsed_ms: 5,
        outcome: "ok".into(),
    };
    let first = postings_csv(std::slice::from_ref(&posting), true);
    let (heading, row) = first.split_once("\r\n").unwrap();
    assert_eq!(
        heading,
        "id,at,account,operation,n_keys,reserved,charged,assumed,elapsed_ms,outcome"
    );
    assert!(row.ends_with(",2026-10-05T12:00:00.000Z,upstream,/v1/x,2,4,3,true,5,ok\r\n"), "{row}");
    assert_eq!(postings_csv(&[posting], false), row);
}

#[test]
fn words_are_read_and_wrong_ones_are_named() {
    // A filter with a typo must not answer for everybody.
    let read = |raw: &str| ReportAsk::read(&Words::of(raw), NOON);
    let ask = read("since=2h&until=2026-10-05T11:30:00Z&by=hour").unwrap();
    let (from, until) = ask.span();
    assert_eq!(from.to_string(), "2026-10-05T10:00:00.000Z");
    assert_eq!(until.to_string(), "2026-10-05T12:00:00.000Z");
    assert_eq!(ask.by, TallyBy::Hour);
    assert_eq!(read("").unwrap().from, NOON.before(REPORT_DEFAULT));
    for (raw, word) in [
        ("sinse=7d", "sinse"),
        ("since=yesterday", "yesterday"),
        ("by=coin", "coin"),
        ("since=1h&until=2h", "ends before"),
    ] {
        let refused = read(raw).unwrap_err();
        assert!(refused.contains(word), "{raw}: {refused}");
    }
    let cursor = Cursor { at: NOON, id: PostingId::from_bytes([7; 16]) };
    let words = Words::default()
        .with("client", Some("web"))
        .with("operation", Some("/v1/x y&z"))
        .with("limit", None::<u32>)
        .with("after", Some(cursor_text(cursor)));
    let words = Words::of(&words.to_query());
    let ask = LedgerAsk::read(&words, NOON).unwrap();
    assert_eq!(ask.filter.operation.as_deref(), Some("/v1/x y&z"));
    assert_eq!(ask.filter.account.as_deref(), Some("web"));
    assert_eq!(ask.page.after, Some(cursor));
    for raw in ["after=7", "limit=many", "assumed=perhaps", "coin=x"] {
        LedgerAsk::read(&Words::of(raw), NOON).unwrap_err();
    }
    assert!(Words::of("format=csv").is_csv().unwrap());
    Words::of("format=xml").is_csv().unwrap_err();
}

fn totals_of_the_market(call: &Call) -> scripted::Scripted {
    match call.path() {
        GLOBAL => Ok(scripted::reply(r#"{"btc_dominance":58.10}"#, 1)),
        other => Err(scripted::refusal(400, 400, other)),
    }
}

async fn started(clock: &Arc<ManualClock>) -> Cmcache {
    let upstream = ScriptedUpstream::answering(totals_of_the_market);
    let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(clock);
    let options =
        Options { upstream: Some(Arc::new(upstream)), clock: Some(clock), ..Options::default() };
    Cmcache::start(Config::in_memory(), options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_whole_and_counts_every_answer_where_it_was_given() {
    // Hits that are answered the short way are most of all answers.
    let clock = Arc::new(ManualClock::at(NOON));
    let cmcache = started(&clock).await;
    let query = cmcache.parse("GET", GLOBAL, "", bytes::Bytes::new()).unwrap();
    cmcache.answer_as(GLOBAL, &query, &Terms::default()).await.unwrap();
    clock.advance(Duration::from_secs(30));
    cmcache.peek(GLOBAL).unwrap();
    cmcache.peek(GLOBAL).unwrap();
    cmcache.get("/v1/cryptocurrency/categories").await.unwrap_err();
    let ask = ReportAsk::since(clock.now(), Duration::from_secs(3_600), TallyBy::Operation);
    let report = cmcache.report(&ask).await.unwrap();
    let sum = &report.sum;
    assert_eq!((sum.answers, sum.full, sum.cold, sum.failed), (3, 2, 1, 1), "{report:?}");
    assert_eq!((sum.credits, sum.charged, sum.worth, sum.saved), (1, 1, 3, 2));
    assert_eq!((sum.age_s, sum.hit_rate), (Some(20.0), Some(2.0 / 3.0)));
    assert_eq!(report.lines[0].key, GLOBAL);
    let hours = ReportAsk { by: TallyBy::Hour, ..ask.clone() };
    let hours = cmcache.report(&hours).await.unwrap();
    let keys: Vec<_> = hours.lines.iter().map(|line| (&*line.key, line.credits)).collect();
    assert_eq!(keys, [("2026-10-05T12", 1)]);
    let guide = cmcache.guide_report(&ask).await.unwrap();
    assert_eq!(guide.efficiency[0].cache_hit_rate, 66.67);
    assert_eq!(cmcache.forecast().await.unwrap().forecast, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_faster_than_upstream_tells_is_found_as_waste() {
    // Known waste, planted: a quarter of the cadence after the last call, three quarters of the
    // next credit bring nothing new.
    let clock = Arc::new(ManualClock::at(NOON));
    let cmcache = started(&clock).await;
    let cadence = cmcache
        .catalogue()
        .find(cmc_api::Method::Get, GLOBAL)
        .and_then(|operation| operation.cadence)
        .unwrap();
    let query = cmcache.parse("GET", GLOBAL, "", bytes::Bytes::new()).unwrap();
    let fresh = Terms { max_age: Some(Duration::ZERO), ..Terms::default() };
    cmcache.answer(&query, &fresh).await.unwrap();
    clock.advance(cadence / 4);
    cmcache.answer(&query, &fresh).await.unwrap();
    clock.advance(cadence);
    cmcache.answer(&query, &fresh).await.unwrap();
    let ask = ReportAsk::since(clock.now(), Duration::from_secs(3_600), TallyBy::Operation);
    let report = cmcache.report(&ask).await.unwrap();
    assert_eq!(report.sum.credits, 3);
    assert!((report.wasted.below_cadence - 0.75).abs() < 1e-9, "{:?}", report.wasted);
}
