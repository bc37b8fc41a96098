//! From checked text to what is asked for.

use std::sync::Arc;

use super::Query;
use crate::{
    ask::{Ask, InfoAsk, ListingsAsk, MapAsk, MapSort, QuotesAsk, SimpleAsk, SimpleFields},
    aux::{Aux, InfoAux, MapAux},
    convert::Converts,
    limits::{LISTINGS_COINS_MAX, START_MAX},
    operation::{Family, V},
    ranking::Ranking,
    selector::{Selector, once},
    symbol,
};

/// Filters that only v1 listings have: upstream's v3 cannot be asked for them.
const V1_FILTERS: [&str; 8] = [
    "self_reported_circulating_supply_min",
    "self_reported_circulating_supply_max",
    "self_reported_market_cap_min",
    "self_reported_market_cap_max",
    "unlocked_market_cap_min",
    "unlocked_market_cap_max",
    "unlocked_circulating_supply_min",
    "unlocked_circulating_supply_max",
];

impl Query {
    /// What is asked for, typed; [`Ask::Whole`] also where a parameter makes it impossible to
    /// compose the answer from entities.
    #[must_use]
    pub fn ask(&self) -> Ask {
        let ask = match self.operation.family {
            Family::Quotes(version) => self.quotes(version).map(Ask::Quotes),
            Family::Listings(version) => self.listings(version).map(Ask::Listings),
            Family::SimplePrice(version) => self.simple(version).map(Ask::Simple),
            Family::Info(version) => self.metadata(version).map(Ask::Info),
            Family::Map => Some(Ask::Map(self.map())),
            _ => self.others(),
        };
        ask.unwrap_or(Ask::Whole)
    }

    /// Which coins are meant: ids win over slugs, slugs over symbols.
    #[must_use]
    pub fn selector(&self) -> Option<Selector> {
        let ids = self.get("id").or_else(|| self.get("ids")).map(Selector::ids);
        let slugs = || self.get("slug").map(Selector::slugs);
        let symbols = || self.get("symbol").map(Selector::symbols);
        ids.or_else(slugs).or_else(symbols)
    }

    /// In which currencies.
    #[must_use]
    pub fn converts(&self) -> Converts {
        match (self.get("convert_id"), self.get("convert")) {
            (Some(ids), _) => Converts::ids(ids),
            (None, Some(symbols)) => Converts::symbols(symbols),
            (None, None) => Converts::usd(),
        }
    }

    fn quotes(&self, version: V) -> Option<QuotesAsk> {
        Some(QuotesAsk {
            version,
            selector: self.selector()?,
            converts: self.converts(),
            aux: self.get("aux").map_or(Aux::QUOTES_DEFAULT, Aux::parse),
            skip_invalid: self.flag("skip_invalid"),
        })
    }

    fn listings(&self, version: V) -> Option<ListingsAsk> {
        if V1_FILTERS.iter().any(|name| self.given(name).is_some()) {
            return None;
        }
        Some(ListingsAsk {
            version,
            ranking: Ranking::of(self),
            start: self.count("start").unwrap_or(1).min(START_MAX),
            limit: self.count("limit").unwrap_or(100).min(LISTINGS_COINS_MAX),
            converts: self.converts(),
            aux: self.get("aux").map_or(Aux::LISTINGS_DEFAULT, Aux::parse),
        })
    }

    fn simple(&self, version: V) -> Option<SimpleAsk> {
        if self.given("precision").is_some() {
            return None;
        }
        let all = self.flag("include_all");
        let flag = |name| all || self.flag(name);
        let fields = SimpleFields {
            market_cap: flag("include_market_cap"),
            volume: flag("include_24h_volume") || flag("include_volume_24h"),
            change: flag("include_24h_change") || flag("include_percent_change_24h"),
            last_updated: flag("include_last_updated"),
        };
        Some(SimpleAsk {
            version,
            selector: self.selector()?,
            converts: self.converts(),
            fields,
            skip_invalid: version == V::V1 || self.flag("skip_invalid"),
        })
    }

    fn metadata(&self, version: V) -> Option<InfoAsk> {
        Some(InfoAsk {
            version,
            selector: self.selector()?,
            aux: self.get("aux").map_or(InfoAux::DEFAULT, InfoAux::parse),
            skip_invalid: self.flag("skip_invalid"),
        })
    }

    fn map(&self) -> MapAsk {
        let statuses = self.get("listing_status").unwrap_or("active").split(',');
        let statuses = statuses.filter(|status| !status.is_empty()).map(Arc::from);
        MapAsk {
            statuses: once(statuses, Arc::clone),
            start: self.count("start").unwrap_or(1).min(START_MAX),
            limit: self.count("limit"),
            sort: if self.get("sort") == Some("cmc_rank") { MapSort::CmcRank } else { MapSort::Id },
            symbols: self.get("symbol").map(symbol::list),
            aux: self.get("aux").map_or(MapAux::DEFAULT, MapAux::parse),
        }
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// A whole number that has passed its range; one beyond `u32` is as good as the largest.
    pub(super) fn count(&self, name: &str) -> Option<u32> {
        self.get(name).map(|digits| digits.parse().unwrap_or(u32::MAX))
    }
}
