use std::sync::Arc;

use crate::{query::Query, text};

/// An order over a choice of coins, as v3 parameters in one canonical spelling: two listings with
/// equal rankings are pages of the same list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ranking(Arc<str>);

/// The parameters that choose coins by a number, in alphabetical order.
const FILTERS: [&str; 10] = [
    "circulating_supply_max",
    "circulating_supply_min",
    "market_cap_max",
    "market_cap_min",
    "percent_change_24h_max",
    "percent_change_24h_min",
    "price_max",
    "price_min",
    "volume_24h_max",
    "volume_24h_min",
];

impl Ranking {
    /// All active coins by rank: what listings are unless asked otherwise.
    #[must_use]
    pub fn by_rank() -> Self {
        Self("sort=market_cap&sort_dir=desc".into())
    }

    /// The ranking that [`as_str`](Self::as_str) wrote.
    #[must_use]
    pub fn new(canonical: &str) -> Self {
        Self(canonical.into())
    }

    /// The ranking of a listings query.
    pub(crate) fn of(query: &Query) -> Self {
        let sort = query.get("sort").unwrap_or("market_cap");
        let natural = if matches!(sort, "name" | "symbol") { "asc" } else { "desc" };
        let direction = query.get("sort_dir").unwrap_or(natural);
        let mut params = format!("sort={sort}&sort_dir={direction}");
        let choices = ["cryptocurrency_type", "tag"];
        for name in choices.into_iter().filter(|name| query.get(name) != Some("all")) {
            push(&mut params, name, query.get(name));
        }
        for name in FILTERS {
            push(&mut params, name, query.get(name));
        }
        Self(params.into())
    }

    /// As parameters of v3 listings.
    #[must_use]
    pub fn to_params(&self) -> String {
        self.0.as_ref().to_owned()
    }

    /// The canonical text, for keys.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Ranking {
    fn default() -> Self {
        Self::by_rank()
    }
}

fn push(params: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        params.push_str(&format!("&{name}={}", text::encode(value)));
    }
}

#[cfg(test)]
mod tests;
