//! What is found when all is over: the bill, the books, and what the store has counted.

use std::{fmt, time::Duration};

use clock::Timestamp;
use credits::{Filter, GroupBy, Ledger, Usage, UsageAsk};
use store_sql::{SqlConfig, SqlStore};

use super::{
    BUDGET, LIMIT, N_PROCESSES, SPENT_MIN,
    child::{LEDGER, Orders},
    store::{self, Store},
    watch::NOON,
};

/// When every hold that anybody ever made is over.
const LATER: Timestamp = Timestamp::from_millis(NOON.as_millis() + 3 * 3_600_000);

/// The numbers of a run.
#[derive(Debug)]
pub(super) struct Found {
    /// The simulator's own.
    bill: u64,
    /// The sum of all postings.
    ledger: u64,
    /// The part of it that stands in for what nobody knows.
    assumed: u64,
    /// What the store has counted.
    counted: u64,
    n_kills: u64,
    took: Duration,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bill, ledger, assumed, counted, n_kills, took } = self;
        write!(
            f,
            "{bill} billed, {ledger} booked ({assumed} of them assumed), {counted} counted, \
             {n_kills} kills, {took:.1?}"
        )
    }
}

impl Found {
    pub(super) fn check(&self, seed: u64) {
        let Self { bill, ledger, assumed, counted, .. } = *self;
        assert!(bill <= LIMIT, "seed {seed}: overspent: {self:?}");
        assert!(ledger <= LIMIT, "seed {seed}: booked more than there was: {self:?}");
        // What is not assumed is exact; what is assumed is not below the truth.
        assert!((ledger - assumed..=ledger).contains(&bill), "seed {seed}: {self:?}");
        assert!(ledger >= SPENT_MIN, "seed {seed}: not all could be spent: {self:?}");
        assert!((ledger..=LIMIT).contains(&counted), "seed {seed}: {self:?}");
    }
}

pub(super) async fn audit(
    store: &Store,
    orders: &Orders,
    bill: u64,
    n_kills: u64,
    took: Duration,
) -> Found {
    let (mut ledger, mut assumed) = (0, 0);
    for number in 0..N_PROCESSES {
        let file = orders.folder.join(number.to_string()).join(LEDGER);
        let books = SqlStore::open(SqlConfig::sqlite(file)).await.unwrap();
        let totals = books.ledger().totals(&Filter::default(), GroupBy::All).await.unwrap();
        for total in totals {
            ledger += total.credits.get();
            assumed += total.assumed.get();
        }
        books.close().await;
    }
    let usage = counted(store, &orders.run).await;
    assert_eq!((usage.reserved.get(), usage.n_open), (0, 0), "{usage:?}");
    Found { bill, ledger, assumed, counted: usage.month.get(), n_kills, took }
}

async fn counted(store: &Store, run: &str) -> Usage {
    let meter = store::meter(&store.url_through(store.authority())).await;
    let ask = UsageAsk { account: run.into(), at: LATER, anchor: BUDGET.anchor };
    meter.usage(&ask).await.unwrap()
}
