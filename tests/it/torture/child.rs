//! One of the processes that spend.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use credits::{
    Account, AccountParts, Credits, Denied, FileJournal, LeaseTerms, Ledger, Policy, Purpose,
    Reservation, Settled,
};
use fastrand::Rng;
use harness::{Client, KEY};
use store_sql::{SqlConfig, SqlStore};
use tokio::task::JoinSet;

use super::{BUDGET, CONVERTS_MAX, N_TASKS, store, watch::Watch};

/// Set in the children only.
const STORE: &str = "TORTURE_STORE";
const SIM: &str = "TORTURE_SIM";
const RUN: &str = "TORTURE_RUN";
const FOLDER: &str = "TORTURE_FOLDER";
const SEED: &str = "TORTURE_SEED";
const BEGAN: &str = "TORTURE_BEGAN";

/// There, it says that nothing more will happen to anybody.
pub(super) const OVER: &str = "over";
/// The books of a child.
pub(super) const LEDGER: &str = "ledger.db";
const CURRENCIES: [&str; CONVERTS_MAX] = ["USD", "EUR", "GBP", "JPY", "CHF"];
/// Refusals of a single credit in a row after which nothing is left to spend.
const REFUSALS_MAX: u32 = 8;
const REFUSED_PAUSE: Duration = Duration::from_millis(25);
const AWAY_PAUSE: Duration = Duration::from_millis(5);
const TEND_EVERY: Duration = Duration::from_millis(20);
const WELL: Settled = Settled { elapsed: Duration::from_millis(1), outcome: "ok" };

/// What all children of a run are told.
#[derive(Debug, Clone)]
pub(super) struct Orders {
    pub(super) store: String,
    pub(super) sim: String,
    pub(super) run: String,
    pub(super) folder: PathBuf,
    pub(super) began_ms: i64,
}

impl Orders {
    /// Starts child `number`; `seed` says what it will do.
    pub(super) fn start(&self, number: usize, seed: u64) -> Child {
        let folder = self.folder.join(number.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        Command::new(std::env::current_exe().unwrap())
            .args(["torture::child::one_of_the_processes_spends", "--exact", "--nocapture"])
            .env(STORE, &self.store)
            .env(SIM, &self.sim)
            .env(RUN, &self.run)
            .env(FOLDER, folder)
            .env(SEED, seed.to_string())
            .env(BEGAN, self.began_ms.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }
}

struct Spender {
    account: Account,
    sim: Client,
    /// Where the end is announced.
    over: PathBuf,
}

impl Spender {
    /// Asks for all it can think of, until there is nothing left.
    async fn spend(&self, mut rng: Rng) {
        let mut n_refused = 0;
        while n_refused < REFUSALS_MAX || !self.over.exists() {
            let n_converts = if n_refused > 0 { 1 } else { rng.usize(1..=CONVERTS_MAX) };
            // A price is an upper bound of the charge.
            let more = u64::from(n_refused == 0 && rng.u8(..8) == 0);
            let price = Credits::new(u64::try_from(n_converts).unwrap() + more);
            let purpose = Purpose { operation: "quotes".into(), n_keys: 1 };
            match self.account.reserve(price, purpose).await {
                Ok(reservation) => {
                    n_refused = 0;
                    self.call(reservation, n_converts, rng.u8(..16)).await;
                }
                Err(Denied::Budget(_)) => {
                    n_refused += 1;
                    tokio::time::sleep(REFUSED_PAUSE).await;
                }
                Err(_) => tokio::time::sleep(AWAY_PAUSE).await,
            }
        }
    }

    async fn call(&self, reservation: Reservation, n_converts: usize, fate: u8) {
        if fate == 0 {
            return reservation.release(WELL).await;
        }
        let convert = CURRENCIES[..n_converts].join(",");
        let target = format!("/v2/cryptocurrency/quotes/latest?id=1&convert={convert}");
        let reply = self.sim.try_get(&target).await;
        let charged = reply.ok().and_then(|reply| reply.envelope().ok());
        match charged {
            // Nobody is told how it ended: it counts as spent.
            _ if fate == 1 => drop(reservation),
            Some(envelope) => reservation.settle(Credits::new(envelope.credits), WELL).await,
            None => reservation.assume(WELL).await,
        }
    }
}

/// Tells the store and the ledger what has happened.
async fn tend(account: &Account, ledger: &dyn Ledger) -> bool {
    account.sweep().await;
    let is_told = account.catch_up(ledger).await.is_ok();
    is_told && account.n_waiting() == 0 && account.ahead().n_blocks == 0
}

async fn account(folder: &Path, ledger: &dyn Ledger, clock: Arc<dyn Clock>) -> Account {
    let meter = store::meter(&told(STORE).unwrap()).await;
    let parts = AccountParts {
        name: told(RUN).unwrap().into(),
        meter,
        journal: Arc::new(FileJournal::open(folder).unwrap()),
        budget: BUDGET,
        policy: Policy::Lease(LeaseTerms::default()),
        clock,
    };
    Account::open_ahead(parts, ledger).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_the_processes_spends() {
    // Only does anything when a run starts it as a process of its own.
    let Some(folder) = told(FOLDER).map(PathBuf::from) else { return };
    let mut rng = Rng::with_seed(told(SEED).unwrap().parse().unwrap());
    let watch = Arc::new(Watch::since(told(BEGAN).unwrap().parse().unwrap()));
    let store = SqlStore::open(SqlConfig::sqlite(folder.join(LEDGER))).await.unwrap();
    let ledger = store.ledger();
    let account = account(&folder, &ledger, Arc::clone(&watch) as _).await;
    let spender = Arc::new(Spender {
        account: account.clone(),
        sim: Client::new(told(SIM).unwrap(), Some(KEY)),
        over: folder.with_file_name(OVER),
    });
    let mut behind = JoinSet::new();
    let setting = rng.fork();
    behind.spawn(async move { watch.keep_setting(setting).await });
    let (ahead, tended) = (account.clone(), account.clone());
    behind.spawn(async move {
        loop {
            ahead.runs_low().await;
            ahead.lease_ahead().await;
        }
    });
    behind.spawn(async move {
        loop {
            tend(&tended, &ledger).await;
            tokio::time::sleep(TEND_EVERY).await;
        }
    });
    let mut spending = JoinSet::new();
    for _ in 0..N_TASKS {
        let (spender, rng) = (Arc::clone(&spender), rng.fork());
        spending.spawn(async move { spender.spend(rng).await });
    }
    while let Some(done) = spending.join_next().await {
        done.unwrap();
    }
    behind.shutdown().await;
    account.give_back().await;
    while !tend(&account, &store.ledger()).await {
        tokio::time::sleep(TEND_EVERY).await;
    }
    store.close().await;
}

fn told(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.into_string().unwrap())
}
