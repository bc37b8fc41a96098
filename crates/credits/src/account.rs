mod asking;
mod ends;
mod leasing;
mod postings;
mod restart;

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use clock::{Clock, Timestamp};
use tokio::sync::{Notify, Semaphore};

pub(crate) use ends::Ending;
use ends::MeterEnd;
pub use ends::ShareOf;
use restart::Past;

use crate::{
    Budget, Credits, Journal, LeaseTerms, Meter, MeterError, OpenReservation, Policy, Posting,
    PostingId, Usage, UsageAsk, Window, blocks::Blocks,
};

/// What an account is made of.
#[derive(Clone, Debug)]
pub struct AccountParts {
    /// Whose budget; also the label of its postings.
    pub name: Arc<str>,
    /// Counts.
    pub meter: Arc<dyn Meter>,
    /// Remembers across a sudden death.
    pub journal: Arc<dyn Journal>,
    /// The limits to start with.
    pub budget: Budget,
    /// How the meter is asked, and what happens while it is away.
    pub policy: Policy,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// A budget and everything that happens to it. Clones are the same account.
#[derive(Clone)]
pub struct Account(Arc<Shared>);

struct Shared {
    name: Arc<str>,
    meter: Arc<dyn Meter>,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    budget: Mutex<Budget>,
    policy: Policy,
    books: Mutex<Books>,
    blocks: Mutex<Blocks>,
    /// One asker at a time leases a block; the others draw from it.
    turn: Semaphore,
    /// Nothing is spent until somebody says so.
    is_stopped: AtomicBool,
    /// Rings when a block should be leased before somebody has to wait for it.
    low: Notify,
}

/// What is known here but not yet everywhere. `lost` and `endings` grow by at most one for each ask
/// under way, since an ask begins by emptying them; `waiting` stops new asks when it is full.
#[derive(Default)]
struct Books {
    lost: Vec<(OpenReservation, Timestamp)>,
    endings: VecDeque<MeterEnd>,
    waiting: BTreeMap<PostingId, Posting>,
    n_booked: u64,
    n_journal_failures: u64,
    n_meter_failures: u64,
    n_damaged: u64,
    past: Past,
    told: Told,
}

/// What the meter was told to book in the present billing month.
#[derive(Clone, Copy, Default)]
struct Told {
    month: Timestamp,
    credits: Credits,
    /// It has answered with less.
    is_forgotten: bool,
}

impl Account {
    /// An account that knows nothing of earlier runs. See [`Account::open`] for one that does.
    #[must_use]
    pub fn new(parts: AccountParts) -> Self {
        Self(Arc::new(Shared {
            name: parts.name,
            meter: parts.meter,
            journal: parts.journal,
            clock: parts.clock,
            budget: Mutex::new(parts.budget),
            policy: parts.policy,
            books: Mutex::default(),
            blocks: Mutex::default(),
            turn: Semaphore::new(1),
            is_stopped: AtomicBool::new(false),
            low: Notify::new(),
        }))
    }

    /// Whose budget it is.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// The limits in force.
    #[must_use]
    pub fn budget(&self) -> Budget {
        *lock(&self.0.budget)
    }

    /// Puts other limits in force, from the next ask on. When the billing month begins elsewhere
    /// than before, [`Account::rebuild`] should follow.
    pub fn set_budget(&self, budget: Budget) {
        let before = std::mem::replace(&mut *lock(&self.0.budget), budget);
        if before != budget {
            // Leased within other limits: it goes back, and is asked for again.
            self.blocks().recall();
        }
    }

    /// Stops all spending, from the next ask on, or lets it go on. What is under way is paid for,
    /// and what costs nothing may still be asked.
    pub fn stop(&self, is_stopped: bool) {
        self.0.is_stopped.store(is_stopped, Ordering::Relaxed);
    }

    /// What is used at this instant.
    ///
    /// # Errors
    /// The meter does not answer.
    pub async fn usage(&self) -> Result<Usage, MeterError> {
        self.book().await?;
        let ask = self.usage_ask();
        let usage = self.0.meter.usage(&ask).await?;
        self.compare(&usage, Window::Month.start(ask.at, ask.anchor));
        Ok(usage)
    }

    fn usage_ask(&self) -> UsageAsk {
        UsageAsk {
            account: Arc::clone(&self.0.name),
            at: self.0.clock.now(),
            anchor: self.budget().anchor,
        }
    }

    /// Books what was lost since the last operation. Background loops call it now and then, so
    /// that an idle account does not sit on a lost reservation.
    pub async fn sweep(&self) {
        if self.book().await.is_err() {
            self.books().n_meter_failures += 1;
        }
    }

    /// Whether calls draw from blocks. A meter in memory is as quick as a block.
    fn terms(&self) -> Option<&LeaseTerms> {
        self.0.policy.terms().filter(|_| !self.0.meter.is_local())
    }

    fn blocks(&self) -> MutexGuard<'_, Blocks> {
        lock(&self.0.blocks)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        lock(&self.0.books)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.0.name)
            .field("budget", &self.budget())
            .finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
