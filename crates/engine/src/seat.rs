//! Who asked for a key that is on its way, and so shares what its call costs.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use credits::{Client, Credits, Hold, Purpose, ShareOf};
use smallvec::SmallVec;
use tracing::{Span, span::Id};

use crate::trail::Trail;

/// The place of one request in the flights of all keys that it misses.
///
/// It lives as long as the last of these flights, not as long as its asker: whoever hangs up has
/// asked all the same.
#[derive(Debug, Default)]
pub(crate) struct Seat {
    /// What a client's share may become; nothing for those who ask without a name.
    hold: Option<Hold>,
    /// What it came to.
    charged: AtomicU64,
    /// The span in which it waits, if anybody exports traces.
    span: Option<Id>,
}

impl Seat {
    /// Taken within the current span.
    pub(crate) fn of(hold: Option<Hold>) -> Arc<Self> {
        Arc::new(Self { hold, charged: AtomicU64::new(0), span: Span::current().id() })
    }

    pub(crate) fn client(&self) -> Option<&Client> {
        self.hold.as_ref()?.client()
    }

    /// Takes a share of a call upon it.
    pub(crate) fn pay(&self, share: Credits, purpose: &Purpose, of: ShareOf) {
        self.charged.fetch_add(share.get(), Ordering::AcqRel);
        if let Some(hold) = &self.hold {
            hold.book(share, purpose, of);
        }
    }

    /// What its shares came to so far; whole once all of its flights have landed.
    pub(crate) fn charged(&self) -> Credits {
        Credits::new(self.charged.load(Ordering::Acquire))
    }
}

/// Seats, at most one of each client; those without a name are one party.
pub(crate) type Seats = SmallVec<[Arc<Seat>; 1]>;

/// Those who wait for one key, each client once, in the order in which they came.
#[derive(Clone, Debug)]
pub(crate) struct Askers {
    seats: Option<Arc<Mutex<Seats>>>,
    /// All of them, also those who do not pay.
    pub(crate) trail: Trail,
}

impl Askers {
    /// Of a key that is fetched because it is wanted.
    pub(crate) fn none_yet() -> Self {
        Self { seats: Some(Arc::default()), trail: Trail::default() }
    }

    /// Of a key that rides along in a place that is paid for anyway: whoever comes later gets it as
    /// it would from the cache, and pays nothing.
    pub(crate) fn of_filler() -> Self {
        Self { seats: None, trail: Trail::default() }
    }

    pub(crate) const fn is_filler(&self) -> bool {
        self.seats.is_none()
    }

    /// Takes a seat, unless the client has one already: the first one pays.
    pub(crate) fn add(&self, seat: &Arc<Seat>) {
        self.trail.join(seat.span.as_ref());
        if let Some(seats) = &self.seats {
            push(&mut seats.lock().unwrap_or_else(PoisonError::into_inner), seat);
        }
    }

    /// Puts those who are aboard now into `all`.
    pub(crate) fn put_into(&self, all: &mut Seats) {
        if let Some(seats) = &self.seats {
            let seats = seats.lock().unwrap_or_else(PoisonError::into_inner);
            seats.iter().for_each(|seat| push(all, seat));
        }
    }

    /// Whether this client pays nothing, or nothing more, for the key.
    pub(crate) fn include(&self, client: &Client) -> bool {
        let Some(seats) = &self.seats else { return true };
        let seats = seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.iter().any(|seat| seat.client() == Some(client))
    }
}

fn push(seats: &mut Seats, seat: &Arc<Seat>) {
    if !seats.iter().any(|other| other.client() == seat.client()) {
        seats.push(Arc::clone(seat));
    }
}
