//! What the gateway has booked, as it tells itself.

use serde::Deserialize;

use crate::client::Client;

const PATH: &str = "/_cmcache/api/v1/credits";

/// The sums of the gateway's ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Booked {
    /// Credits of all postings.
    pub credits: u64,
    /// How many postings.
    pub calls: u64,
    /// The part of the credits that was booked without knowing the outcome.
    pub assumed: u64,
}

impl Booked {
    /// Reads `GET /_cmcache/api/v1/credits`.
    ///
    /// # Panics
    /// When the gateway does not answer, or without a `ledger` in its answer.
    pub async fn of(gateway: &Client) -> Self {
        #[derive(Deserialize)]
        struct Document {
            ledger: Booked,
        }
        let reply = gateway.get(PATH).await;
        match serde_json::from_slice::<Document>(&reply.body) {
            Ok(document) => document.ledger,
            Err(error) => panic!("{PATH}: {error}: {}", reply.text()),
        }
    }
}
