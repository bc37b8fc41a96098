//! `bench-reserve`: what a reservation adds to a miss.
//!
//! A reservation and its end, with the journal on disk as in production, first counted in memory,
//! then drawn from blocks that were leased ahead in a real Redis. Rounds take turns, so that a
//! noisy neighbour disturbs all of them; the median round counts.
//!
//! Goals: less than 5 µs in memory without a journal; from a block, blocks leased anew included,
//! less than one round trip to that Redis, which is measured beside it. The exit code is 1 when one
//! is missed.
#![expect(clippy::print_stdout, reason = "a bench shows its result")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clock::{Clock, SystemClock};
use credits::{
    Account, AccountParts, BillingAnchor, Budget, Credits, FileJournal, Journal, LeaseTerms,
    MemoryLedger, MemoryMeter, Meter, NoJournal, Policy, Purpose, Settled, UsageAsk,
};
use harness::{RedisServer, scratch, stopwatch};
use store_redis::{RedisConfig, RedisStore};
use tokio::task::JoinSet;

const GOAL_MEMORY: Duration = Duration::from_micros(5);
const N_ROUNDS: usize = 9;
const N_CALLS: u32 = 4_000;
const N_TRIPS: u32 = 1_000;
const WELL: Settled = Settled { elapsed: Duration::from_millis(1), outcome: "ok" };

/// Limits that are looked at and never met.
const BUDGET: Budget = Budget {
    minute_calls: None,
    day: Some(Credits::new(1_000_000_000)),
    month: Some(Credits::new(1_000_000_000)),
    anchor: BillingAnchor::FIRST,
};

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.context("no runtime").and_then(|runtime| runtime.block_on(run())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            println!("bench-reserve: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<bool> {
    let server = RedisServer::start().await;
    let config =
        RedisConfig { urls: vec![server.url()], deadline_ms: 5_000, ..RedisConfig::default() };
    let redis = RedisStore::open(config)?;
    let folder = scratch();
    let memory = account(Arc::new(MemoryMeter::new()), Arc::new(NoJournal));
    let kept_folder = folder.path().join("memory");
    let kept = account(Arc::new(MemoryMeter::new()), Arc::new(FileJournal::open(&kept_folder)?));
    let block_folder = folder.path().join("block");
    let journal = Arc::new(FileJournal::open(&block_folder)?);
    let leased = account(Arc::new(redis.meter()), journal);
    let mut behind = JoinSet::new();
    behind.spawn(tend(leased.clone()));
    let mut found: [Vec<Duration>; 4] = Default::default();
    for _ in 0..N_ROUNDS {
        found[0].push(per_call(&memory).await?);
        found[1].push(per_call(&kept).await?);
        found[2].push(per_call(&leased).await?);
        found[3].push(per_trip(&redis.meter()).await?);
    }
    let [memory, kept, leased, trip] = found.map(median);
    println!("in memory:                     {memory:>9.2?}   goal: less than {GOAL_MEMORY:?}");
    println!("in memory, journal on disk:    {kept:>9.2?}");
    println!("from a block, journal on disk: {leased:>9.2?}   goal: less than one round trip");
    println!("one round trip to Redis:       {trip:>9.2?}");
    Ok(memory < GOAL_MEMORY && leased < trip)
}

fn account(meter: Arc<dyn Meter>, journal: Arc<dyn Journal>) -> Account {
    Account::new(AccountParts {
        name: "bench".into(),
        meter,
        journal,
        budget: BUDGET,
        policy: Policy::Lease(LeaseTerms::default()),
        clock: Arc::new(SystemClock),
    })
}

/// As the facade does it.
async fn tend(account: Account) {
    loop {
        tokio::select! {
            () = account.runs_low() => account.lease_ahead().await,
            () = tokio::time::sleep(Duration::from_millis(50)) => account.sweep().await,
        }
    }
}

/// One reservation and its end.
async fn per_call(account: &Account) -> Result<Duration> {
    let since = stopwatch();
    for _ in 0..N_CALLS {
        let purpose = Purpose { operation: "quotes".into(), n_keys: 1 };
        let reservation = account.reserve(Credits::new(1), purpose).await?;
        reservation.settle(Credits::new(1), WELL).await;
    }
    let took = since.elapsed() / N_CALLS;
    // What waits for the ledger would only grow.
    account.flush(&MemoryLedger::new()).await?;
    Ok(took)
}

/// The cheapest question that a meter answers.
async fn per_trip(meter: &impl Meter) -> Result<Duration> {
    let since = stopwatch();
    for _ in 0..N_TRIPS {
        let at = SystemClock.now();
        meter.usage(&UsageAsk { account: "trips".into(), at, anchor: BUDGET.anchor }).await?;
    }
    Ok(since.elapsed() / N_TRIPS)
}

fn median(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort_unstable();
    rounds[rounds.len() / 2]
}
