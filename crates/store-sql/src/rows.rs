//! What the dialects do alike to rows.

use std::{collections::HashSet, ops::Range, sync::Arc};

use cache_tiers::Timestamp;
use credits::{Credits, Filter, Posting, PostingId};
use sqlx::{ColumnIndex, Decode, Encode, QueryBuilder, Row, Type};

use crate::{database::FrameRow, limits};

/// What every dialect reads and writes.
pub(crate) trait Plain<DB: sqlx::Database>: for<'q> Encode<'q, DB> + Type<DB> {}
impl<DB: sqlx::Database, T: for<'q> Encode<'q, DB> + Type<DB>> Plain<DB> for T {}

/// Pushes the conditions of a filter, each after an `AND`.
pub(crate) fn narrow<DB: sqlx::Database>(query: &mut QueryBuilder<DB>, filter: &Filter)
where
    i64: Plain<DB>,
    bool: Plain<DB>,
    String: Plain<DB>,
{
    if let Some(from) = filter.from {
        query.push(" AND at_ms >= ").push_bind(from.as_millis());
    }
    if let Some(until) = filter.until {
        query.push(" AND at_ms < ").push_bind(until.as_millis());
    }
    let words = [
        (" AND account = ", &filter.account),
        (" AND operation = ", &filter.operation),
        (" AND outcome = ", &filter.outcome),
    ];
    for (condition, word) in words {
        if let Some(word) = word {
            query.push(condition).push_bind(word.as_ref().to_owned());
        }
    }
    if let Some(assumed) = filter.assumed {
        query.push(" AND assumed = ").push_bind(assumed);
    }
}

/// A posting whose amounts fit their columns.
#[derive(Clone, Copy)]
pub(crate) struct Amounts<'a> {
    pub(crate) posting: &'a Posting,
    pub(crate) reserved: i64,
    pub(crate) charged: i64,
}

impl<'a> Amounts<'a> {
    /// All of a batch, each id once, in the order of their ids.
    pub(crate) fn of_all(postings: &'a [Posting]) -> sqlx::Result<Vec<Self>> {
        let mut seen = HashSet::with_capacity(postings.len());
        let new = postings.iter().filter(|posting| seen.insert(posting.id));
        let mut rows = new.map(Self::of).collect::<sqlx::Result<Vec<_>>>()?;
        rows.sort_by_key(|row| row.posting.id);
        Ok(rows)
    }

    fn of(posting: &'a Posting) -> sqlx::Result<Self> {
        let fit = |amount: Credits| {
            i64::try_from(amount.get()).map_err(|error| sqlx::Error::Encode(error.into()))
        };
        Ok(Self { posting, reserved: fit(posting.reserved)?, charged: fit(posting.charged)? })
    }
}

/// Reads the columns after the id: at, account, operation, keys, reserved, charged, assumed,
/// elapsed, outcome.
pub(crate) fn posting<'r, R: Row>(id: PostingId, row: &'r R) -> sqlx::Result<Posting>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    &'r str: Decode<'r, R::Database> + Type<R::Database>,
{
    let word = |index: usize| row.try_get::<&str, _>(index).map(Arc::<str>::from);
    let small = |index: usize| row.try_get::<i64, _>(index).and_then(fitting::<u32>);
    let amount =
        |index: usize| row.try_get::<i64, _>(index).and_then(fitting::<u64>).map(Credits::new);
    Ok(Posting {
        id,
        at: Timestamp::from_millis(row.try_get(1)?),
        account: word(2)?,
        operation: word(3)?,
        n_keys: small(4)?,
        reserved: amount(5)?,
        charged: amount(6)?,
        assumed: row.try_get(7)?,
        elapsed_ms: small(8)?,
        outcome: word(9)?,
    })
}

pub(crate) fn fitting<T: TryFrom<i64>>(number: i64) -> sqlx::Result<T> {
    T::try_from(number).map_err(|_| sqlx::Error::Decode("a number out of its range".into()))
}

/// Bounded by rows and, but for a first row that is too big alone, by bytes.
pub(crate) fn statements(mut rows: &[FrameRow]) -> impl Iterator<Item = &[FrameRow]> {
    std::iter::from_fn(move || {
        let mut n_bytes = 0;
        let fits = |row: &&FrameRow| {
            n_bytes += row.frame.len();
            n_bytes <= limits::BYTES_PER_STATEMENT_MAX
        };
        let n_fitting = rows.iter().take(limits::ROWS_PER_STATEMENT_MAX).take_while(fits).count();
        let (now, later) = rows.split_at(n_fitting.max(1).min(rows.len()));
        rows = later;
        (!now.is_empty()).then_some(now)
    })
}

/// Cuts into parts whose lengths are powers of two, the longest first: statements with a place for
/// each row then have few texts, and stay prepared.
pub(crate) fn powers_of_two<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = 1_usize << rows.len().checked_ilog2()?;
        let (now, later) = rows.split_at(length);
        rows = later;
        Some(now)
    })
}

/// Year times twelve plus the month from zero, UTC.
pub(crate) fn month(at: Timestamp) -> i64 {
    let text = at.to_string();
    let number = |range: Range<usize>| text[range].parse::<i64>().unwrap_or(0);
    number(0..4) * 12 + number(5..7) - 1
}

#[cfg(test)]
mod tests;
