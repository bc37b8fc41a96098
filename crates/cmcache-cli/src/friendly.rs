//! Names that people remember, and the operations that they stand for.

use std::sync::Arc;

use cmcache::cmc_api::{Catalogue, Method, Operation};

/// A name, and what it stands for: the newest version of an operation.
#[derive(Debug)]
pub(crate) struct Friendly {
    /// What is typed.
    pub(crate) name: &'static str,
    /// What may be typed instead.
    pub(crate) aliases: &'static [&'static str],
    /// The operation.
    pub(crate) path: &'static str,
    /// The parameters that bare words are, in their order.
    pub(crate) words: &'static [&'static str],
    /// What help says of it.
    pub(crate) about: &'static str,
}

const fn friendly(
    name: &'static str,
    aliases: &'static [&'static str],
    path: &'static str,
    words: &'static [&'static str],
    about: &'static str,
) -> Friendly {
    Friendly { name, aliases, path, words, about }
}

/// All names, in the order of the help.
pub(crate) const ALL: [Friendly; 19] = [
    friendly(
        "quotes",
        &["price"],
        "/v3/cryptocurrency/quotes/latest",
        &["symbol", "convert"],
        "Latest prices of coins",
    ),
    friendly(
        "listings",
        &["top"],
        "/v3/cryptocurrency/listings/latest",
        &["limit", "convert"],
        "Coins by market capitalisation, or by another order",
    ),
    friendly("info", &[], "/v2/cryptocurrency/info", &["symbol"], "What coins are"),
    friendly("map", &[], "/v1/cryptocurrency/map", &["symbol"], "Numbers, symbols and slugs"),
    friendly(
        "global",
        &[],
        "/v1/global-metrics/quotes/latest",
        &["convert"],
        "Totals of the whole market",
    ),
    friendly(
        "convert",
        &[],
        "/v2/tools/price-conversion",
        &["amount", "symbol", "convert"],
        "An amount of one currency in another",
    ),
    friendly(
        "ohlcv",
        &[],
        "/v2/cryptocurrency/ohlcv/latest",
        &["symbol", "convert"],
        "Today's candle of coins",
    ),
    friendly(
        "candles",
        &[],
        "/v2/cryptocurrency/ohlcv/historical",
        &["symbol", "convert"],
        "Candles of the past",
    ),
    friendly(
        "history",
        &[],
        "/v3/cryptocurrency/quotes/historical",
        &["symbol", "convert"],
        "Prices of the past",
    ),
    friendly(
        "trending",
        &[],
        "/v1/cryptocurrency/trending/latest",
        &["limit", "convert"],
        "Coins that people look for",
    ),
    friendly(
        "gainers",
        &["losers"],
        "/v1/cryptocurrency/trending/gainers-losers",
        &["limit", "convert"],
        "Coins that moved most",
    ),
    friendly("categories", &[], "/v1/cryptocurrency/categories", &["limit"], "Groups of coins"),
    friendly(
        "category",
        &[],
        "/v1/cryptocurrency/category",
        &["id", "convert"],
        "One group and its coins",
    ),
    friendly(
        "exchanges",
        &[],
        "/v1/exchange/listings/latest",
        &["limit", "convert"],
        "Exchanges by volume",
    ),
    friendly(
        "pairs",
        &[],
        "/v2/cryptocurrency/market-pairs/latest",
        &["symbol", "convert"],
        "Markets on which a coin trades",
    ),
    friendly("fear-greed", &[], "/v3/fear-and-greed/latest", &[], "The mood of the market"),
    friendly("index", &["cmc100"], "/v3/index/cmc100-latest", &[], "The CMC 100 index"),
    friendly("cmc20", &[], "/v3/index/cmc20-latest", &[], "The CMC 20 index"),
    friendly("key", &[], "/v1/key/info", &[], "The plan of the key and what is used of it"),
];

impl Friendly {
    /// The one with that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|known| known.name == name || known.aliases.contains(&name))
    }

    /// Whether a symbol must mean one coin. The map is what tells which coins there are.
    pub(crate) fn takes_coins(&self) -> bool {
        self.words.contains(&"symbol") && self.name != "map"
    }
}

/// The operation of a path in the catalogue that is built in: what help is written from.
pub(crate) fn operation(path: &str) -> Option<Arc<Operation>> {
    operation_of(path, &Catalogue::embedded())
}

/// The operation of a path: a `GET` if there is one, else a `POST`.
pub(crate) fn operation_of(path: &str, catalogue: &Catalogue) -> Option<Arc<Operation>> {
    let methods = [Method::Get, Method::Post];
    methods.into_iter().find_map(|method| catalogue.find(method, path).map(Arc::clone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_an_operation_and_its_words_for_parameters() {
        // A new catalogue may end a version.
        for friendly in &ALL {
            let operation = operation(friendly.path).unwrap_or_else(|| panic!("{friendly:?}"));
            for word in friendly.words {
                assert!(operation.param(word).is_some(), "{}: {word}", friendly.name);
            }
        }
    }
}
