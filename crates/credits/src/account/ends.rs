//! How reservations end: noted at once, told to the meter as soon as it listens.

use std::{sync::Arc, time::Duration};

use clock::Timestamp;

use super::Account;
use crate::{
    Credits, End, MeterError, OpenReservation, Posting, Purpose, ReleaseAsk, ReservationId,
    SettleAsk, Settled,
};

/// The outcome of a reservation that was dropped, or that a sudden death left open.
const LOST: &str = "lost";

/// How a reservation ended, as its holder tells it.
pub(crate) enum Ending {
    Settled { open: OpenReservation, charged: Credits, how: Settled },
    Assumed { open: OpenReservation, how: Settled },
    Released { open: OpenReservation, how: Settled },
}

/// Of which call a share is.
#[derive(Clone, Copy, Debug)]
pub struct ShareOf {
    /// How it went.
    pub how: Settled,
    /// Whether what it took is only assumed.
    pub assumed: bool,
}

/// An end that the meter has not been told.
#[derive(Clone, Copy)]
pub(super) struct MeterEnd {
    id: ReservationId,
    at: Timestamp,
    charged: Option<Credits>,
}

impl Account {
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

    /// Books what nothing was held for: a share of a call that another account has paid. It is
    /// written down at once; the meter is told with the next operation.
    pub(crate) fn charge(&self, charged: Credits, purpose: Purpose, share: ShareOf) {
        let open = self.draft(charged, purpose);
        let at = open.at;
        self.book_posting(Posting {
            assumed: share.assumed,
            ..settled(open, charged, share.how, at)
        });
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

    pub(super) fn book_lost(&self) {
        let all_lost = std::mem::take(&mut self.books().lost);
        for (open, at) in all_lost {
            self.book_posting(lost(open, at));
        }
    }

    /// Tells the meter all ends that it has not been told. What it does not take waits for the
    /// next operation.
    pub(super) async fn book(&self) -> Result<(), MeterError> {
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
}

/// Gives a hold back if the ask for it is abandoned half-way: its call cannot have gone out.
pub(super) struct Unused<'a> {
    pub(super) account: &'a Account,
    pub(super) id: Option<ReservationId>,
}

impl Unused<'_> {
    pub(super) fn keep(mut self) {
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

pub(super) fn lost(open: OpenReservation, at: Timestamp) -> Posting {
    let how = Settled { elapsed: at.since(open.at), outcome: LOST };
    assumed(open, how, at)
}

fn whole_millis(length: Duration) -> u32 {
    u32::try_from(length.as_millis()).unwrap_or(u32::MAX)
}
