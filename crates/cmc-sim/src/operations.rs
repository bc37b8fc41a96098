//! The table of everything served: path, stack, parameters, price, and who writes the data.

use crate::config::Plan;
use crate::envelope::Stack;
use crate::json::Json;
use crate::market::Market;
use crate::market::moment::Moment;
use crate::meter::{Meter, Payer};
use crate::params::Params;
use crate::params::spec::{self, Spec};
use crate::refusal::Refusal;
use crate::routes::{
    conversion, exchanges, fiats, global, info, key, listings, map, quotes, sentiment, simple,
};
use crate::tariff::Price;
use crate::time::Millis;

/// One admitted and validated request.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) market: &'a Market,
    pub(crate) moment: &'a Moment,
    pub(crate) meter: &'a Meter,
    pub(crate) payer: &'a Payer,
    pub(crate) params: Params,
    pub(crate) version: u8,
    pub(crate) now_ms: Millis,
}

/// An answer that is known to succeed: what it will be charged for, and how to write it.
pub(crate) struct Prepared<'a> {
    pub(crate) n_items: usize,
    pub(crate) n_converts: usize,
    pub(crate) total_count: Option<u64>,
    pub(crate) write: Box<dyn FnOnce(&mut Json) + 'a>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(n_items: usize, write: impl FnOnce(&mut Json) + 'a) -> Self {
        Self { n_items, n_converts: 1, total_count: None, write: Box::new(write) }
    }

    pub(crate) fn converted(self, n_converts: usize) -> Self {
        Self { n_converts, ..self }
    }
}

type Serve = for<'a> fn(&'a Ask<'a>) -> Result<Prepared<'a>, Refusal>;

/// One endpoint.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    pub(crate) version: u8,
    pub(crate) stack: Stack,
    pub(crate) is_keyless: bool,
    pub(crate) price: Price,
    pub(crate) spec: &'static Spec,
    pub(crate) serve: Serve,
}

macro_rules! operations {
    ($($path:literal $version:literal $stack:ident $keyless:literal ($price:expr)
       $spec:ident $serve:path;)*) => {
        &[$(Operation {
            path: $path, version: $version, stack: Stack::$stack, is_keyless: $keyless,
            price: $price, spec: &spec::$spec, serve: $serve,
        }),*]
    };
}

#[rustfmt::skip]
pub(crate) const OPERATIONS: &[Operation] = operations! {
    "/v2/cryptocurrency/quotes/latest" 2 Classic false
        (Price::per(100).and_converts()) QUOTES quotes::keyed;
    "/v3/cryptocurrency/quotes/latest" 3 Java true
        (Price::per(250).and_converts()) QUOTES quotes::flat;
    "/v1/cryptocurrency/quotes/latest" 1 Classic false
        (Price::per(100).and_converts()) QUOTES quotes::keyed;
    "/v1/cryptocurrency/listings/latest" 1 Classic false
        (Price::per(200).and_converts()) LISTINGS_V1 listings::latest;
    "/v3/cryptocurrency/listings/latest" 3 Java true
        (Price::per(250).and_converts()) LISTINGS_V3 listings::latest;
    "/v1/cryptocurrency/map" 1 Classic true
        (Price::FREE) MAP map::map;
    "/v1/cryptocurrency/info" 1 Classic false
        (Price::per(100)) INFO info::info;
    "/v2/cryptocurrency/info" 2 Classic true
        (Price::per(250)) INFO info::info;
    "/v1/simple/price" 1 Classic true
        (Price::flat(1)) SIMPLE_V1 simple::plain;
    "/v2/simple/price" 2 Java true
        (Price::per(250).and_converts()) SIMPLE_V2 simple::converted;
    "/v1/global-metrics/quotes/latest" 1 Java true
        (Price::flat(1).and_converts()) GLOBAL global::latest;
    "/v1/fiat/map" 1 Classic false
        (Price::flat(1)) FIAT_MAP fiats::map;
    "/v1/tools/price-conversion" 1 Classic false
        (Price::flat(1).and_converts()) CONVERSION conversion::convert;
    "/v2/tools/price-conversion" 2 Classic true
        (Price::flat(1).and_converts()) CONVERSION conversion::convert;
    "/v1/key/info" 1 Classic false
        (Price::FREE) NOTHING key::info;
    "/v1/exchange/map" 1 Classic true
        (Price::flat(1)) EXCHANGE_MAP exchanges::map;
    "/v1/exchange/info" 1 Classic false
        (Price::per(250)) EXCHANGE_INFO exchanges::info;
    "/v3/fear-and-greed/latest" 3 Java true
        (Price::flat(1)) NOTHING sentiment::latest;
};

/// Paths that exist but are not simulated, and the least plan that may call them.
const GATED: &[(&str, Plan)] = &[
    ("/v1/cryptocurrency/airdrop", Plan::Builder),
    ("/v1/cryptocurrency/airdrops", Plan::Builder),
    ("/v1/cryptocurrency/listings/new", Plan::Startup),
    ("/v1/cryptocurrency/trending/gainers-losers", Plan::Startup),
    ("/v1/cryptocurrency/trending/latest", Plan::Startup),
    ("/v1/cryptocurrency/trending/most-visited", Plan::Startup),
    ("/v1/cryptocurrency/ohlcv/latest", Plan::Startup),
    ("/v2/cryptocurrency/ohlcv/latest", Plan::Startup),
    ("/v1/cryptocurrency/ohlcv/historical", Plan::Startup),
    ("/v2/cryptocurrency/ohlcv/historical", Plan::Startup),
    ("/v1/cryptocurrency/price-performance-stats/latest", Plan::Startup),
    ("/v2/cryptocurrency/price-performance-stats/latest", Plan::Startup),
    ("/v1/cryptocurrency/market-pairs/latest", Plan::Growth),
    ("/v2/cryptocurrency/market-pairs/latest", Plan::Growth),
    ("/v1/exchange/listings/latest", Plan::Growth),
    ("/v1/exchange/quotes/latest", Plan::Growth),
    ("/v1/exchange/market-pairs/latest", Plan::Growth),
    ("/v1/content/latest", Plan::Growth),
    ("/v1/content/posts/comments", Plan::Growth),
    ("/v1/content/posts/latest", Plan::Growth),
    ("/v1/content/posts/top", Plan::Growth),
    ("/v1/community/trending/token", Plan::Growth),
    ("/v1/community/trending/topic", Plan::Growth),
    ("/v5/real-world-assets/market-pairs/list", Plan::Growth),
    ("/v1/blockchain/statistics/latest", Plan::Enterprise),
    ("/v5/cmc-ai/coins/latest", Plan::Enterprise),
    ("/v5/cmc-ai/coins/map", Plan::Enterprise),
    ("/v5/cmc-ai/latest", Plan::Enterprise),
];

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Route {
    Served(&'static Operation),
    /// Known, not simulated: the gate is, what lies behind it is not.
    Gated(&'static str, Plan),
    Unknown,
}

impl Route {
    pub(crate) fn of(path: &str) -> Self {
        if let Some(operation) = OPERATIONS.iter().find(|operation| operation.path == path) {
            return Self::Served(operation);
        }
        let gate = GATED.iter().find(|gate| gate.0 == path);
        gate.map_or(Self::Unknown, |&(path, plan)| Self::Gated(path, plan))
    }

    /// The style of its errors.
    pub(crate) fn stack(self) -> Stack {
        match self {
            Self::Served(operation) => operation.stack,
            Self::Gated(path, _) if !path.starts_with("/v5") => Stack::Classic,
            Self::Gated(..) | Self::Unknown => Stack::Java,
        }
    }

    /// How it is called in the bill.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Served(operation) => operation.path,
            Self::Gated(path, _) => path,
            Self::Unknown => "unknown",
        }
    }
}
