//! One upstream request, its limits proven when it is made.

use std::sync::Arc;

use bytes::Bytes;
use thiserror::Error;

use crate::{
    aux::{Aux, InfoAux, MapAux},
    catalogue::Catalogue,
    id::CoinId,
    limits::{
        CONVERTS_MAX, INFO_IDS_MAX, LISTINGS_COINS_MAX, PARTS_MAX, QUOTES_IDS_MAX, TARGET_BYTES_MAX,
    },
    operation::{Method, Operation},
    part::{Part, Whose},
    query::Query,
    ranking::Ranking,
    text, weight,
};

/// One upstream request. Whoever holds one may send it: it is within upstream's limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    operation: Arc<Operation>,
    query: Box<str>,
    body: Bytes,
    n_items: u64,
    n_converts: u64,
}

impl Call {
    /// The latest quotes of coins, with every supplemental field, unknown coins left out.
    ///
    /// # Errors
    /// No coin or currency, too many of them, or too long a URL.
    pub fn quotes(ids: &[CoinId], currencies: &[CoinId]) -> Result<Self, CallError> {
        bounded("ids", ids.len(), QUOTES_IDS_MAX)?;
        bounded("currencies", currencies.len(), CONVERTS_MAX)?;
        let (coins, converts) = (join(ids), join(currencies));
        let aux = Aux::QUOTES_ALL.to_param();
        let query = format!("id={coins}&convert_id={converts}&aux={aux}&skip_invalid=true");
        Self::of("/v3/cryptocurrency/quotes/latest", query, (ids.len(), currencies.len()))
    }

    /// A page of a ranking, with every supplemental field.
    ///
    /// # Errors
    /// A page or a list of currencies that is empty or too large, or too long a URL.
    pub fn listings(
        ranking: &Ranking,
        start: u32,
        limit: u32,
        currencies: &[CoinId],
    ) -> Result<Self, CallError> {
        bounded("places", limit as usize, LISTINGS_COINS_MAX as usize)?;
        bounded("currencies", currencies.len(), CONVERTS_MAX)?;
        if start == 0 {
            return Err(CallError::Empty { what: "start" });
        }
        let (ranking, converts) = (ranking.as_str(), join(currencies));
        let aux = Aux::LISTINGS_ALL.to_param();
        let query =
            format!("start={start}&limit={limit}&{ranking}&convert_id={converts}&aux={aux}");
        let weight = (limit as usize, currencies.len());
        Self::of("/v3/cryptocurrency/listings/latest", query, weight)
    }

    /// The metadata of coins, with every supplemental field, unknown coins left out.
    ///
    /// # Errors
    /// No coin, too many of them, or too long a URL.
    pub fn info(ids: &[CoinId]) -> Result<Self, CallError> {
        bounded("ids", ids.len(), INFO_IDS_MAX)?;
        let aux = InfoAux::ALL.to_param();
        let query = format!("id={}&skip_invalid=true&aux={aux}", join(ids));
        Self::of("/v2/cryptocurrency/info", query, (ids.len(), 1))
    }

    /// Parts of one kind, with everything that they may hold, in these currencies if they have
    /// quotes. Their owners are named in one way: all by id or all by slug.
    ///
    /// # Errors
    /// Nobody, no currency, too many of either, or too long a URL.
    pub fn parts(part: Part, whose: &[Whose], currencies: &[CoinId]) -> Result<Self, CallError> {
        bounded("subjects", whose.len(), PARTS_MAX)?;
        bounded("currencies", currencies.len(), CONVERTS_MAX)?;
        let mut query = String::with_capacity(64 + whose.len() * 8);
        if part.has_quotes() {
            query.push_str(&format!("convert_id={}", join(currencies)));
        }
        if let Some(name) = whose[0].parameter() {
            let names: Vec<String> = whose.iter().map(Whose::to_string).collect();
            let comma = if query.is_empty() { "" } else { "&" };
            query.push_str(&format!("{comma}{name}={}", text::encode(&names.join(","))));
        }
        query.push_str(&part.widest());
        Self::of(part.path(), query, (whose.len(), currencies.len()))
    }

    /// The map of all coins of every status, with every supplemental field.
    ///
    /// # Panics
    /// Never: a test makes the same call.
    #[must_use]
    pub fn map() -> Self {
        let aux = MapAux::ALL.to_param();
        let query = format!("listing_status=active,inactive,untracked&aux={aux}");
        Self::of("/v1/cryptocurrency/map", query, (0, 1))
            .expect("the map's URL is constant and short")
    }

    /// The state of the API key.
    ///
    /// # Panics
    /// Never: a test makes the same call.
    #[must_use]
    pub fn key_info() -> Self {
        Self::of("/v1/key/info", String::new(), (0, 1))
            .expect("the key's URL is constant and short")
    }

    /// A query, passed on as it is.
    ///
    /// # Errors
    /// Too long a URL.
    pub fn whole(query: &Query) -> Result<Self, CallError> {
        let call = Self {
            operation: Arc::clone(&query.operation),
            query: query.to_upstream().into(),
            body: query.body().clone(),
            n_items: weight::n_items(query),
            n_converts: query.n_converts() as u64,
        };
        call.proven()
    }

    /// What is called.
    #[must_use]
    pub const fn operation(&self) -> &Arc<Operation> {
        &self.operation
    }

    /// How it is called.
    #[must_use]
    pub fn method(&self) -> Method {
        self.operation.method
    }

    /// The path, without a query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.operation.path
    }

    /// The query string, without `?`; it never holds a key.
    #[must_use]
    pub const fn query(&self) -> &str {
        &self.query
    }

    /// The body of a `POST`.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Most items that upstream may charge for.
    #[must_use]
    pub const fn n_items(&self) -> u64 {
        self.n_items
    }

    /// How many currencies.
    #[must_use]
    pub const fn n_converts(&self) -> u64 {
        self.n_converts
    }

    fn of(path: &str, query: String, weight: (usize, usize)) -> Result<Self, CallError> {
        let catalogue = Catalogue::embedded();
        let operation = catalogue
            .find(Method::Get, path)
            .expect("the embedded catalogue has the operations that calls are made of");
        let call = Self {
            operation: Arc::clone(operation),
            query: query.into(),
            body: Bytes::new(),
            n_items: weight.0 as u64,
            n_converts: weight.1 as u64,
        };
        call.proven()
    }

    fn proven(self) -> Result<Self, CallError> {
        let n_bytes = self.path().len() + 1 + self.query.len();
        if n_bytes > TARGET_BYTES_MAX { Err(CallError::TooLong { n_bytes }) } else { Ok(self) }
    }
}

/// Why no call can be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CallError {
    /// Nothing is asked for.
    #[error("a call without {what}")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
    /// More is asked for than one call may carry.
    #[error("{n} {what} in one call, at most {max} fit")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        n: usize,
        /// How many fit.
        max: usize,
    },
    /// The URL is longer than upstream takes.
    #[error("a request target of {n_bytes} bytes, at most {TARGET_BYTES_MAX} are taken")]
    TooLong {
        /// Its length.
        n_bytes: usize,
    },
}

fn bounded(what: &'static str, n: usize, max: usize) -> Result<(), CallError> {
    match n {
        0 => Err(CallError::Empty { what }),
        n if n > max => Err(CallError::TooMany { what, n, max }),
        _ => Ok(()),
    }
}

fn join(ids: &[CoinId]) -> String {
    let mut list = String::with_capacity(ids.len() * 6);
    for id in ids {
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&id.to_string());
    }
    list
}

#[cfg(test)]
mod tests;
