//! Parts: what upstream answers object by object, and so is fetched and kept object by object.

use std::{fmt, sync::Arc};

use crate::id::CoinId;

/// A kind of object that upstream answers one of per subject and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A coin's running candle.
    OhlcvLatest,
    /// A coin's highs and lows over all periods.
    Performance,
    /// An exchange's metadata.
    ExchangeInfo,
    /// An exchange's volumes.
    ExchangeQuotes,
    /// The totals of the whole market.
    Global,
}

/// What `time_period` may name; they cost nothing, so all are fetched.
const PERIODS: &str = "all_time,yesterday,24h,7d,30d,90d,365d";
const EXCHANGE_INFO: [&str; 6] =
    ["urls", "logo", "description", "date_launched", "notice", "status"];
const EXCHANGE_QUOTES: [&str; 6] = [
    "num_market_pairs",
    "traffic_score",
    "rank",
    "exchange_score",
    "liquidity_score",
    "effective_liquidity_24h",
];

impl Part {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::OhlcvLatest,
        Self::Performance,
        Self::ExchangeInfo,
        Self::ExchangeQuotes,
        Self::Global,
    ];

    /// Whose it is, if it is a coin's: exchanges have ids, too.
    #[must_use]
    pub const fn coin(self, whose: &Whose) -> Option<CoinId> {
        match (self, whose) {
            (Self::OhlcvLatest | Self::Performance, Whose::Id(coin)) => Some(*coin),
            _ => None,
        }
    }

    /// The operation that answers the most of them for a credit.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::OhlcvLatest => "/v2/cryptocurrency/ohlcv/latest",
            Self::Performance => "/v2/cryptocurrency/price-performance-stats/latest",
            Self::ExchangeInfo => "/v1/exchange/info",
            Self::ExchangeQuotes => "/v1/exchange/quotes/latest",
            Self::Global => "/v1/global-metrics/quotes/latest",
        }
    }

    /// A short name, for keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OhlcvLatest => "ohlcv",
            Self::Performance => "performance",
            Self::ExchangeInfo => "exchange",
            Self::ExchangeQuotes => "volume",
            Self::Global => "global",
        }
    }

    /// Whether there is one per currency.
    #[must_use]
    pub const fn has_quotes(self) -> bool {
        !matches!(self, Self::ExchangeInfo)
    }

    /// Whether a name that upstream does not know fails the whole call.
    #[must_use]
    pub const fn is_strict(self) -> bool {
        matches!(self, Self::ExchangeInfo | Self::ExchangeQuotes)
    }

    /// The members that are in an answer only if `aux` names them.
    const fn optional(self) -> &'static [&'static str] {
        match self {
            Self::ExchangeInfo => &EXCHANGE_INFO,
            Self::ExchangeQuotes => &EXCHANGE_QUOTES,
            Self::OhlcvLatest | Self::Performance | Self::Global => &[],
        }
    }

    /// The parameters, beside subjects and currency, that make an answer hold everything.
    pub(crate) fn widest(self) -> String {
        match self {
            Self::OhlcvLatest => "&skip_invalid=true".to_owned(),
            Self::Performance => format!("&time_period={PERIODS}&skip_invalid=true"),
            Self::ExchangeInfo | Self::ExchangeQuotes => {
                format!("&aux={}", self.optional().join(","))
            }
            Self::Global => String::new(),
        }
    }
}

/// Whose part it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// The whole market's.
    Market,
    /// A coin's or an exchange's, by id.
    Id(CoinId),
    /// An exchange's, by slug.
    Slug(Arc<str>),
}

impl Whose {
    /// The parameter that names it.
    pub(crate) const fn parameter(&self) -> Option<&'static str> {
        match self {
            Self::Market => None,
            Self::Id(_) => Some("id"),
            Self::Slug(_) => Some("slug"),
        }
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Market => f.write_str("-"),
            Self::Id(id) => id.fmt(f),
            Self::Slug(slug) => f.write_str(slug),
        }
    }
}
