//! What is asked and answered, counted: by minute and query for the record of demand, by hour and
//! operation for reports.
//!
//! A request touches one cell of one shard. Once a minute, and before every report, the cells are
//! taken out and added up; the sums of an hour are written as a whole, so that a write that is
//! repeated counts nothing twice. A sudden death loses a minute of counts, and never a credit:
//! those are in the journal.

mod hours;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clock::Timestamp;
use cmc_api::Query;
use credits::{Figure, Figures, LedgerError, Tally, TallyBook};
use engine::{Answer, CacheState};
use tokio::sync::Semaphore;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::demand::Recorder;
use hours::Hours;

const SHARDS: usize = 16;
/// Cells of a shard between two collections; what comes beyond is counted without its query.
const CELLS_PER_SHARD_MAX: usize = if cfg!(test) { 64 } else { 4_096 };
const MINUTE_MS: i64 = 60_000;

/// Under which operations are counted that no catalogue lists: their paths are a client's words.
const UNKNOWN: &str = "unknown";

/// One question of one client in one minute.
#[derive(Debug)]
struct Cell {
    query: Arc<Query>,
    client: Option<Arc<str>>,
    minute: i64,
    /// Whether the query is that of every request in it.
    is_exact: bool,
    figures: Figures,
}

type Shard = HashMap<u64, Cell>;

/// Counts what is asked and answered.
#[derive(Debug)]
pub(crate) struct Usage {
    shards: Vec<Mutex<Shard>>,
    seed: u64,
    /// One collection at a time: an older sum must not be written over a newer one.
    turn: Semaphore,
    sums: Mutex<Hours>,
    recorder: Option<Mutex<Recorder>>,
}

/// Who asked what, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) query: &'a Arc<Query>,
    pub(crate) client: Option<&'a Arc<str>>,
    pub(crate) at: Timestamp,
}

impl Usage {
    /// Nothing yet. `account` is whose budget it concerns.
    pub(crate) fn new(account: &Arc<str>, recorder: Option<Recorder>) -> Self {
        let instance = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let hours = Hours::new(Arc::clone(account), instance.into());
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            seed: fastrand::u64(..),
            turn: Semaphore::new(1),
            sums: Mutex::new(hours),
            recorder: recorder.map(Mutex::new),
        }
    }

    /// Counts an answer that took `elapsed`.
    pub(crate) fn answered(&self, answer: &Answer, client: Option<&Arc<str>>, elapsed: Duration) {
        let figure = match answer.cache {
            CacheState::Full => Figure::Full,
            CacheState::Partial => Figure::Partial,
            CacheState::Cold => Figure::Cold,
            CacheState::Stale => Figure::Stale,
        };
        let asked = Asked { query: &answer.query, client, at: answer.at };
        self.count(asked, |figures| {
            figures.add(figure, 1);
            figures.add(Figure::ElapsedUs, whole(elapsed.as_micros()));
            figures.add(Figure::AgeMs, whole(answer.age.as_millis()));
            figures.add(Figure::Charged, answer.charged.get());
            figures.add(Figure::Worth, answer.worth.get());
        });
    }

    /// Counts a request that got no answer.
    pub(crate) fn failed(&self, asked: Asked<'_>) {
        self.count(asked, |figures| figures.add(Figure::Failed, 1));
    }

    fn count(&self, asked: Asked<'_>, add: impl FnOnce(&mut Figures)) {
        let minute = asked.at.as_millis().div_euclid(MINUTE_MS);
        let seed = self.seed ^ minute.unsigned_abs();
        let seed = asked.client.map_or(seed, |client| xxh3_64_with_seed(client.as_bytes(), seed));
        let canonical = asked.query.canonical();
        let hash = xxh3_64_with_seed(canonical.as_bytes(), seed);
        let place = usize::try_from(hash >> 32).unwrap_or(0) % SHARDS;
        let mut shard = self.shards[place].lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = shard.len() >= CELLS_PER_SHARD_MAX;
        let is_exact = !is_full || shard.contains_key(&hash);
        let key = match is_exact {
            true => hash,
            // One cell for each operation that is counted.
            false => xxh3_64_with_seed(name(asked.query).as_bytes(), seed),
        };
        let cell = shard.entry(key).or_insert_with(|| Cell {
            query: Arc::clone(asked.query),
            client: asked.client.cloned(),
            minute,
            is_exact,
            figures: Figures::ZERO,
        });
        add(&mut cell.figures);
    }

    /// Adds up what was counted, here and of `calls` since the start, and writes it.
    ///
    /// # Errors
    ///
    /// The book does not take it: it is written the next time.
    pub(crate) async fn collect(
        &self,
        calls: Vec<(Arc<str>, Figures)>,
        book: &dyn TallyBook,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        // It is never closed.
        let _turn = self.turn.acquire().await;
        let cells = self.take();
        if let Some(recorder) = &self.recorder {
            record(&mut recorder.lock().unwrap_or_else(PoisonError::into_inner), &cells, now);
        }
        let grown = self.add_up(&cells, calls, now);
        book.keep(&grown).await?;
        self.sums().written(now);
        Ok(())
    }

    /// The sums that have grown since they were written.
    fn add_up(
        &self,
        cells: &[Cell],
        calls: Vec<(Arc<str>, Figures)>,
        now: Timestamp,
    ) -> Vec<Tally> {
        let mut sums = self.sums();
        for cell in cells {
            let minute = Timestamp::from_millis(cell.minute * MINUTE_MS);
            let client = cell.client.clone().unwrap_or_default();
            sums.add(minute, (name(&cell.query), client), &cell.figures);
        }
        sums.add_calls(now, calls);
        sums.grown()
    }

    fn sums(&self) -> MutexGuard<'_, Hours> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Cell> {
        let take = |shard: &Mutex<Shard>| {
            std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner))
        };
        self.shards.iter().flat_map(|shard| take(shard).into_values()).collect()
    }
}

/// Writes what was asked into the record of demand.
fn record(recorder: &mut Recorder, cells: &[Cell], now: Timestamp) {
    let mut minutes: Vec<i64> = cells.iter().map(|cell| cell.minute).collect();
    minutes.sort_unstable();
    minutes.dedup();
    for minute in minutes {
        let (mut asked, mut omitted) = (Vec::new(), 0);
        for cell in cells.iter().filter(|cell| cell.minute == minute) {
            let n = cell.figures.answers() + cell.figures[Figure::Failed];
            // Paths and parameters that nobody knows may hold anything.
            if cell.is_exact && cell.query.operation.known {
                asked.push((cell.query.canonical(), n));
            } else {
                omitted += n;
            }
        }
        let at = Timestamp::from_millis(minute * MINUTE_MS);
        if let Err(error) = recorder.record(at, &asked, omitted) {
            tracing::warn!(%error, "the record of demand lacks a minute");
        }
    }
    recorder.tidy(now);
}

fn name(query: &Query) -> Arc<str> {
    if query.operation.known { Arc::clone(&query.operation.path) } else { UNKNOWN.into() }
}

fn whole(amount: u128) -> u64 {
    u64::try_from(amount).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
