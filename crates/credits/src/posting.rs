use std::sync::Arc;

use clock::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Credits, ReservationId};

/// A posting has the id of the reservation that it ends.
pub type PostingId = ReservationId;

/// One call that went out, as booked: one line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Unique for ever; a ledger takes each id once.
    pub id: PostingId,
    /// When it was booked.
    #[serde(with = "crate::posting::millis")]
    pub at: Timestamp,
    /// Whose budget it came from.
    pub account: Arc<str>,
    /// What was called.
    pub operation: Arc<str>,
    /// For how many keys.
    pub n_keys: u32,
    /// The price held before.
    pub reserved: Credits,
    /// The charge booked after. It may be above the price; it is what counts.
    pub charged: Credits,
    /// The charge is not known (the caller died, the reply was lost): the price stands in for it.
    pub assumed: bool,
    /// How long the call took.
    pub elapsed_ms: u32,
    /// How it ended, in one word of a closed set.
    pub outcome: Arc<str>,
}

/// Instants are written as milliseconds.
pub(crate) mod millis {
    use clock::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_i64(at.as_millis())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(from).map(Timestamp::from_millis)
    }
}
