//! A process killed at any instruction loses no posting.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use clock::SystemClock;
use credits::{
    Account, AccountParts, Budget, Credits, Decision, FileJournal, Filter, GroupBy, Lease,
    LeaseAsk, Ledger, LedgerError, MemoryLedger, MemoryMeter, Meter, MeterError, Page, PageOf,
    Policy, Posting, Purpose, RaiseAsk, ReleaseAsk, ReportAsk, Reservation, ReserveAsk, SettleAsk,
    Settled, Total, Usage, UsageAsk,
};
use tokio::task::JoinSet;

/// Set in the child only: the folder that everything is in.
const FOLDER: &str = "CREDITS_CRASH_FOLDER";
/// The last part of the folder where blocks are leased.
const LEASING: &str = "leasing";
const N_ASKERS: u64 = 4;
const N_KILLS: u64 = 12;
const PRICE: u64 = 5;
const WELL: Settled = Settled { elapsed: Duration::from_millis(1), outcome: "ok" };

/// Lines in a file, each written at once, so that they survive the death of the writer.
#[derive(Debug)]
struct Lines(PathBuf);

impl Lines {
    fn add(&self, text: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.0).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// A line that was cut by a death was never confirmed to anybody.
    fn whole(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(str::to_owned).collect()
    }
}

/// A ledger in a file: as slow and as mortal as a real one.
#[derive(Debug)]
struct FileLedger(Lines, Mutex<()>);

impl FileLedger {
    fn at(folder: &Path) -> Self {
        Self(Lines(folder.join("ledger")), Mutex::default())
    }

    async fn read(&self) -> MemoryLedger {
        let lines = self.0.whole();
        let postings: Vec<Posting> =
            lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let ledger = MemoryLedger::new();
        ledger.post(&postings).await.unwrap();
        ledger
    }
}

#[async_trait]
impl Ledger for FileLedger {
    async fn post(&self, postings: &[Posting]) -> Result<(), LedgerError> {
        let _alone = self.1.lock().unwrap();
        for posting in postings {
            self.0.add(&format!("\n{}\n", serde_json::to_string(posting).unwrap()));
        }
        Ok(())
    }
    async fn query(&self, filter: &Filter, page: Page) -> Result<PageOf<Posting>, LedgerError> {
        self.read().await.query(filter, page).await
    }
    async fn totals(&self, filter: &Filter, by: GroupBy) -> Result<Vec<Total>, LedgerError> {
        self.read().await.totals(filter, by).await
    }
}

async fn open(folder: &Path, ledger: &FileLedger) -> Account {
    let meter: Arc<dyn Meter> = match folder.ends_with(LEASING) {
        true => Arc::new(Far(MemoryMeter::new())),
        false => Arc::new(MemoryMeter::new()),
    };
    let parts = AccountParts {
        name: "upstream".into(),
        meter,
        journal: Arc::new(FileJournal::open(folder).unwrap()),
        budget: Budget::UNLIMITED,
        policy: Policy::default(),
        clock: Arc::new(SystemClock),
    };
    Account::open(parts, ledger).await.unwrap()
}

/// Upstream: writes on its own bill what a call takes, at the instant it takes it.
fn call(bill: &Lines, reservation: &Reservation, charge: u64) {
    bill.add(&format!("{} {charge}\n", reservation.id()));
}

/// As if it were behind a network: blocks are leased from it.
#[derive(Debug)]
struct Far(MemoryMeter);

#[async_trait]
impl Meter for Far {
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        self.0.reserve(ask).await
    }
    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        self.0.settle(ask).await
    }
    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        self.0.release(ask).await
    }
    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        tokio::task::yield_now().await;
        self.0.lease(ask).await
    }
    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        tokio::task::yield_now().await;
        self.0.report(ask).await
    }
    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        self.0.usage(ask).await
    }
    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        self.0.raise(ask).await
    }
}

async fn spend_for_ever(account: Account, folder: PathBuf, seed: u64) {
    let (bill, known) = (Lines(folder.join("bill")), Lines(folder.join("known")));
    for number in seed.. {
        let purpose = Purpose { operation: "quotes".into(), n_keys: 1 };
        let reservation = account.reserve(Credits::new(PRICE), purpose).await.unwrap();
        let (charge, id) = (number % (PRICE + 1), reservation.id());
        match number % 7 {
            0 => {
                reservation.release(WELL).await;
                continue;
            }
            1 => {
                call(&bill, &reservation, charge);
                drop(reservation);
                continue;
            }
            _ => call(&bill, &reservation, charge),
        }
        tokio::task::yield_now().await;
        reservation.settle(Credits::new(charge), WELL).await;
        known.add(&format!("{id} {charge}\n"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn the_child_spends_for_ever() {
    // Only does anything when the test below starts it as a process of its own.
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let ledger = FileLedger::at(&folder);
    let account = open(&folder, &ledger).await;
    let mut askers = JoinSet::new();
    for asker in 0..N_ASKERS {
        askers.spawn(spend_for_ever(account.clone(), folder.clone(), asker * 3));
    }
    loop {
        account.flush(&ledger).await.unwrap();
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

fn kill_a_child_after(folder: &Path, length: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["the_child_spends_for_ever", "--exact"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(length);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn amounts(lines: &Lines) -> Vec<(String, u64)> {
    let lines = lines.whole();
    let pairs = lines.iter().filter_map(|line| line.split_once(' '));
    pairs.map(|(id, charge)| (id.to_owned(), charge.parse().unwrap())).collect()
}

#[tokio::test]
async fn a_killed_process_loses_no_posting() {
    // The one promise of the journal: the books are never below the bill.
    let folder = tempfile::tempdir().unwrap();
    kill_and_audit(folder.path()).await;
}

#[tokio::test]
async fn a_killed_process_that_leases_blocks_loses_no_posting_and_no_block() {
    // As above; and each death would leave a block that nobody spends.
    let folder = tempfile::tempdir().unwrap();
    let leasing = folder.path().join(LEASING);
    fs::create_dir(&leasing).unwrap();
    kill_and_audit(&leasing).await;
}

async fn kill_and_audit(folder: &Path) {
    for kill in 0..N_KILLS {
        kill_a_child_after(folder, Duration::from_millis(40 + kill * 13));
    }
    let ledger = FileLedger::at(folder);
    let account = open(folder, &ledger).await;
    assert_eq!(account.n_waiting(), 0);
    assert_eq!(account.ahead().n_blocks, 0, "each has had its last word");
    let books = ledger.read().await;
    let mut page = Page::first(1_000);
    let mut booked = std::collections::HashMap::new();
    loop {
        let next = books.query(&Filter::default(), page).await.unwrap();
        booked.extend(next.items.into_iter().map(|posting| (posting.id.to_string(), posting)));
        let Some(cursor) = next.next else { break };
        page.after = Some(cursor);
    }
    let bill = amounts(&Lines(folder.join("bill")));
    assert!(bill.len() > 100, "the children never came to spend: {}", bill.len());
    for (id, charge) in &bill {
        let posting = booked.get(id).unwrap_or_else(|| panic!("{id} is on no page of the books"));
        assert!(posting.charged.get() >= *charge, "{posting:?} of {charge}");
        assert!(posting.assumed || posting.charged.get() == *charge, "{posting:?} of {charge}");
    }
    for (id, charge) in amounts(&Lines(folder.join("known"))) {
        let posting = &booked[&id];
        assert_eq!((posting.charged.get(), posting.assumed), (charge, false), "a known outcome");
    }
    let lost_only_to_deaths = booked.len() - bill.len();
    assert!(lost_only_to_deaths as u64 <= N_KILLS * N_ASKERS, "{lost_only_to_deaths}");
}
