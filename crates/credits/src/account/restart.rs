//! How an account learns what was spent before it was there.

use std::sync::Arc;

use clock::Timestamp;

use super::{Account, AccountParts, ends};
use crate::{
    Credits, End, Filter, GroupBy, Ledger, LedgerError, MemoryLedger, MeterError, OpenError,
    RaiseAsk, Usage, Window, limits,
};

/// Who has told what was spent before this account was there. Later ones know more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Past {
    /// Nobody.
    Unknown,
    /// The meter, which had never counted for us: from now on it may be told.
    Asked,
    /// Upstream, whose count says it all but by whom.
    Told,
    /// The ledger; or there is no past.
    #[default]
    Read,
}

impl Account {
    /// An account that goes on where the last run ended: what that run left open is booked as
    /// spent, what it could not book is booked now, and the meter learns what the ledger knows.
    ///
    /// # Errors
    /// Without the journal or the ledger nobody knows what may still be spent.
    pub async fn open(parts: AccountParts, ledger: &dyn Ledger) -> Result<Self, OpenError> {
        let account = Self::new(parts);
        account.recover()?;
        let is_remembered = account.is_remembered().await?;
        account.flush(ledger).await?;
        if !is_remembered {
            account.rebuild(ledger).await?;
        }
        Ok(account)
    }

    /// As [`Account::open`], but a ledger or a meter that is away is no obstacle: postings wait for
    /// it, and what only it knows is unknown. An account with limits denies all spending until it
    /// has been read ([`Account::catch_up`]) or upstream has told its own count
    /// ([`Account::learn_used`]), so that nothing is ever counted too low.
    ///
    /// # Errors
    /// Without the journal nobody knows what was under way.
    pub async fn open_ahead(parts: AccountParts, ledger: &dyn Ledger) -> Result<Self, OpenError> {
        let account = Self::new(parts);
        account.recover()?;
        account.books().past = Past::Unknown;
        match account.catch_up(ledger).await {
            Ok(_) => {}
            // What waits counts at once; where the ledger is silent, it is as good as empty.
            Err(OpenError::Ledger(_)) => {
                if let Err(error @ OpenError::Journal(_)) =
                    account.rebuild_once(&MemoryLedger::new()).await
                {
                    return Err(error);
                }
            }
            Err(OpenError::Meter(_)) => account.books().n_meter_failures += 1,
            Err(error @ OpenError::Journal(_)) => return Err(error),
        }
        Ok(account)
    }

    /// Writes all that waits into `ledger`, and reads there what was spent if that is still to be
    /// done. Says how many postings were written.
    ///
    /// # Errors
    /// As [`Account::open`]; nothing is lost.
    pub async fn catch_up(&self, ledger: &dyn Ledger) -> Result<usize, OpenError> {
        let flushed = self.flush(ledger).await;
        // Read after: what waits is counted beside what the ledger has, and a journal that was not
        // trimmed has both. Read all the same: a ledger that takes nothing may still tell.
        self.recollect().await?;
        if self.books().past != Past::Read {
            self.book().await?;
            self.rebuild(ledger).await?;
        }
        Ok(flushed?)
    }

    /// Asks the meter whether it has counted for us before, and before it is told anything: what it
    /// is told of blocks that a sudden death left is then new to it, and no part of any raise.
    async fn recollect(&self) -> Result<(), MeterError> {
        if self.books().past == Past::Unknown && !self.is_forgotten() {
            let is_remembered = self.is_remembered().await?;
            self.books().past = if is_remembered { Past::Read } else { Past::Asked };
        }
        Ok(())
    }

    /// Whether the meter outlives processes and has counted before: then it knows of the others,
    /// too, and more than any ledger, which is written later.
    async fn is_remembered(&self) -> Result<bool, MeterError> {
        if self.0.meter.is_local() {
            return Ok(false);
        }
        // As it is before it is told anything by us.
        let usage = self.0.meter.usage(&self.usage_ask()).await?;
        Ok(!usage.month.is_zero() || usage.n_open > 0)
    }

    /// Whether spending is denied because nobody has told yet what was spent before.
    #[must_use]
    pub fn is_in_the_dark(&self) -> bool {
        self.books().past <= Past::Asked && self.budget().has_limits()
    }

    /// Whether the meter has answered with less than this account alone has had it book: a store
    /// was emptied, or put back to an old copy. All spending that is limited is denied until the
    /// past is told again, by [`learn_used`](Self::learn_used) or [`catch_up`](Self::catch_up).
    #[must_use]
    pub fn is_forgotten(&self) -> bool {
        self.books().told.is_forgotten
    }

    /// The meter has booked so much for us.
    pub(super) fn note_told(&self, credits: Credits) {
        let month = Window::Month.start(self.0.clock.now(), self.budget().anchor);
        let told = &mut self.books().told;
        if told.month != month {
            (told.month, told.credits) = (month, Credits::ZERO);
        }
        told.credits = told.credits.saturating_add(credits);
    }

    /// Corrections take back what was assumed for others, never what we have told.
    pub(super) fn compare(&self, usage: &Usage, month: Timestamp) {
        let mut books = self.books();
        let told = &mut books.told;
        if told.month == month && usage.month < told.credits {
            told.is_forgotten = true;
            told.credits = Credits::ZERO;
            books.past = Past::Unknown;
            drop(books);
            // Nobody holds them for us any more; what they have charged is told first.
            self.blocks().recall();
        }
    }

    /// Takes over upstream's own count of the present windows, which also knows of spending that
    /// did not pass through here: as good as the ledger for one that could not read it.
    ///
    /// # Errors
    /// The meter does not answer.
    pub async fn learn_used(
        &self,
        minute_calls: u64,
        day: Credits,
        month: Credits,
    ) -> Result<(), MeterError> {
        // What we have spent is part of upstream's count: told first, it is not counted twice.
        self.recollect().await?;
        self.book().await?;
        if self.books().past != Past::Read {
            self.raise(Window::Minute, minute_calls).await?;
            self.raise(Window::Day, day.get()).await?;
        }
        self.raise(Window::Month, month.get()).await?;
        let mut books = self.books();
        books.past = books.past.max(Past::Told);
        Ok(())
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
        let mut books = self.books();
        books.past = Past::Read;
        books.told.is_forgotten = false;
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
        // Waiting ones first: what is booked in between is then counted twice, never not at all.
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

    /// What the last run left open was sent or was not; only "sent" is safe to believe. Its blocks
    /// have their last word: what was drawn from them is charged, the rest goes back.
    fn recover(&self) -> Result<(), OpenError> {
        let left = self.0.journal.recover(&self.0.name).map_err(OpenError::Journal)?;
        self.books().n_damaged = left.n_damaged;
        let now = self.0.clock.now();
        let mut blocks = left.blocks;
        for open in left.open {
            for block in blocks.iter_mut().filter(|block| open.block == Some(block.id)) {
                block.charged = block.charged.saturating_add(open.price);
            }
            let at = now.min(open.lost_at);
            let posting = ends::lost(open, at);
            self.0.journal.closed(&End::Booked(posting.clone())).map_err(OpenError::Journal)?;
            self.books().waiting.insert(posting.id, posting);
        }
        let unposted = left.unposted.into_iter().map(|posting| (posting.id, posting));
        self.books().waiting.extend(unposted);
        // A meter in memory has never heard of them: they wait for the one that leased them.
        if !self.0.meter.is_local() {
            let mut owned = self.blocks();
            blocks.iter().for_each(|block| owned.adopt(block.id, block.charged, block.lost_at));
        }
        Ok(())
    }
}
