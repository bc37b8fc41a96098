//! `SQLite`: one writer, several readers, a write-ahead log between them.

mod connection;
mod frames;
mod leases;
mod meter;
mod postings;
mod tallies;
mod writing;

use async_trait::async_trait;
use cache_tiers::{Key, Timestamp};
use credits::{Cursor, Filter, GroupBy, Posting, Tally, TallyBy, TallyFilter};
use sqlx::SqlitePool;

use crate::{
    Question,
    database::{Database, FrameRow, Side, SumRow, UseRow},
    leases::{LeaseRow, Turn},
    maintain::{Maintained, Plan},
    meter::{Outcome, Step},
    tallies::TallyRow,
};

/// An open file. A second writing connection would only wait for the first one's lock, and
/// deadlock where it upgrades; so there is one, and the pool is its queue.
#[derive(Debug)]
pub(crate) struct Sqlite {
    writer: SqlitePool,
    reader: SqlitePool,
}

#[async_trait]
impl Database for Sqlite {
    fn is_shared(&self) -> bool {
        false
    }

    async fn frames(&self, keys: &[Key]) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
        frames::get(&self.reader, keys).await
    }

    async fn put_frames(&self, rows: &[FrameRow]) -> sqlx::Result<()> {
        frames::put(&self.writer, rows).await
    }

    async fn remove_frames(&self, keys: &[Key]) -> sqlx::Result<()> {
        frames::remove(&self.writer, keys).await
    }

    async fn prune_frames(&self, now: Timestamp, n_max: usize) -> sqlx::Result<u64> {
        frames::prune(&self.writer, now, n_max).await
    }

    async fn turn_leases(&self, turn: &Turn<'_>) -> sqlx::Result<Vec<LeaseRow>> {
        leases::run(&self.writer, turn).await
    }

    async fn prune_leases(&self, memory_ms: i64, n_max: usize) -> sqlx::Result<()> {
        leases::prune(&self.writer, memory_ms, n_max).await
    }

    async fn meter(&self, step: &Step<'_>) -> sqlx::Result<Outcome> {
        meter::run(&self.writer, step).await
    }

    async fn prune_meter(&self, before: Timestamp) -> sqlx::Result<()> {
        meter::prune(&self.writer, before.as_millis()).await
    }

    async fn post(&self, postings: &[Posting]) -> sqlx::Result<()> {
        postings::post(&self.writer, postings).await
    }

    async fn postings(
        &self,
        _: Side,
        filter: &Filter,
        after: Option<Cursor>,
        n_max: usize,
    ) -> sqlx::Result<Vec<Posting>> {
        postings::query(&self.reader, filter, after, n_max).await
    }

    async fn sums(&self, _: Side, filter: &Filter, by: GroupBy) -> sqlx::Result<Vec<SumRow>> {
        postings::sums(&self.reader, filter, by).await
    }

    async fn uses(
        &self,
        _: Side,
        filter: &Filter,
        by_day: bool,
        n_max: usize,
    ) -> sqlx::Result<Vec<UseRow>> {
        postings::uses(&self.reader, filter, by_day, n_max).await
    }

    async fn explain(&self, _: Side, filter: &Filter, question: Question) -> sqlx::Result<String> {
        postings::explain(&self.reader, filter, question).await
    }

    async fn keep_tallies(&self, tallies: &[&Tally]) -> sqlx::Result<()> {
        tallies::keep(&self.writer, tallies).await
    }

    async fn tally_sums(
        &self,
        _: Side,
        filter: &TallyFilter,
        by: TallyBy,
    ) -> sqlx::Result<Vec<TallyRow>> {
        tallies::sums(&self.reader, filter, by).await
    }

    async fn maintain(&self, plan: &Plan) -> sqlx::Result<Maintained> {
        let deleted = postings::delete(&self.writer, plan).await?;
        tallies::delete(&self.writer, plan).await?;
        Ok(Maintained { deleted, ..Maintained::default() })
    }

    async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
