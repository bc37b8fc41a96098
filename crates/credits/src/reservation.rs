use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use clock::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Account, Credits, OpenReservation, account::Ending};

/// Names a reservation, and the posting it becomes: unique across restarts and instances, and
/// in the order of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ReservationId(u128);

impl ReservationId {
    /// A new one, made at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let millis = now.since_epoch();
        let at =
            uuid::Timestamp::from_unix(uuid::NoContext, millis.as_secs(), millis.subsec_nanos());
        Self(Uuid::new_v7(at).as_u128())
    }

    /// As 16 bytes; their order is the order of ids.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// From 16 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl fmt::Display for ReservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Uuid::from_u128(self.0).hyphenated().fmt(f)
    }
}

impl fmt::Debug for ReservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ReservationId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(|id| Self(id.as_u128()))
    }
}

impl TryFrom<String> for ReservationId {
    type Error = uuid::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ReservationId> for String {
    fn from(id: ReservationId) -> Self {
        id.to_string()
    }
}

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The operation, of a closed set.
    pub operation: Arc<str>,
    /// For how many keys.
    pub n_keys: u32,
}

/// How a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// How long it took.
    pub elapsed: Duration,
    /// How it ended, in one word of a closed set.
    pub outcome: &'static str,
}

/// Credits held for one call. It has exactly one end: [settled](Self::settle),
/// [released](Self::release), or dropped.
///
/// Dropped means lost: nobody knows what the call took, so it is booked as spent at its price and
/// flagged as assumed, as with [`assume`](Self::assume), which also tells the outcome. A budget
/// that errs must err on the safe side.
///
/// # Cancel safety
/// Both ends are written down at the first poll, before anything is awaited. A future that is
/// dropped later leaves only the meter's booking to the account's next operation; a future that
/// was never polled counts as a dropped reservation.
#[must_use = "a dropped reservation is booked as spent"]
#[derive(Debug)]
pub struct Reservation {
    account: Account,
    open: Option<OpenReservation>,
}

impl Reservation {
    pub(crate) const fn new(account: Account, open: OpenReservation) -> Self {
        Self { account, open: Some(open) }
    }

    /// Its name, and that of its posting.
    #[must_use]
    pub fn id(&self) -> ReservationId {
        self.held().id
    }

    /// What is held.
    #[must_use]
    pub fn price(&self) -> Credits {
        self.held().price
    }

    /// When it was made.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.held().at
    }

    /// The call went out and took `charged`, which may be nothing, or more than the price.
    pub async fn settle(mut self, charged: Credits, how: Settled) {
        if let Some(open) = self.open.take() {
            self.account.end(Ending::Settled { open, charged, how });
        }
        self.account.book_soon().await;
    }

    /// The call went out and nobody knows what it took: the price stands in for the charge.
    pub async fn assume(mut self, how: Settled) {
        if let Some(open) = self.open.take() {
            self.account.end(Ending::Assumed { open, how });
        }
        self.account.book_soon().await;
    }

    /// The call never went out.
    pub async fn release(mut self, how: Settled) {
        if let Some(open) = self.open.take() {
            self.account.end(Ending::Released { open, how });
        }
        self.account.book_soon().await;
    }

    /// As [`release`](Self::release), without telling the meter at once: for a drop.
    pub(crate) fn give_back(mut self) {
        if let Some(open) = self.open.take() {
            let how = Settled { elapsed: Duration::ZERO, outcome: "unused" };
            self.account.end(Ending::Released { open, how });
        }
    }

    fn held(&self) -> &OpenReservation {
        self.open.as_ref().expect("a reservation is open until it is consumed")
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            self.account.lose(open);
        }
    }
}

#[cfg(test)]
mod tests;
