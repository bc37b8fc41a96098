//! Quotes by currency: a map on the old stack, a list on the new one.

use std::{fmt, marker::PhantomData};

use indexmap::IndexMap;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor},
};

use super::elements;
use crate::types::Absent;

/// A quote that may name its currency itself, as it does in lists.
pub trait Quoted {
    /// Whether it is in this currency, given by symbol or id.
    fn is_in(&self, currency: &str) -> bool;
}

/// Quotes by currency: a map (v1, v2) or a list (v3, v5), read alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Quotes<Q> {
    /// Under the currencies' symbols or ids, as asked for.
    Map(IndexMap<String, Q>),
    /// In a list; each quote names its currency.
    List(Vec<Q>),
}

impl<Q: Quoted> Quotes<Q> {
    /// The quote in a currency, given by the symbol or the id that was asked for.
    #[must_use]
    pub fn get(&self, currency: &str) -> Option<&Q> {
        match self {
            Self::Map(map) => map.get(currency),
            Self::List(list) => list.iter().find(|quote| quote.is_in(currency)),
        }
    }
}

impl<Q> Quotes<Q> {
    /// All quotes, in the order of the answer.
    pub fn iter(&self) -> impl Iterator<Item = &Q> {
        let (list, map) = match self {
            Self::Map(map) => (&[][..], Some(map)),
            Self::List(list) => (list.as_slice(), None),
        };
        list.iter().chain(map.into_iter().flat_map(IndexMap::values))
    }

    /// The first quote.
    #[must_use]
    pub fn first(&self) -> Option<&Q> {
        self.iter().next()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Map(map) => map.len(),
            Self::List(list) => list.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<Q> Default for Quotes<Q> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<Q> Absent for Quotes<Q> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<'de, Q: Deserialize<'de>> Deserialize<'de> for Quotes<Q> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuotesVisitor(PhantomData))
    }
}

struct QuotesVisitor<Q>(PhantomData<Q>);

impl<'de, Q: Deserialize<'de>> Visitor<'de> for QuotesVisitor<Q> {
    type Value = Quotes<Q>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("quotes by currency")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut quotes = IndexMap::with_capacity(1);
        while let Some((currency, quote)) = map.next_entry::<String, Option<Q>>()? {
            if let Some(quote) = quote {
                quotes.insert(currency, quote);
            }
        }
        Ok(Quotes::Map(quotes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        elements(list).map(Quotes::List)
    }
}
