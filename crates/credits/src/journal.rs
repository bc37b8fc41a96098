mod file;
mod record;

use std::{fmt::Debug, io, sync::Arc};

use clock::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Credits, Posting, PostingId, ReservationId};

pub use file::{FileJournal, JournalError};

/// Remembers across a sudden death which calls were under way and which ends are not yet booked.
///
/// Its methods block for as long as one write into the system's cache takes.
pub trait Journal: Debug + Send + Sync + 'static {
    /// Written before the call may go out.
    ///
    /// # Errors
    /// It is not written: the call must not go out.
    fn opened(&self, open: &OpenReservation) -> io::Result<()>;

    /// Written when the call has come back, or will never go out.
    ///
    /// # Errors
    /// It is not written: after a death the reservation will look open, hence spent.
    fn closed(&self, end: &End) -> io::Result<()>;

    /// Written before a block of credits is asked for.
    ///
    /// # Errors
    /// It is not written: nothing may be leased.
    fn leasing(&self, block: &OpenBlock) -> io::Result<()>;

    /// Written when the meter has had the last word of a block.
    ///
    /// # Errors
    /// It is not written: after a restart the meter will be told again.
    fn returned(&self, block: ReservationId) -> io::Result<()>;

    /// What an earlier run left behind for `account`. Repeats itself until ends are written and
    /// trimmed.
    ///
    /// # Errors
    /// It cannot be read.
    fn recover(&self, account: &str) -> io::Result<Recovered>;

    /// The ledger has these: they need not be remembered.
    ///
    /// # Errors
    /// The space is not given back yet; nothing is lost.
    fn trim(&self, acknowledged: &[PostingId]) -> io::Result<()>;
}

/// A reservation as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenReservation {
    /// Its name.
    pub id: ReservationId,
    /// When it was made.
    #[serde(with = "crate::posting::millis")]
    pub at: Timestamp,
    /// When it counts as lost.
    #[serde(with = "crate::posting::millis")]
    pub lost_at: Timestamp,
    /// Whose budget.
    pub account: Arc<str>,
    /// What is called.
    pub operation: Arc<str>,
    /// For how many keys.
    pub n_keys: u32,
    /// What is held.
    pub price: Credits,
    /// The block that it was drawn from, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<ReservationId>,
}

/// A block of credits leased ahead, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenBlock {
    /// Its name.
    pub id: ReservationId,
    /// When the meter books the rest of it as spent.
    #[serde(with = "crate::posting::millis")]
    pub lost_at: Timestamp,
    /// Whose budget.
    pub account: Arc<str>,
    /// What the calls that have ended have charged to it.
    pub charged: Credits,
}

/// How a reservation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It is to be booked: settled, or lost.
    Booked(Posting),
    /// It was given back.
    Released {
        /// Which.
        id: ReservationId,
        /// When.
        #[serde(with = "crate::posting::millis")]
        at: Timestamp,
        /// Why, in one word.
        outcome: Arc<str>,
    },
}

impl End {
    /// Whose end it is.
    #[must_use]
    pub const fn id(&self) -> ReservationId {
        match self {
            Self::Booked(posting) => posting.id,
            Self::Released { id, .. } => *id,
        }
    }
}

/// What an earlier run left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Reservations without an end, oldest first: their charge is unknown.
    pub open: Vec<OpenReservation>,
    /// Blocks that the meter may believe to be in use, with what is charged to them but for the
    /// open reservations.
    pub blocks: Vec<OpenBlock>,
    /// Postings of which nobody knows whether the ledger has them, oldest first.
    pub unposted: Vec<Posting>,
    /// Records that could not be read.
    pub n_damaged: u64,
}

/// Remembers nothing: for tests, and for those who keep no books.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoJournal;

impl Journal for NoJournal {
    fn opened(&self, _open: &OpenReservation) -> io::Result<()> {
        Ok(())
    }

    fn closed(&self, _end: &End) -> io::Result<()> {
        Ok(())
    }

    fn leasing(&self, _block: &OpenBlock) -> io::Result<()> {
        Ok(())
    }

    fn returned(&self, _block: ReservationId) -> io::Result<()> {
        Ok(())
    }

    fn recover(&self, _account: &str) -> io::Result<Recovered> {
        Ok(Recovered::default())
    }

    fn trim(&self, _acknowledged: &[PostingId]) -> io::Result<()> {
        Ok(())
    }
}

const _: Option<&dyn Journal> = None;
