//! How an account learns what was spent before it was there.

use std::sync::Arc;

use clock::Timestamp;

use super::{Account, AccountParts, ends};
use crate::{
    Credits, End, Filter, GroupBy, Ledger, LedgerError, MeterError, OpenError, RaiseAsk, Window,
    limits,
};

impl Account {
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

    /// What the last run left open was sent or was not; only "sent" is safe to believe.
    fn recover(&self) -> Result<(), OpenError> {
        let left = self.0.journal.recover(&self.0.name).map_err(OpenError::Journal)?;
        self.books().n_damaged = left.n_damaged;
        let now = self.0.clock.now();
        for open in left.open {
            let at = now.min(open.lost_at);
            let posting = ends::lost(open, at);
            self.0.journal.closed(&End::Booked(posting.clone())).map_err(OpenError::Journal)?;
            self.books().waiting.insert(posting.id, posting);
        }
        let unposted = left.unposted.into_iter().map(|posting| (posting.id, posting));
        self.books().waiting.extend(unposted);
        Ok(())
    }
}
