//! How a call gets its credits: out of a block, from the meter, or not at all.

use std::sync::{Arc, atomic::Ordering};

use super::{Account, ends::Unused};
use crate::{
    Credits, Decision, Denied, MeterError, OpenReservation, Purpose, Reservation, ReservationId,
    ReserveAsk, error, limits,
};

impl Account {
    /// Holds `price` for a call, or says why not.
    ///
    /// Where blocks are leased ahead this asks nobody, but when a new block is needed.
    ///
    /// # Errors
    /// [`Denied`]; nothing is held then.
    ///
    /// # Cancel safety
    /// A future dropped half-way leaves no hold behind: the next operation gives it back.
    pub async fn reserve(&self, price: Credits, purpose: Purpose) -> Result<Reservation, Denied> {
        self.book_lost();
        self.check_waiting()?;
        if self.0.is_stopped.load(Ordering::Relaxed) && !price.is_zero() {
            return Err(Denied::Stopped);
        }
        let is_open = self.0.policy.is_open();
        if self.is_in_the_dark() && !is_open {
            return Err(Denied::MeterDown(MeterError::uninformed()));
        }
        let mut open = self.draft(price, purpose);
        let held = match self.terms() {
            Some(terms) => self.drawn(price, terms).await.map(|block| open.block = Some(block)),
            None => self.held(&open).await,
        };
        match held {
            // Nobody counts. What it takes is booked as unknown when somebody does again.
            Err(Denied::MeterDown(_)) if is_open => {}
            held => held?,
        }
        if let Err(error) = self.0.journal.opened(&open) {
            self.give_up(&open).await;
            return Err(Denied::JournalDown(error));
        }
        Ok(Reservation::new(self.clone(), open))
    }

    /// What waits is bounded: beyond it nothing new is spent.
    fn check_waiting(&self) -> Result<(), Denied> {
        if let Some(denied) = error::too_many_waiting(self.n_waiting()) {
            return Err(denied);
        }
        if self.books().endings.len() >= limits::ENDS_WAITING_MAX {
            return Err(Denied::MeterDown(MeterError::full("book what was spent without it")));
        }
        Ok(())
    }

    /// Asks the meter for this one call.
    async fn held(&self, open: &OpenReservation) -> Result<(), Denied> {
        self.book().await.map_err(Denied::MeterDown)?;
        let unused = Unused::call(self, open.id);
        match self.0.meter.reserve(&self.ask(open)).await.map_err(Denied::MeterDown)? {
            Decision::Granted => {
                unused.keep();
                Ok(())
            }
            Decision::Refused(refusal) => {
                unused.keep();
                Err(Denied::Budget(refusal))
            }
        }
    }

    /// The call never goes out.
    async fn give_up(&self, open: &OpenReservation) {
        match open.block {
            Some(block) => self.blocks().end(block, open.price, None),
            None => {
                drop(Unused::call(self, open.id));
                self.sweep().await;
            }
        }
    }

    pub(super) fn draft(&self, price: Credits, purpose: Purpose) -> OpenReservation {
        let at = self.0.clock.now();
        OpenReservation {
            id: ReservationId::new(at),
            at,
            lost_at: at.after(limits::HOLD),
            account: Arc::clone(&self.0.name),
            operation: purpose.operation,
            n_keys: purpose.n_keys,
            price,
            block: None,
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
}
