//! `PostgreSQL`: many writers, versions of rows, partitions by month.

mod connection;
mod frames;
mod leases;
mod meter;
mod partitions;
mod postings;
mod tallies;

use std::fmt;

use async_trait::async_trait;
use cache_tiers::{Key, Timestamp};
use credits::{Cursor, Filter, GroupBy, Posting, Tally, TallyBy, TallyFilter};
use sqlx::postgres::PgConnectOptions;

use crate::{
    Question,
    database::{Database, FrameRow, Side, SumRow, UseRow},
    leases::{LeaseRow, Turn},
    maintain::{Maintained, Plan},
    meter::{Outcome, Step},
    server::Server,
    tallies::TallyRow,
};

/// A database on a server.
pub(crate) struct Postgres {
    server: Server<sqlx::Postgres>,
    /// For connections beside the pool.
    options: PgConnectOptions,
}

/// Without the options, which hold a password.
impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("server", &self.server).finish_non_exhaustive()
    }
}

#[async_trait]
impl Database for Postgres {
    fn has_replica(&self) -> bool {
        self.server.has_replica()
    }

    async fn frames(&self, keys: &[Key]) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
        frames::get(&self.server, keys).await
    }

    async fn put_frames(&self, rows: &[FrameRow]) -> sqlx::Result<()> {
        frames::put(&self.server, rows).await
    }

    async fn remove_frames(&self, keys: &[Key]) -> sqlx::Result<()> {
        frames::remove(&self.server, keys).await
    }

    async fn prune_frames(&self, now: Timestamp, n_max: usize) -> sqlx::Result<u64> {
        frames::prune(&self.server, now, n_max).await
    }

    async fn turn_leases(&self, turn: &Turn<'_>) -> sqlx::Result<Vec<LeaseRow>> {
        leases::run(&self.server, turn).await
    }

    async fn prune_leases(&self, memory_ms: i64, n_max: usize) -> sqlx::Result<()> {
        leases::prune(&self.server, memory_ms, n_max).await
    }

    async fn meter(&self, step: &Step<'_>) -> sqlx::Result<Outcome> {
        meter::run(&self.server, step).await
    }

    async fn prune_meter(&self, before: Timestamp) -> sqlx::Result<()> {
        meter::prune(&self.server, before.as_millis()).await
    }

    async fn post(&self, postings: &[Posting]) -> sqlx::Result<()> {
        postings::post(&self.server, postings).await
    }

    async fn postings(
        &self,
        side: Side,
        filter: &Filter,
        after: Option<Cursor>,
        n_max: usize,
    ) -> sqlx::Result<Vec<Posting>> {
        let mut connection = self.server.reading(side).await?;
        postings::query(&mut connection, filter, after, n_max).await
    }

    async fn sums(&self, side: Side, filter: &Filter, by: GroupBy) -> sqlx::Result<Vec<SumRow>> {
        let mut connection = self.server.reading(side).await?;
        postings::sums(&mut connection, filter, by).await
    }

    async fn uses(
        &self,
        side: Side,
        filter: &Filter,
        by_day: bool,
        n_max: usize,
    ) -> sqlx::Result<Vec<UseRow>> {
        let mut connection = self.server.reading(side).await?;
        postings::uses(&mut connection, filter, by_day, n_max).await
    }

    async fn explain(
        &self,
        side: Side,
        filter: &Filter,
        question: Question,
    ) -> sqlx::Result<String> {
        let mut connection = self.server.reading(side).await?;
        postings::explain(&mut connection, filter, question).await
    }

    async fn keep_tallies(&self, tallies: &[&Tally]) -> sqlx::Result<()> {
        tallies::keep(&self.server, tallies).await
    }

    async fn tally_sums(
        &self,
        side: Side,
        filter: &TallyFilter,
        by: TallyBy,
    ) -> sqlx::Result<Vec<TallyRow>> {
        let mut connection = self.server.reading(side).await?;
        tallies::sums(&mut connection, filter, by).await
    }

    async fn maintain(&self, plan: &Plan) -> sqlx::Result<Maintained> {
        self.server.ready().await?;
        partitions::maintain(&self.options, plan).await
    }

    async fn close(&self) {
        self.server.close().await;
    }
}
