//! Names to coins, and what the API says when there are none.

use std::sync::Arc;

use cmc_api::{CoinId, Converts, Query, QueryError, Selector, fiat};

use super::Currency;
use crate::catalog::Catalog;

/// Some names mean nothing. The map may be older than the coin, so it is worth one more look
/// before this is said.
#[derive(Debug)]
pub struct Unresolved(pub Box<QueryError>);

/// The coins that one name of the request stands for.
pub(super) struct Group {
    /// Its name in the answer.
    pub(super) name: Arc<str>,
    /// Its name in the request.
    pub(super) text: Arc<str>,
    /// At least one.
    pub(super) coins: Vec<CoinId>,
}

impl Group {
    /// The coins of a list, which is no group if it is empty.
    pub(super) fn unnamed(coins: Vec<CoinId>) -> Vec<Self> {
        let group = Self { name: Arc::from(""), text: Arc::from(""), coins };
        if group.coins.is_empty() { Vec::new() } else { vec![group] }
    }
}

/// The map, or its absence.
pub(super) struct Names<'a>(pub(super) Option<&'a Catalog>);

impl Names<'_> {
    /// The coins of `selector`, and the texts that mean none.
    pub(super) fn groups(&self, selector: &Selector, fiats: bool) -> (Vec<Group>, Vec<Arc<str>>) {
        let mut groups: Vec<Group> = Vec::new();
        let mut missing = Vec::new();
        let mut keep = |name: Arc<str>, coins: Vec<CoinId>, text: &Arc<str>| {
            if coins.is_empty() {
                missing.push(Arc::clone(text));
            } else if !groups.iter().any(|group| group.name == name) {
                groups.push(Group { name, text: Arc::clone(text), coins });
            }
        };
        match selector {
            Selector::Ids(ids) => {
                for id in ids {
                    let coin = id.id.filter(|coin| self.knows(*coin, fiats));
                    keep(name_of(coin), coin.into_iter().collect(), &id.text);
                }
            }
            Selector::Slugs(slugs) => {
                for slug in slugs {
                    let coin = self.0.and_then(|names| names.by_slug(slug));
                    keep(name_of(coin), coin.into_iter().collect(), slug);
                }
            }
            Selector::Symbols(symbols) => {
                for symbol in symbols {
                    let fiat = fiat::by_code(symbol).filter(|_| fiats).map(|fiat| fiat.id);
                    let named = self.0.into_iter().flat_map(|names| names.candidates(symbol));
                    keep(Arc::clone(symbol), fiat.into_iter().chain(named).collect(), symbol);
                }
            }
        }
        (groups, missing)
    }

    /// Of each group only the coins that can be its first: a fiat is, and what has no rank has no
    /// market cap to go before one that has.
    pub(super) fn firsts(&self, groups: &mut [Group]) {
        for group in groups {
            if fiat::by_id(group.coins[0]).is_some() {
                group.coins.truncate(1);
            } else if group.coins.iter().any(|coin| self.is_ranked(*coin)) {
                group.coins.retain(|coin| self.is_ranked(*coin));
            }
        }
    }

    fn is_ranked(&self, id: CoinId) -> bool {
        self.0.is_some_and(|names| names.is_ranked(id))
    }

    /// The currencies of `converts`; never none.
    pub(super) fn currencies(
        &self,
        converts: &Converts,
        query: &Query,
    ) -> Result<Vec<Currency>, Unresolved> {
        let mut found = Vec::new();
        let mut missing: Vec<Arc<str>> = Vec::new();
        match converts {
            Converts::Symbols(codes) => {
                for code in codes {
                    match self.currency(code) {
                        Some(id) => found.push(Currency { id, name: Arc::clone(code) }),
                        None => missing.push(Arc::clone(code)),
                    }
                }
            }
            Converts::Ids(ids) => {
                for id in ids {
                    let name = name_of(Some(*id));
                    match self.pays(*id) {
                        true => found.push(Currency { id: *id, name }),
                        false => missing.push(name),
                    }
                }
            }
        }
        let parameter = if matches!(converts, Converts::Ids(_)) { "convert_id" } else { "convert" };
        if missing.is_empty() { Ok(found) } else { Err(unresolved(parameter, &missing, query)) }
    }

    fn currency(&self, code: &str) -> Option<CoinId> {
        let fiat = fiat::by_code(code).map(|fiat| fiat.id);
        fiat.or_else(|| self.0.and_then(|names| names.candidates(code).next()))
            .filter(|id| self.pays(*id))
    }

    /// Whether prices can be given in it: a fiat, or a coin that has a price itself.
    fn pays(&self, id: CoinId) -> bool {
        fiat::by_id(id).is_some() || self.0.is_none_or(|names| names.is_ranked(id))
    }

    fn knows(&self, id: CoinId, fiats: bool) -> bool {
        (fiats && fiat::by_id(id).is_some()) || self.0.is_none_or(|names| names.knows(id))
    }
}

fn name_of(coin: Option<CoinId>) -> Arc<str> {
    coin.map_or_else(|| Arc::from(""), |coin| coin.to_string().into())
}

/// Names that must all mean something: what upstream does not have is an error, too. The map may
/// be older than the coin, or could not be had at all.
#[derive(Debug)]
pub struct Strict {
    /// The parameter that they came in.
    pub parameter: &'static str,
    /// The name of each group, as it was asked for.
    pub texts: Vec<Arc<str>>,
}

impl Strict {
    /// What `skip_invalid` makes of names.
    pub(super) fn unless(skip_invalid: bool, groups: &[Group], query: &Query) -> Option<Self> {
        let texts = || groups.iter().map(|group| Arc::clone(&group.text)).collect();
        (!skip_invalid).then(|| Self { parameter: parameter_of(query), texts: texts() })
    }
}

/// The rule of `skip_invalid`.
pub(super) fn check(
    groups: &[Group],
    missing: &[Arc<str>],
    skip_invalid: bool,
    none_is_error: bool,
    query: &Query,
) -> Result<(), Unresolved> {
    let fatal = !missing.is_empty() && (!skip_invalid || (groups.is_empty() && none_is_error));
    if fatal { Err(unresolved(parameter_of(query), missing, query)) } else { Ok(()) }
}

/// What is said if upstream has none of the coins that the map has.
pub(super) fn none_of(selector: &Selector, query: &Query) -> Box<QueryError> {
    let texts: Vec<Arc<str>> = match selector {
        Selector::Ids(ids) => ids.iter().map(|id| Arc::clone(&id.text)).collect(),
        Selector::Slugs(texts) | Selector::Symbols(texts) => texts.clone(),
    };
    unresolved(parameter_of(query), &texts, query).0
}

fn parameter_of(query: &Query) -> &'static str {
    ["id", "ids", "slug"].into_iter().find(|name| query.get(name).is_some()).unwrap_or("symbol")
}

fn unresolved(parameter: &str, texts: &[Arc<str>], query: &Query) -> Unresolved {
    let plural = if texts.len() > 1 { "s" } else { "" };
    let message = format!("Invalid value{plural} for \"{parameter}\": \"{}\"", texts.join(","));
    Unresolved(Box::new(QueryError::invalid(message, query.operation.style)))
}
