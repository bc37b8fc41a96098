//! What upstream returned.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use credits::Credits;

use crate::{
    envelope,
    error::{Charge, UpstreamError},
};

/// A successful answer of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The whole body, as received (after decompression).
    pub body: Bytes,
    /// The raw JSON text of `data`, a slice of `body`; `null` if the body had none.
    pub data: Bytes,
    /// What the API says about the call.
    pub status: ApiStatus,
    /// The HTTP status.
    pub http_status: u16,
    /// How long it took, and where the time went.
    pub timing: Timing,
    /// How old the data was when it was handed out, where a cache in between tells it; zero from
    /// upstream itself.
    pub age: Duration,
    /// What it cost: what `status` says, or unknown if it says nothing.
    pub charge: Charge,
}

impl Reply {
    /// Reads the body of an answer.
    ///
    /// # Errors
    /// [`UpstreamError`] if the API reports an error, by its own code first and by the HTTP status
    /// second, or if the body is no envelope.
    pub fn read(http_status: u16, body: Bytes) -> Result<Self, UpstreamError> {
        envelope::read(http_status, body)
    }
}

/// The `status` object of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiStatus {
    /// The server's time, as written.
    pub timestamp: Arc<str>,
    /// 0 on success.
    pub error_code: i64,
    /// `None` if absent, null or empty: the stacks differ.
    pub error_message: Option<String>,
    /// Milliseconds the server says it took.
    pub elapsed: u64,
    /// Credits the call cost; 0 on errors.
    pub credit_count: Credits,
    /// The number of all entries, where a list is a page.
    pub total_count: Option<u64>,
    /// The object's raw JSON text, a slice of the body.
    pub raw: Bytes,
}

/// Where the time of a call went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Waiting for a place among those under way and for the minute limit.
    pub queue: Duration,
    /// Setting up a connection (names, TCP, TLS); nothing if there was one, or if another became
    /// free first.
    pub connect: Duration,
    /// From sending to the answer's headers, without `connect`.
    pub wait: Duration,
    /// Reading the body.
    pub body: Duration,
    /// Making sense of its envelope.
    pub decode: Duration,
    /// How many attempts were made; 1 if the first succeeded.
    pub attempts: u32,
}

impl Timing {
    /// Everything together, without pauses between attempts.
    #[must_use]
    pub fn total(&self) -> Duration {
        [self.queue, self.connect, self.wait, self.body, self.decode]
            .into_iter()
            .fold(Duration::ZERO, Duration::saturating_add)
    }
}
