use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use cmc_api::Catalogue;
use credits::{ErrorKind, MemoryTallies, Tally, TallyBy, TallyFilter};

use super::*;
use crate::demand::{Minutes, RecorderLimits};

const QUOTES: &str = "/v3/cryptocurrency/quotes/latest";
const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);
const HOUR: Duration = Duration::from_secs(3_600);

fn query(path: &str, raw: &str) -> Arc<Query> {
    Arc::new(Query::parse(&Catalogue::embedded(), "GET", path, raw, Bytes::new()).unwrap())
}

fn usage(recorder: Option<Recorder>) -> Usage {
    Usage::new(&"upstream".into(), recorder)
}

fn fail(usage: &Usage, query: &Arc<Query>, client: Option<&Arc<str>>, at: Timestamp) {
    usage.failed(Asked { query, client, at });
}

async fn sums(book: &MemoryTallies, by: TallyBy) -> Vec<(String, u64)> {
    let sums = book.sums(&TallyFilter::default(), by).await.unwrap();
    sums.into_iter().map(|(key, figures)| (key, figures[Figure::Failed])).collect()
}

/// A book that can be away.
#[derive(Debug, Default)]
struct Moody {
    book: MemoryTallies,
    is_away: AtomicBool,
    /// Takes everything, and says that it did not.
    is_forgetful: AtomicBool,
}

#[async_trait]
impl TallyBook for Moody {
    async fn keep(&self, tallies: &[Tally]) -> Result<(), LedgerError> {
        let error =
            || LedgerError { operation: "keep", kind: ErrorKind::Unavailable, source: None };
        if self.is_away.load(Ordering::Relaxed) {
            return Err(error());
        }
        self.book.keep(tallies).await?;
        if self.is_forgetful.load(Ordering::Relaxed) { Err(error()) } else { Ok(()) }
    }

    async fn sums(
        &self,
        filter: &TallyFilter,
        by: TallyBy,
    ) -> Result<Vec<(String, Figures)>, LedgerError> {
        self.book.sums(filter, by).await
    }
}

#[tokio::test]
async fn hours_operations_and_clients_are_told_apart() {
    // A report that mixes them up blames the wrong one.
    let (usage, book) = (usage(None), MemoryTallies::new());
    let (quotes, map) = (query(QUOTES, "id=1"), query("/v1/cryptocurrency/map", ""));
    let client: Arc<str> = "desk".into();
    fail(&usage, &quotes, None, NOON);
    fail(&usage, &quotes, Some(&client), NOON);
    fail(&usage, &query(QUOTES, "id=2"), Some(&client), NOON.after(HOUR));
    fail(&usage, &map, None, NOON.after(HOUR));
    usage.collect(Vec::new(), &book, NOON.after(HOUR)).await.unwrap();
    let operations = [("/v1/cryptocurrency/map".to_owned(), 1), (QUOTES.to_owned(), 3)];
    assert_eq!(sums(&book, TallyBy::Operation).await, operations);
    assert_eq!(sums(&book, TallyBy::Client).await, [(String::new(), 2), ("desk".to_owned(), 2)]);
    let hours = [("2026-10-05T12".to_owned(), 2), ("2026-10-05T13".to_owned(), 2)];
    assert_eq!(sums(&book, TallyBy::Hour).await, hours);
}

#[tokio::test]
async fn a_book_that_is_away_or_forgets_its_word_costs_no_count_and_doubles_none() {
    // Databases restart; whether the last write came through is often unknown.
    let (usage, book, quotes) = (usage(None), Moody::default(), query(QUOTES, "id=1"));
    book.is_away.store(true, Ordering::Relaxed);
    fail(&usage, &quotes, None, NOON);
    usage.collect(Vec::new(), &book, NOON).await.unwrap_err();
    book.is_away.store(false, Ordering::Relaxed);
    book.is_forgetful.store(true, Ordering::Relaxed);
    fail(&usage, &quotes, None, NOON.after(3 * HOUR));
    usage.collect(Vec::new(), &book, NOON.after(3 * HOUR)).await.unwrap_err();
    book.is_forgetful.store(false, Ordering::Relaxed);
    for _ in 0..3 {
        usage.collect(Vec::new(), &book, NOON.after(3 * HOUR)).await.unwrap();
    }
    let hours = [("2026-10-05T12".to_owned(), 1), ("2026-10-05T15".to_owned(), 1)];
    assert_eq!(sums(&book.book, TallyBy::Hour).await, hours);
}

#[tokio::test]
async fn counters_of_calls_are_booked_by_what_they_grew() {
    // The engine counts since its start; an hour must get its own part.
    let (usage, book) = (usage(None), MemoryTallies::new());
    let told = |slots| {
        let mut figures = Figures::ZERO;
        figures.add(Figure::PaidSlots, slots);
        vec![(Arc::from(QUOTES), figures)]
    };
    for (hours, slots) in [(0, 250), (0, 500), (1, 750), (2, 750)] {
        usage.collect(told(slots), &book, NOON.after(hours * HOUR)).await.unwrap();
    }
    let sums = book.sums(&TallyFilter::default(), TallyBy::Hour).await.unwrap();
    let slots: Vec<u64> = sums.iter().map(|(_, figures)| figures[Figure::PaidSlots]).collect();
    assert_eq!(slots, [500, 250]);
}

#[tokio::test]
async fn memory_is_bounded_and_no_request_goes_uncounted() {
    // A scanner asks for another coin each time.
    let (usage, book) = (usage(None), MemoryTallies::new());
    let n_asked = 2 * SHARDS as u64 * CELLS_PER_SHARD_MAX as u64;
    for number in 0..n_asked {
        fail(&usage, &query(QUOTES, &format!("id={}", number + 1)), None, NOON);
    }
    let n_cells: usize = usage.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
    assert!(n_cells <= SHARDS * (CELLS_PER_SHARD_MAX + 8), "{n_cells}");
    usage.collect(Vec::new(), &book, NOON).await.unwrap();
    assert_eq!(sums(&book, TallyBy::Operation).await, [(QUOTES.to_owned(), n_asked)]);
}

#[tokio::test]
async fn the_record_holds_what_was_asked_and_no_word_of_an_unknown_path() {
    // What a client invents may hold its key; the record lies on disk for a month.
    let dir = tempfile::tempdir().unwrap();
    let limits = RecorderLimits { retention: 24 * HOUR, bytes_max: 1 << 20 };
    let recorder = Recorder::open(dir.path().to_owned(), limits).unwrap();
    let (usage, book) = (usage(Some(recorder)), MemoryTallies::new());
    let keyed = query(QUOTES, "CMC_PRO_API_KEY=canary&id=1");
    for seconds in [0, 10, 61] {
        fail(&usage, &keyed, Some(&"canary".into()), NOON.after(Duration::from_secs(seconds)));
    }
    fail(&usage, &query("/v9/canary", "token=canary"), None, NOON);
    usage.collect(Vec::new(), &book, NOON).await.unwrap();
    let minutes = Minutes::read(dir.path(), Timestamp::EPOCH, Timestamp::MAX).unwrap();
    let minutes: Vec<_> = minutes.map(Result::unwrap).collect();
    let canonical = query(QUOTES, "id=1").canonical().to_owned();
    let asked: Vec<_> = minutes.iter().map(|minute| (minute.at, minute.omitted)).collect();
    assert_eq!(asked, [(NOON, 1), (NOON.after(Duration::from_secs(60)), 0)]);
    assert_eq!(minutes[0].asked, [(Arc::from(canonical.as_str()), 2)]);
    let text = std::fs::read_to_string(dir.path().join("2026-10-05.jsonl")).unwrap();
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(sums(&book, TallyBy::Operation).await[1].0, UNKNOWN);
}
