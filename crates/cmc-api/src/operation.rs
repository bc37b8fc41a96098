//! One operation of the API, as data: what it takes, what it costs, how it may be kept.

mod facts;

use std::{fmt, sync::Arc, time::Duration};

pub use self::facts::{Billing, BodyField, Depth, History, JudgedBy, Keying, PriceUnit, WireType};
use crate::{param::Param, plan::Plan};

/// How an operation is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`, with a JSON body.
    Post,
}

impl Method {
    /// The method of that name, as it stands in a request line.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "GET" => Some(Self::Get),
            "POST" => Some(Self::Post),
            _ => None,
        }
    }

    /// As in a request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The wire style of the stack that answers: spacing, key order, types of the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// The v1 and v2 stack: pretty-printed, `status` first, integer codes.
    Classic,
    /// The v3 and later stack: compact, `data` first, codes as strings.
    Java,
}

/// The version of an operation that exists in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum V {
    /// `/v1/…`
    V1,
    /// `/v2/…`
    V2,
    /// `/v3/…`
    V3,
}

/// Which operations answer with the same entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `cryptocurrency/quotes/latest`
    Quotes(V),
    /// `cryptocurrency/listings/latest`
    Listings(V),
    /// `simple/price`
    SimplePrice(V),
    /// `cryptocurrency/info`
    Info(V),
    /// `cryptocurrency/map`
    Map,
    /// `key/info`
    KeyInfo,
    /// `cryptocurrency/ohlcv/latest`
    OhlcvLatest(V),
    /// `cryptocurrency/price-performance-stats/latest`
    Performance(V),
    /// `cryptocurrency/market-pairs/latest`
    MarketPairs(V),
    /// `cryptocurrency/trending/*`
    Trending,
    /// `cryptocurrency/listings/new`
    ListingsNew,
    /// `cryptocurrency/category`
    Category,
    /// `cryptocurrency/categories`
    Categories,
    /// `tools/price-conversion`
    Conversion(V),
    /// `fiat/map`
    FiatMap,
    /// `global-metrics/quotes/latest`
    Global,
    /// `fear-and-greed/historical`
    FearAndGreedHistory,
    /// `exchange/map`
    ExchangeMap,
    /// `exchange/info`
    ExchangeInfo,
    /// `exchange/quotes/latest`
    ExchangeQuotes,
    /// `exchange/listings/latest`
    ExchangeListings,
    /// `exchange/market-pairs/latest`
    ExchangePairs,
    /// No entity is known: an answer is kept whole or not at all.
    Whole,
}

/// The class of an answer; settings give freshness and grace per class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CacheClass {
    /// Latest prices of coins.
    Quotes,
    /// Ranked pages of coins.
    Listings,
    /// Metadata of coins.
    Info,
    /// The map of all coins.
    Map,
    /// Totals of the whole market.
    Global,
    /// Exchanges, their markets and their assets.
    Exchanges,
    /// What hardly changes: maps of fiats and exchanges, lists of networks.
    Static,
    /// What is trending.
    Trending,
    /// Candles.
    Ohlcv,
    /// Time series.
    History,
    /// Fear and greed, indices, altcoin season.
    Sentiment,
    /// News and posts.
    Content,
    /// Decentralised exchanges.
    Dex,
    /// Never kept.
    Live,
    /// Everything else.
    Other,
}

impl CacheClass {
    /// All classes, in the order of their declaration.
    pub const ALL: [Self; 15] = [
        Self::Quotes,
        Self::Listings,
        Self::Info,
        Self::Map,
        Self::Global,
        Self::Exchanges,
        Self::Static,
        Self::Trending,
        Self::Ohlcv,
        Self::History,
        Self::Sentiment,
        Self::Content,
        Self::Dex,
        Self::Live,
        Self::Other,
    ];

    /// The name that settings and metrics use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quotes => "quotes",
            Self::Listings => "listings",
            Self::Info => "info",
            Self::Map => "map",
            Self::Global => "global",
            Self::Exchanges => "exchanges",
            Self::Static => "static",
            Self::Trending => "trending",
            Self::Ohlcv => "ohlcv",
            Self::History => "history",
            Self::Sentiment => "sentiment",
            Self::Content => "content",
            Self::Dex => "dex",
            Self::Live => "live",
            Self::Other => "other",
        }
    }
}

/// What a successful call of an operation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PriceRule {
    /// Nothing.
    Free,
    /// The same for every call.
    Flat {
        /// Credits per call.
        credits: u32,
        /// Whether each currency beyond the first costs one more.
        convert: bool,
    },
    /// One credit per begun block of items, at least one.
    Batch {
        /// Items in a block.
        per: std::num::NonZeroU32,
        /// Credits on top of the blocks.
        base: u32,
        /// Whether each currency beyond the first costs one more.
        convert: bool,
    },
    /// One credit per item.
    Item,
    /// Nobody has said.
    Unknown,
}

/// One operation of the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// How it is asked.
    pub method: Method,
    /// Its path, `/v1/…`.
    pub path: Arc<str>,
    /// Its version, the first segment of the path; 0 if it has none.
    pub version: u32,
    /// What it is for, in one line.
    pub summary: Arc<str>,
    /// What it takes, in the documentation's order.
    pub params: Vec<Param>,
    /// Names of which at least one must be given; empty if none need be.
    pub one_of: Vec<Arc<str>>,
    /// Groups of names of which at most one may be given; empty if there are none.
    pub exclusive: Vec<Vec<Arc<str>>>,
    /// What the JSON body of a `POST` takes, as far as that is known.
    pub body: Vec<BodyField>,
    /// Who refuses bad parameters.
    pub judged_by: JudgedBy,
    /// What it costs.
    pub price: PriceRule,
    /// What is known of its price beside the rule.
    pub billing: Billing,
    /// How often upstream's own answer changes.
    pub cadence: Option<Duration>,
    /// The smallest plan that may call it.
    pub min_plan: Option<Plan>,
    /// How far back each plan reaches, the smallest first; empty where nothing is stated.
    pub history: Vec<History>,
    /// Whether it also answers without an API key.
    pub keyless: bool,
    /// Whether upstream has announced its end.
    pub deprecated: bool,
    /// Which operations share its entities.
    pub family: Family,
    /// Its wire style.
    pub style: Style,
    /// How the `data` of its answers is keyed.
    pub keying: Keying,
    /// How its answers may be kept.
    pub class: CacheClass,
    /// Whether it is in the catalogue; parameters of an unknown one pass as they are.
    pub known: bool,
}

impl Operation {
    /// An operation that no catalogue lists: it is passed on, and upstream judges.
    #[must_use]
    pub fn unknown(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.into(),
            version: version_of(path).unwrap_or_default(),
            summary: "".into(),
            params: Vec::new(),
            one_of: Vec::new(),
            exclusive: Vec::new(),
            body: Vec::new(),
            judged_by: JudgedBy::Upstream,
            price: PriceRule::Unknown,
            billing: Billing { unit: None, stated: false, repeats_free: false },
            cadence: None,
            min_plan: None,
            history: Vec::new(),
            keyless: false,
            deprecated: false,
            family: Family::Whole,
            style: Style::Java,
            keying: Keying::Bare,
            class: CacheClass::Other,
            known: false,
        }
    }

    /// The parameter of that name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| &*param.name == name)
    }

    /// Whether bad parameters are refused without asking upstream.
    #[must_use]
    pub fn is_judged_here(&self) -> bool {
        self.known && self.judged_by == JudgedBy::Catalogue
    }

    /// How far back a plan reaches; `None` where nothing is stated.
    #[must_use]
    pub fn history_of(&self, plan: Plan) -> Option<&History> {
        self.history.iter().find(|history| history.plan == plan)
    }
}

/// The version that a path begins with: 3 of `/v3/…`.
pub(crate) fn version_of(path: &str) -> Option<u32> {
    path.strip_prefix("/v")?.split('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests;
