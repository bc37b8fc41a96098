mod ends;
mod postings;
mod restart;

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use clock::{Clock, Timestamp};

pub(crate) use ends::Ending;
pub use ends::ShareOf;
use ends::{MeterEnd, Unused};
use restart::Past;

use crate::{
    Budget, Credits, Decision, Denied, Journal, Meter, MeterError, OpenReservation, Posting,
    PostingId, Purpose, Reservation, ReservationId, ReserveAsk, Usage, UsageAsk, error, limits,
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
    books: Mutex<Books>,
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
            books: Mutex::default(),
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
        *lock(&self.0.budget) = budget;
    }

    /// Holds `price` for a call, or says why not.
    ///
    /// # Errors
    /// [`Denied`]; nothing is held then.
    ///
    /// # Cancel safety
    /// A future dropped half-way leaves no hold behind: the next operation gives it back.
    pub async fn reserve(&self, price: Credits, purpose: Purpose) -> Result<Reservation, Denied> {
        self.book().await.map_err(Denied::MeterDown)?;
        if let Some(denied) = error::too_many_waiting(self.n_waiting()) {
            return Err(denied);
        }
        if self.is_in_the_dark() {
            return Err(Denied::MeterDown(MeterError::uninformed()));
        }
        let open = self.draft(price, purpose);
        let unused = Unused { account: self, id: Some(open.id) };
        let ask = self.ask(&open);
        match self.0.meter.reserve(&ask).await.map_err(Denied::MeterDown)? {
            Decision::Granted => {}
            Decision::Refused(refusal) => {
                unused.keep();
                return Err(Denied::Budget(refusal));
            }
        }
        if let Err(error) = self.0.journal.opened(&open) {
            drop(unused);
            self.sweep().await;
            return Err(Denied::JournalDown(error));
        }
        unused.keep();
        Ok(Reservation::new(self.clone(), open))
    }

    /// What is used at this instant.
    ///
    /// # Errors
    /// The meter does not answer.
    pub async fn usage(&self) -> Result<Usage, MeterError> {
        self.book().await?;
        let ask = UsageAsk {
            account: Arc::clone(&self.0.name),
            at: self.0.clock.now(),
            anchor: self.budget().anchor,
        };
        self.0.meter.usage(&ask).await
    }

    /// Books what was lost since the last operation. Background loops call it now and then, so
    /// that an idle account does not sit on a lost reservation.
    pub async fn sweep(&self) {
        if self.book().await.is_err() {
            self.books().n_meter_failures += 1;
        }
    }

    fn draft(&self, price: Credits, purpose: Purpose) -> OpenReservation {
        let at = self.0.clock.now();
        OpenReservation {
            id: ReservationId::new(at),
            at,
            lost_at: at.after(limits::HOLD),
            account: Arc::clone(&self.0.name),
            operation: purpose.operation,
            n_keys: purpose.n_keys,
            price,
        }
    }

    fn ask(&self, open: &OpenReservation) -> ReserveAsk {
        ReserveAsk {
            account: Arc::clone(&open.account),
            id: open.id,
            price: open.price,
            budget: self.budget(),
            at: open.at,
            lost_at: open.lost_at,
        }
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
