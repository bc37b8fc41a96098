use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clock::{Clock, Timestamp};

use crate::{
    Budget, Credits, Decision, Denied, End, Filter, GroupBy, Journal, Ledger, LedgerError, Meter,
    MeterError, OpenError, OpenReservation, Posting, PostingId, Purpose, RaiseAsk, ReleaseAsk,
    Reservation, ReservationId, ReserveAsk, SettleAsk, Settled, Usage, UsageAsk, Window, error,
    limits,
};

/// The outcome of a reservation that was dropped, or that a sudden death left open.
const LOST: &str = "lost";

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
}

/// How a reservation ended, as its holder tells it.
pub(crate) enum Ending {
    Settled { open: OpenReservation, charged: Credits, how: Settled },
    Assumed { open: OpenReservation, how: Settled },
    Released { open: OpenReservation, how: Settled },
}

/// An end that the meter has not been told.
#[derive(Clone, Copy)]
struct MeterEnd {
    id: ReservationId,
    at: Timestamp,
    charged: Option<Credits>,
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

    /// An account that goes on where the last run ended: what that run left open is booked as
    /// spent, what it could not book is booked now, and the meter learns what the ledger knows.
    ///
    /// # Errors
    /// Without the journal or the ledger nobody knows what may still be spent.
    pub async fn open(parts: AccountParts, ledger: &dyn Ledger) -> Result<Self, OpenError> {
        let account = Self::new(parts);
        account.recover()?;
        account.flush(ledger).await?;
        account.rebuild(ledger).await?;
        Ok(account)
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

    /// The oldest postings that wait for the ledger, at most `max`. They wait until they are
    /// [acknowledged](Self::acknowledged), so a failed write needs no more than another try.
    #[must_use]
    pub fn drain_postings(&self, max: usize) -> Vec<Posting> {
        self.book_lost();
        self.books().waiting.values().take(max).cloned().collect()
    }

    /// The ledger has these: they stop waiting, and the journal forgets them.
    pub fn acknowledged(&self, ids: &[PostingId]) {
        {
            let mut books = self.books();
            for id in ids {
                books.waiting.remove(id);
            }
        }
        if self.0.journal.trim(ids).is_err() {
            self.books().n_journal_failures += 1;
        }
    }

    /// How many postings wait for the ledger.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.books().waiting.len()
    }

    /// How often the journal failed at what does not deny spending: an end, or a trim.
    #[must_use]
    pub fn n_journal_failures(&self) -> u64 {
        self.books().n_journal_failures
    }

    /// How often the meter could not be told an end at once.
    #[must_use]
    pub fn n_meter_failures(&self) -> u64 {
        self.books().n_meter_failures
    }

    /// Writes all that waits into `ledger`, and says how many postings that were.
    ///
    /// # Errors
    /// The ledger does not take them; they go on waiting.
    pub async fn flush(&self, ledger: &dyn Ledger) -> Result<usize, LedgerError> {
        self.sweep().await;
        let mut n_posted = 0;
        loop {
            let postings = self.drain_postings(limits::POST_BATCH_MAX);
            if postings.is_empty() {
                return Ok(n_posted);
            }
            ledger.post(&postings).await?;
            n_posted += postings.len();
            let ids: Vec<_> = postings.iter().map(|posting| posting.id).collect();
            self.acknowledged(&ids);
        }
    }

    /// Teaches the meter what `ledger` and the waiting postings know of the present windows.
    /// The meter only ever learns of more spending, never of less.
    ///
    /// # Errors
    /// One of the two does not answer.
    pub async fn rebuild(&self, ledger: &dyn Ledger) -> Result<(), OpenError> {
        // What is booked between the look and the raise would be missed: then look again.
        for _ in 0..limits::REBUILDS_MAX {
            let n_booked = self.books().n_booked;
            self.rebuild_once(ledger).await?;
            if self.books().n_booked == n_booked {
                break;
            }
        }
        Ok(())
    }

    /// Lifts what is booked in a window to at least `to` (credits; calls for the minute): for
    /// upstream's own count, which also knows of spending that did not pass through here.
    ///
    /// # Errors
    /// The meter does not answer.
    pub async fn raise(&self, window: Window, to: u64) -> Result<(), MeterError> {
        let ask = RaiseAsk {
            account: Arc::clone(&self.0.name),
            window,
            to,
            at: self.0.clock.now(),
            anchor: self.budget().anchor,
        };
        self.0.meter.raise(&ask).await
    }

    async fn rebuild_once(&self, ledger: &dyn Ledger) -> Result<(), OpenError> {
        let now = self.0.clock.now();
        let anchor = self.budget().anchor;
        for window in Window::ALL {
            let from = window.start(now, anchor);
            let (calls, credits) = self.spent_since(from, ledger).await?;
            let to = if window == Window::Minute { calls } else { credits.get() };
            self.raise(window, to).await?;
        }
        Ok(())
    }

    async fn spent_since(
        &self,
        from: Timestamp,
        ledger: &dyn Ledger,
    ) -> Result<(u64, Credits), LedgerError> {
        let filter = Filter {
            from: Some(from),
            account: Some(Arc::clone(&self.0.name)),
            ..Filter::default()
        };
        // Waiting ones first: one that is booked in between is then counted twice, never not at all.
        let (mut calls, mut credits) = (0, Credits::ZERO);
        for posting in self.books().waiting.values().filter(|posting| posting.at >= from) {
            calls += 1;
            credits = credits.saturating_add(posting.charged);
        }
        for total in ledger.totals(&filter, GroupBy::All).await? {
            calls += total.calls;
            credits = credits.saturating_add(total.credits);
        }
        Ok((calls, credits))
    }

    /// What the last run left open was sent or was not; only "sent" is safe to believe.
    fn recover(&self) -> Result<(), OpenError> {
        let left = self.0.journal.recover(&self.0.name).map_err(OpenError::Journal)?;
        let now = self.0.clock.now();
        for open in left.open {
            let at = now.min(open.lost_at);
            let posting = lost(open, at);
            self.0.journal.closed(&End::Booked(posting.clone())).map_err(OpenError::Journal)?;
            self.books().waiting.insert(posting.id, posting);
        }
        let unposted = left.unposted.into_iter().map(|posting| (posting.id, posting));
        self.books().waiting.extend(unposted);
        Ok(())
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

    /// Drop's part: no input or output, only a note.
    pub(crate) fn lose(&self, open: OpenReservation) {
        let at = self.0.clock.now();
        self.books().lost.push((open, at));
    }

    /// Writes an end down, without awaiting anything.
    pub(crate) fn end(&self, ending: Ending) {
        let at = self.0.clock.now();
        match ending {
            Ending::Settled { open, charged, how } => {
                self.book_posting(settled(open, charged, how, at));
            }
            Ending::Assumed { open, how } => self.book_posting(assumed(open, how, at)),
            Ending::Released { open, how } => {
                let id = open.id;
                self.note_end(&End::Released { id, at, outcome: how.outcome.into() });
                self.books().endings.push_back(MeterEnd { id, at, charged: None });
            }
        }
    }

    fn book_posting(&self, posting: Posting) {
        let end = End::Booked(posting.clone());
        self.note_end(&end);
        let mut books = self.books();
        let Posting { id, at, charged, .. } = posting;
        books.endings.push_back(MeterEnd { id, at, charged: Some(charged) });
        books.waiting.insert(id, posting);
        books.n_booked += 1;
    }

    fn note_end(&self, end: &End) {
        if self.0.journal.closed(end).is_err() {
            self.books().n_journal_failures += 1;
        }
    }

    fn book_lost(&self) {
        let all_lost = std::mem::take(&mut self.books().lost);
        for (open, at) in all_lost {
            self.book_posting(lost(open, at));
        }
    }

    /// Tells the meter all ends that it has not been told. What it does not take waits for the
    /// next operation.
    async fn book(&self) -> Result<(), MeterError> {
        self.book_lost();
        while let Some(in_hand) = InHand::take(self) {
            self.tell(in_hand.end).await?;
            in_hand.finish();
        }
        Ok(())
    }

    async fn tell(&self, end: MeterEnd) -> Result<(), MeterError> {
        let MeterEnd { id, at, charged } = end;
        let account = Arc::clone(&self.0.name);
        let anchor = self.budget().anchor;
        match charged {
            Some(charged) => {
                self.0.meter.settle(&SettleAsk { account, id, charged, at, anchor }).await
            }
            None => self.0.meter.release(&ReleaseAsk { account, id, at, anchor }).await,
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

/// Gives a hold back if the ask for it is abandoned half-way: its call cannot have gone out.
struct Unused<'a> {
    account: &'a Account,
    id: Option<ReservationId>,
}

impl Unused<'_> {
    fn keep(mut self) {
        self.id = None;
    }
}

impl Drop for Unused<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let at = self.account.0.clock.now();
            self.account.books().endings.push_back(MeterEnd { id, at, charged: None });
        }
    }
}

/// An end on its way to the meter. Dropped unfinished, it goes back into the queue.
struct InHand<'a> {
    account: &'a Account,
    end: MeterEnd,
    finished: bool,
}

impl<'a> InHand<'a> {
    fn take(account: &'a Account) -> Option<Self> {
        let end = account.books().endings.pop_front()?;
        Some(Self { account, end, finished: false })
    }

    fn finish(mut self) {
        self.finished = true;
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.account.books().endings.push_front(self.end);
        }
    }
}

fn settled(open: OpenReservation, charged: Credits, how: Settled, at: Timestamp) -> Posting {
    Posting {
        id: open.id,
        at,
        account: open.account,
        operation: open.operation,
        n_keys: open.n_keys,
        reserved: open.price,
        charged,
        assumed: false,
        elapsed_ms: whole_millis(how.elapsed),
        outcome: how.outcome.into(),
    }
}

fn assumed(open: OpenReservation, how: Settled, at: Timestamp) -> Posting {
    let price = open.price;
    Posting { assumed: true, ..settled(open, price, how, at) }
}

fn lost(open: OpenReservation, at: Timestamp) -> Posting {
    let how = Settled { elapsed: at.since(open.at), outcome: LOST };
    assumed(open, how, at)
}

fn whole_millis(length: Duration) -> u32 {
    u32::try_from(length.as_millis()).unwrap_or(u32::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
