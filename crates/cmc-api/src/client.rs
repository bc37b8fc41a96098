//! Every operation, callable from Rust: a builder each, typed parameters, typed replies.
//!
//! A [`Client`] makes builders; a builder's `send` makes one call. Parameters are checked before
//! anything is sent, in the API's own words; what only upstream can judge is left to it. What the
//! types do not know yet can be given by `param`, and read from [`Typed::raw`].
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sim = Sim::start(SimConfig::default(), ([127, 0, 0, 1], 0).into()).await?;
//! use cmc_api::Client;
//!
//! let client = Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let coins = client.quotes_latest().ids([1, 1027]).converts(["USD"]).send().await?;
//! for coin in &coins.data {
//!     let price = coin.quote.get("USD").and_then(|quote| quote.price.as_ref());
//!     let exact = price.and_then(|price| price.as_decimal());
//!     assert!(exact.is_some(), "{} has a price", coin.name);
//! }
//! assert_eq!(coins.status.credit_count.get(), 1);
//! # Ok(()) }
//! ```

pub mod ai;
pub mod assets;
pub mod categories;
pub mod coins;
pub mod content;
pub mod derivatives;
pub mod dex;
pub mod exchanges;
pub mod legacy;
pub mod listings;
pub mod markets;
pub mod pairs;
pub mod rankings;
pub mod sentiment;
pub mod series;
pub mod tokens;
pub mod tools;
pub mod words;

mod error;
mod pages;
mod range;
mod request;
mod table;
mod typed;

use std::{fmt, sync::Arc};

use crate::{catalogue::Catalogue, upstream::Upstream};

pub use error::ClientError;
pub use pages::Stream;
pub use typed::Typed;

/// The API, typed. Cloning it is cheap; clones share the connections.
#[derive(Clone)]
pub struct Client {
    upstream: Arc<dyn Upstream>,
    catalogue: Arc<Catalogue>,
}

impl Client {
    /// A client over any way out: [`HttpUpstream`](crate::HttpUpstream), one in
    /// [layers](crate::layers), or a scripted one.
    #[must_use]
    pub fn new(upstream: impl Upstream) -> Self {
        Self { upstream: Arc::new(upstream), catalogue: Catalogue::embedded() }
    }

    /// Checks parameters by another catalogue than the one that is built in.
    #[must_use]
    pub fn with_catalogue(mut self, catalogue: Arc<Catalogue>) -> Self {
        self.catalogue = catalogue;
        self
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The upstream is somebody else's: what it shows is not ours to vouch for.
        f.debug_struct("Client").field("catalogue", &self.catalogue.effective()).finish()
    }
}

#[cfg(feature = "http")]
mod connect;

#[cfg(test)]
mod tests;
