//! The words of the file, and what they stand for.

use crate::{
    operation::{CacheClass, Family, JudgedBy, Keying, Method, PriceUnit, Style, V, WireType},
    param::Subject,
    plan::Plan,
};

type Table<T> = [(&'static str, T)];

pub(super) const METHODS: &Table<Method> = &[("GET", Method::Get), ("POST", Method::Post)];

pub(super) const STACKS: &Table<Style> = &[("classic", Style::Classic), ("java", Style::Java)];

pub(super) const JUDGES: &Table<JudgedBy> =
    &[("catalogue", JudgedBy::Catalogue), ("upstream", JudgedBy::Upstream)];

pub(super) const SUBJECTS: &Table<Subject> =
    &[("coin", Subject::Coin), ("exchange", Subject::Exchange)];

pub(super) const FAMILIES: &Table<Family> = &[
    ("quotes.v1", Family::Quotes(V::V1)),
    ("quotes.v2", Family::Quotes(V::V2)),
    ("quotes.v3", Family::Quotes(V::V3)),
    ("listings.v1", Family::Listings(V::V1)),
    ("listings.v3", Family::Listings(V::V3)),
    ("simple_price.v1", Family::SimplePrice(V::V1)),
    ("simple_price.v2", Family::SimplePrice(V::V2)),
    ("info.v1", Family::Info(V::V1)),
    ("info.v2", Family::Info(V::V2)),
    ("map", Family::Map),
    ("key_info", Family::KeyInfo),
    ("ohlcv_latest.v1", Family::OhlcvLatest(V::V1)),
    ("ohlcv_latest.v2", Family::OhlcvLatest(V::V2)),
    ("performance.v1", Family::Performance(V::V1)),
    ("performance.v2", Family::Performance(V::V2)),
    ("market_pairs.v1", Family::MarketPairs(V::V1)),
    ("market_pairs.v2", Family::MarketPairs(V::V2)),
    ("trending", Family::Trending),
    ("listings_new", Family::ListingsNew),
    ("category", Family::Category),
    ("categories", Family::Categories),
    ("conversion.v1", Family::Conversion(V::V1)),
    ("conversion.v2", Family::Conversion(V::V2)),
    ("fiat_map", Family::FiatMap),
    ("global", Family::Global),
    ("fear_and_greed_history", Family::FearAndGreedHistory),
    ("exchange_map", Family::ExchangeMap),
    ("exchange_info", Family::ExchangeInfo),
    ("exchange_quotes", Family::ExchangeQuotes),
    ("exchange_listings", Family::ExchangeListings),
    ("exchange_pairs", Family::ExchangePairs),
    ("whole", Family::Whole),
];

pub(super) const KINDS: &Table<Kind> = &[
    ("ids", Kind::Ids),
    ("slugs", Kind::Slugs),
    ("symbols", Kind::Symbols),
    ("integer", Kind::Integer),
    ("number", Kind::Number),
    ("boolean", Kind::Boolean),
    ("one_of", Kind::OneOf),
    ("set_of", Kind::SetOf),
    ("aux", Kind::Aux),
    ("text", Kind::Text),
    ("time", Kind::Time),
];

/// What a parameter may hold, before its words and bounds are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ids,
    Slugs,
    Symbols,
    Integer,
    Number,
    Boolean,
    OneOf,
    SetOf,
    Aux,
    Text,
    Time,
}

pub(super) const PRICES: &Table<Price> = &[
    ("free", Price::Free),
    ("flat", Price::Flat),
    ("batch", Price::Batch),
    ("item", Price::Item),
    ("unknown", Price::Unknown),
];

/// A price rule, before its numbers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Price {
    Free,
    Flat,
    Batch,
    Item,
    Unknown,
}

pub(super) fn classes() -> Vec<(&'static str, CacheClass)> {
    CacheClass::ALL.iter().map(|class| (class.name(), *class)).collect()
}

pub(super) fn keyings() -> Vec<(&'static str, Keying)> {
    Keying::ALL.iter().map(|keying| (keying.name(), *keying)).collect()
}

pub(super) fn units() -> Vec<(&'static str, PriceUnit)> {
    PriceUnit::ALL.iter().map(|unit| (unit.name(), *unit)).collect()
}

pub(super) fn wire_types() -> Vec<(&'static str, WireType)> {
    WireType::ALL.iter().map(|wire| (wire.name(), *wire)).collect()
}

pub(super) fn plans() -> Vec<(&'static str, Plan)> {
    Plan::ALL.iter().map(|plan| (plan.name(), *plan)).collect()
}
