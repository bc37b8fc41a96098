//! What the data does not say of an operation as a whole: family, wire style, class, or-group.

use crate::operation::{CacheClass, Family, Style, V};

pub(super) struct Shape {
    pub(super) family: Family,
    pub(super) style: Style,
    pub(super) class: CacheClass,
}

pub(super) fn of(path: &str) -> Shape {
    Shape { family: family(path), style: style(path), class: class(path) }
}

/// Whether an operation belongs to the decentralised exchanges, whose rules nobody has published.
pub(super) fn is_dex(path: &str) -> bool {
    path.contains("/dex/") || path.starts_with("/v1/k-line/")
}

fn family(path: &str) -> Family {
    match path {
        "/v1/cryptocurrency/quotes/latest" => Family::Quotes(V::V1),
        "/v2/cryptocurrency/quotes/latest" => Family::Quotes(V::V2),
        "/v3/cryptocurrency/quotes/latest" => Family::Quotes(V::V3),
        "/v1/cryptocurrency/listings/latest" => Family::Listings(V::V1),
        "/v3/cryptocurrency/listings/latest" => Family::Listings(V::V3),
        "/v1/simple/price" => Family::SimplePrice(V::V1),
        "/v2/simple/price" => Family::SimplePrice(V::V2),
        "/v1/cryptocurrency/info" => Family::Info(V::V1),
        "/v2/cryptocurrency/info" => Family::Info(V::V2),
        "/v1/cryptocurrency/map" => Family::Map,
        "/v1/key/info" => Family::KeyInfo,
        _ => family_of_others(path),
    }
}

fn family_of_others(path: &str) -> Family {
    match path {
        "/v1/cryptocurrency/ohlcv/latest" => Family::OhlcvLatest(V::V1),
        "/v2/cryptocurrency/ohlcv/latest" => Family::OhlcvLatest(V::V2),
        "/v1/cryptocurrency/price-performance-stats/latest" => Family::Performance(V::V1),
        "/v2/cryptocurrency/price-performance-stats/latest" => Family::Performance(V::V2),
        "/v1/cryptocurrency/market-pairs/latest" => Family::MarketPairs(V::V1),
        "/v2/cryptocurrency/market-pairs/latest" => Family::MarketPairs(V::V2),
        "/v1/tools/price-conversion" => Family::Conversion(V::V1),
        "/v2/tools/price-conversion" => Family::Conversion(V::V2),
        "/v1/cryptocurrency/trending/latest"
        | "/v1/cryptocurrency/trending/most-visited"
        | "/v1/cryptocurrency/trending/gainers-losers" => Family::Trending,
        "/v1/cryptocurrency/listings/new" => Family::ListingsNew,
        "/v1/cryptocurrency/category" => Family::Category,
        "/v1/cryptocurrency/categories" => Family::Categories,
        "/v1/fiat/map" => Family::FiatMap,
        "/v1/global-metrics/quotes/latest" => Family::Global,
        "/v3/fear-and-greed/historical" => Family::FearAndGreedHistory,
        "/v1/exchange/map" => Family::ExchangeMap,
        "/v1/exchange/info" => Family::ExchangeInfo,
        "/v1/exchange/quotes/latest" => Family::ExchangeQuotes,
        "/v1/exchange/listings/latest" => Family::ExchangeListings,
        "/v1/exchange/market-pairs/latest" => Family::ExchangePairs,
        _ => Family::Whole,
    }
}

fn style(path: &str) -> Style {
    let java = is_dex(path)
        || path.starts_with("/v5/")
        || path.starts_with("/v3/fear-and-greed/")
        || path.starts_with("/v3/index/")
        || path.starts_with("/v1/altcoin-season-index/")
        || matches!(
            path,
            "/v3/cryptocurrency/quotes/latest"
                | "/v3/cryptocurrency/listings/latest"
                | "/v2/simple/price"
                | "/v1/global-metrics/quotes/latest"
        );
    if java { Style::Java } else { Style::Classic }
}

fn class(path: &str) -> CacheClass {
    if is_dex(path) {
        return CacheClass::Dex;
    }
    match without_version(path) {
        "key/info" => CacheClass::Live,
        "cryptocurrency/map" => CacheClass::Map,
        "cryptocurrency/info" => CacheClass::Info,
        "cryptocurrency/quotes/latest" | "simple/price" | "tools/price-conversion" => {
            CacheClass::Quotes
        }
        "cryptocurrency/listings/latest" | "cryptocurrency/listings/new" => CacheClass::Listings,
        "global-metrics/quotes/latest" => CacheClass::Global,
        "fiat/map"
        | "exchange/map"
        | "tools/postman"
        | "cryptocurrency/multiplier"
        | "real-world-assets/map"
        | "real-world-assets/issuers/list"
        | "cmc-ai/coins/map" => CacheClass::Static,
        rest if rest.contains("/trending/") => CacheClass::Trending,
        rest if rest.contains("/ohlcv/") => CacheClass::Ohlcv,
        rest if rest.ends_with("historical") => CacheClass::History,
        rest => by_folder(rest),
    }
}

fn by_folder(rest: &str) -> CacheClass {
    match rest.split('/').next() {
        Some("exchange") => CacheClass::Exchanges,
        Some("fear-and-greed" | "index" | "altcoin-season-index") => CacheClass::Sentiment,
        Some("content" | "community") => CacheClass::Content,
        _ => CacheClass::Other,
    }
}

/// Names of which at least one must be given, in the order of the operation's parameters.
pub(super) fn one_of(path: &str) -> &'static [&'static str] {
    match path {
        "/v1/cryptocurrency/multiplier" => &["crypto_id", "crypto_slug", "symbol", "token_address"],
        "/v2/simple/price" => &["id", "slug", "symbol"],
        "/v1/blockchain/statistics/latest" => &["id", "symbol", "slug"],
        "/v5/cryptocurrency/derivatives/market-pairs/list/latest" => {
            &["crypto_id", "crypto_slug", "crypto_symbol"]
        }
        "/v5/exchange/derivatives/market-pairs/list/latest" => &["exchange_id", "exchange_slug"],
        _ => one_of_any(without_version(path)),
    }
}

/// The same in every version.
fn one_of_any(rest: &str) -> &'static [&'static str] {
    match rest {
        "cryptocurrency/info" => &["id", "slug", "symbol", "address"],
        "cryptocurrency/quotes/latest"
        | "cryptocurrency/market-pairs/latest"
        | "cryptocurrency/ohlcv/historical"
        | "cryptocurrency/price-performance-stats/latest"
        | "partners/flipside-crypto/fcas/quotes/latest" => &["id", "slug", "symbol"],
        "cryptocurrency/quotes/historical"
        | "cryptocurrency/ohlcv/latest"
        | "tools/price-conversion" => &["id", "symbol"],
        "exchange/info"
        | "exchange/quotes/latest"
        | "exchange/quotes/historical"
        | "exchange/market-pairs/latest" => &["id", "slug"],
        _ => &[],
    }
}

fn without_version(path: &str) -> &str {
    let rest = path.strip_prefix("/v").unwrap_or(path);
    rest.split_once('/').map_or(rest, |(_, rest)| rest)
}
