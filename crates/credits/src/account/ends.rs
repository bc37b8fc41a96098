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
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    Charged(Credits),
    /// The call never went out.
    Released,
    /// A block of which nobody knows whether it was granted.
    Unleased,
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
                let block = open.block;
                self.book_posting(settled(open, charged, how, at), block);
            }
            Ending::Assumed { open, how } => {
                let block = open.block;
                self.book_posting(assumed(open, how, at), block);
            }
            Ending::Released { open, how } => {
                let id = open.id;
                self.note_end(&End::Released { id, at, outcome: how.outcome.into() });
                match open.block {
                    Some(block) => self.blocks().end(block, open.price, None),
                    None => self.note_for_meter(MeterEnd { id, at, how: How::Released }),
                }
            }
        }
    }

    /// Books what nothing was held for: a share of a call that another account has paid. It is
    /// written down at once; the meter is told with the next operation.
    pub(crate) fn charge(&self, charged: Credits, purpose: Purpose, share: ShareOf) {
        let open = self.draft(charged, purpose);
        let at = open.at;
        let posting = Posting { assumed: share.assumed, ..settled(open, charged, share.how, at) };
        self.book_posting(posting, None);
    }

    /// What was drawn from a block is reported with it; anything else the meter is told by itself.
    fn book_posting(&self, posting: Posting, block: Option<ReservationId>) {
        let end = End::Booked(posting.clone());
        self.note_end(&end);
        let Posting { id, at, charged, reserved, .. } = posting;
        match block {
            Some(block) => self.blocks().end(block, reserved, Some(charged)),
            None => self.note_for_meter(MeterEnd { id, at, how: How::Charged(charged) }),
        }
        let mut books = self.books();
        books.waiting.insert(id, posting);
        books.n_booked += 1;
    }

    fn note_for_meter(&self, end: MeterEnd) {
        self.books().endings.push_back(end);
    }

    fn note_end(&self, end: &End) {
        if self.0.journal.closed(end).is_err() {
            self.books().n_journal_failures += 1;
        }
    }

    pub(super) fn book_lost(&self) {
        let all_lost = std::mem::take(&mut self.books().lost);
        for (open, at) in all_lost {
            let block = open.block;
            self.book_posting(lost(open, at), block);
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
        self.report().await
    }

    /// As [`book`](Self::book), where the meter is asked for each call anyway. Where calls draw
    /// from blocks, nobody waits for the meter: a background loop tells it soon.
    pub(crate) async fn book_soon(&self) {
        match self.terms() {
            Some(_) => self.book_lost(),
            None => self.sweep().await,
        }
    }

    async fn tell(&self, end: MeterEnd) -> Result<(), MeterError> {
        let MeterEnd { id, at, how } = end;
        let account = Arc::clone(&self.0.name);
        let anchor = self.budget().anchor;
        match how {
            How::Charged(charged) => {
                self.0.meter.settle(&SettleAsk { account, id, charged, at, anchor }).await?;
                self.note_told(charged);
                Ok(())
            }
            How::Released => self.0.meter.release(&ReleaseAsk { account, id, at, anchor }).await,
            How::Unleased => {
                self.0.meter.release(&ReleaseAsk { account, id, at, anchor }).await?;
                self.forget_block(id);
                Ok(())
            }
        }
    }
}

/// Gives a hold back if the ask for it is abandoned half-way: its call cannot have gone out.
pub(super) struct Unused<'a> {
    account: &'a Account,
    held: Option<(ReservationId, How)>,
}

impl<'a> Unused<'a> {
    /// The hold of one call.
    pub(super) const fn call(account: &'a Account, id: ReservationId) -> Self {
        Self { account, held: Some((id, How::Released)) }
    }

    /// A whole block.
    pub(super) const fn block(account: &'a Account, id: ReservationId) -> Self {
        Self { account, held: Some((id, How::Unleased)) }
    }

    pub(super) fn keep(mut self) {
        self.held = None;
    }
}

impl Drop for Unused<'_> {
    fn drop(&mut self) {
        if let Some((id, how)) = self.held {
            let at = self.account.0.clock.now();
            self.account.note_for_meter(MeterEnd { id, at, how });
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
