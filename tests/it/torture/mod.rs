//! Is one budget ever overspent, whatever happens to those who spend it?
//!
//! Four processes of 64 tasks each spend one budget of 5,000 credits that a store counts for them.
//! Meanwhile processes are killed and come back, connections to the store are cut, and clocks jump
//! by minutes. Every credit is charged by the simulator, whose own bill is the judge.
//!
//! `CMCACHE_TORTURE_SEEDS` says how many seeds each store has to bear.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod child;
mod mysql;
mod postgres;
mod redis;
mod run;
mod store;
mod watch;

use credits::Credits;

/// The budget of a run, in credits.
const LIMIT: u64 = 5_000;
/// What is spent of it at least when more is wanted.
const SPENT_MIN: u64 = 4_950;
const N_PROCESSES: usize = 4;
const N_TASKS: u64 = 64;
/// Currencies of one call at most; each costs a credit.
const CONVERTS_MAX: usize = 5;
/// No window ends near the noon of a run; the minute is counted, and wide enough.
const BUDGET: credits::Budget = credits::Budget {
    minute_calls: Some(1_000_000),
    day: Some(Credits::new(LIMIT)),
    month: Some(Credits::new(LIMIT)),
    anchor: credits::BillingAnchor::FIRST,
};

/// Runs each seed, as many as were asked for.
#[expect(clippy::print_stdout, reason = "the numbers are what is asked for")]
async fn bears(store: &store::Store, seeds_by_default: u64) {
    let seeds = harness::setting("CMCACHE_TORTURE_SEEDS");
    let n_seeds = seeds.map_or(seeds_by_default, |seeds| seeds.parse().unwrap());
    for seed in 0..n_seeds {
        let found = run::run(store, seed).await;
        println!("seed {seed}: {found}");
        found.check(seed);
    }
}
