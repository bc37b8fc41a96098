//! What a dialect has to do. The tier and the ledger are written once, over this; a dialect is a
//! module with its own statements, connections and migrations.

use std::fmt::Debug;

use async_trait::async_trait;
use cache_tiers::{Key, Timestamp};
use credits::{Cursor, Filter, GroupBy, Posting, Tally, TallyBy, TallyFilter};

use crate::{
    Question,
    leases::{LeaseRow, Turn},
    limits,
    maintain::{Maintained, Plan},
    meter::{Outcome, Step},
    tallies::TallyRow,
};

/// An entry as it lies in a table.
#[derive(Debug)]
pub(crate) struct FrameRow {
    pub(crate) key: Key,
    pub(crate) version: i64,
    pub(crate) usable_until: i64,
    pub(crate) frame: Vec<u8>,
}

/// The sum of a group, as it comes out of a database.
#[derive(Debug)]
pub(crate) struct SumRow {
    pub(crate) group: Group,
    pub(crate) charged: i64,
    pub(crate) calls: i64,
    pub(crate) assumed: i64,
    pub(crate) elapsed_ms: i64,
}

/// What an operation took, as it comes out of a database.
#[derive(Debug)]
pub(crate) struct UseRow {
    pub(crate) operation: String,
    pub(crate) charged: i64,
    pub(crate) assumed: i64,
    pub(crate) elapsed_ms: i64,
    pub(crate) keys: i64,
    pub(crate) failed: i64,
    pub(crate) calls: i64,
    pub(crate) slowest_ms: i64,
    /// Since the epoch; zero where days do not matter.
    pub(crate) day: i64,
}

/// A group: a text, or the number of a day or month.
#[derive(Debug)]
pub(crate) enum Group {
    Text(String),
    Number(i64),
}

/// Where to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Where everything is written, too.
    Primary,
    /// A copy that may lag, if there is one.
    Replica,
}

/// Rows in, rows out. Batches may be of any size.
#[async_trait]
pub(crate) trait Database: Debug + Send + Sync + 'static {
    /// Whether other instances see the same tables.
    fn is_shared(&self) -> bool {
        true
    }
    /// The largest frame it takes.
    fn frame_bytes_max(&self) -> usize {
        limits::FRAME_BYTES_MAX
    }
    /// Whether there is another side than the primary.
    fn has_replica(&self) -> bool {
        false
    }
    /// Frames by key, in any order; what is not there is left out.
    async fn frames(&self, keys: &[Key]) -> sqlx::Result<Vec<(String, Vec<u8>)>>;
    /// Puts each unless a newer one is there. They come in the order of their keys, each once.
    async fn put_frames(&self, rows: &[FrameRow]) -> sqlx::Result<()>;
    /// Removes what is there.
    async fn remove_frames(&self, keys: &[Key]) -> sqlx::Result<()>;
    /// Removes at most `n_max` frames unusable at `now`; how many it were.
    async fn prune_frames(&self, now: Timestamp, n_max: usize) -> sqlx::Result<u64>;
    /// Changes leases in one transaction; the rows as they were before.
    async fn turn_leases(&self, turn: &Turn<'_>) -> sqlx::Result<Vec<LeaseRow>>;
    /// Removes at most `n_max` leases that ended longer ago than `memory_ms`.
    async fn prune_leases(&self, memory_ms: i64, n_max: usize) -> sqlx::Result<()>;
    /// One step of an account, in one transaction.
    async fn meter(&self, step: &Step<'_>) -> sqlx::Result<Outcome>;
    /// Forgets a few accounts that nobody has used since.
    async fn prune_meter(&self, before: Timestamp) -> sqlx::Result<()>;
    /// Inserts all or none; an id that is there is left as it is.
    async fn post(&self, postings: &[Posting]) -> sqlx::Result<()>;
    /// Newest first.
    async fn postings(
        &self,
        side: Side,
        filter: &Filter,
        after: Option<Cursor>,
        n_max: usize,
    ) -> sqlx::Result<Vec<Posting>>;
    /// Most expensive first; no group, no row.
    async fn sums(&self, side: Side, filter: &Filter, by: GroupBy) -> sqlx::Result<Vec<SumRow>>;
    /// What operations took; by day, too, or not.
    async fn uses(
        &self,
        side: Side,
        filter: &Filter,
        by_day: bool,
        n_max: usize,
    ) -> sqlx::Result<Vec<UseRow>>;
    /// How it would answer.
    async fn explain(
        &self,
        side: Side,
        filter: &Filter,
        question: Question,
    ) -> sqlx::Result<String>;
    /// Inserts all or none; of what is there the figures are replaced. They come in the order of
    /// their keys.
    async fn keep_tallies(&self, tallies: &[&Tally]) -> sqlx::Result<()>;
    /// In the order of the groups; no group, no row.
    async fn tally_sums(
        &self,
        side: Side,
        filter: &TallyFilter,
        by: TallyBy,
    ) -> sqlx::Result<Vec<TallyRow>>;
    /// Makes months ahead, drops those that are too old.
    async fn maintain(&self, plan: &Plan) -> sqlx::Result<Maintained>;
    /// Ends all connections in good order.
    async fn close(&self);
}
