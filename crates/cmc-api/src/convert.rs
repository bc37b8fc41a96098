use std::sync::Arc;

use crate::{id::CoinId, selector::once, symbol};

/// In which currencies: a set in request order, never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Converts {
    /// `convert`: symbols of fiats or coins, upper-cased.
    Symbols(Vec<Arc<str>>),
    /// `convert_id`
    Ids(Vec<CoinId>),
}

impl Converts {
    /// US dollars, which everything is in unless asked otherwise.
    #[must_use]
    pub fn usd() -> Self {
        Self::Symbols(vec!["USD".into()])
    }

    /// Reads a `convert` list that has passed the pattern.
    #[must_use]
    pub fn symbols(list: &str) -> Self {
        Self::Symbols(symbol::list(list))
    }

    /// Reads a `convert_id` list that has passed the pattern and holds no text beyond any coin.
    #[must_use]
    pub fn ids(list: &str) -> Self {
        Self::Ids(once(list.split(',').filter_map(CoinId::parse), |id| *id))
    }

    /// How many currencies.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Symbols(symbols) => symbols.len(),
            Self::Ids(ids) => ids.len(),
        }
    }

    /// Whether no currency is meant; parsing never yields that.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The wire name of the parameter.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Symbols(_) => "convert",
            Self::Ids(_) => "convert_id",
        }
    }
}

#[cfg(test)]
mod tests;
