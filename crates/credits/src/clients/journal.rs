use std::{io, sync::Arc};

use crate::{End, Journal, OpenBlock, OpenReservation, PostingId, Recovered, ReservationId};

/// Remembers shares that are booked, and not what was only held for them: what a sudden death
/// leaves open is booked on the key, whose call it was, and on none of those who got no answer.
#[derive(Debug)]
pub(super) struct EndsOnly(pub(super) Arc<dyn Journal>);

impl Journal for EndsOnly {
    fn opened(&self, _open: &OpenReservation) -> io::Result<()> {
        Ok(())
    }

    fn closed(&self, end: &End) -> io::Result<()> {
        match end {
            End::Booked(_) => self.0.closed(end),
            End::Released { .. } => Ok(()),
        }
    }

    fn leasing(&self, block: &OpenBlock) -> io::Result<()> {
        self.0.leasing(block)
    }

    fn returned(&self, block: ReservationId) -> io::Result<()> {
        self.0.returned(block)
    }

    fn recover(&self, account: &str) -> io::Result<Recovered> {
        self.0.recover(account)
    }

    fn trim(&self, acknowledged: &[PostingId]) -> io::Result<()> {
        self.0.trim(acknowledged)
    }
}
