//! The words that parameters take, in the documentation's order: refusals list them.

type Words = &'static [&'static str];

const ASC_DESC: Words = &["asc", "desc"];
const COIN_TYPES: Words = &["all", "coins", "tokens"];
const STATUSES: Words = &["active", "inactive", "untracked"];

const LISTINGS_SORT: Words = &[
    "market_cap",
    "market_cap_strict",
    "name",
    "symbol",
    "date_added",
    "price",
    "circulating_supply",
    "total_supply",
    "max_supply",
    "num_market_pairs",
    "volume_24h",
    "volume_7d",
    "volume_30d",
    "percent_change_1h",
    "percent_change_24h",
    "percent_change_7d",
    "market_cap_by_total_supply_strict",
];

const LISTINGS_HISTORICAL_SORT: Words = &[
    "cmc_rank",
    "name",
    "symbol",
    "market_cap",
    "price",
    "circulating_supply",
    "total_supply",
    "max_supply",
    "num_market_pairs",
    "volume_24h",
    "percent_change_1h",
    "percent_change_24h",
    "percent_change_7d",
];

const PAIRS_SORT: Words = &[
    "volume_24h_strict",
    "cmc_rank",
    "cmc_rank_advanced",
    "effective_liquidity",
    "market_score",
    "market_reputation",
];

const EXCHANGE_SORT: Words = &["volume_24h", "name", "volume_24h_adjusted", "exchange_score"];
const PAIRS_CATEGORY: Words = &["all", "spot", "derivatives", "otc", "perpetual"];
const EXCHANGE_PAIRS_CATEGORY: Words =
    &["all", "spot", "derivatives", "otc", "futures", "perpetual"];
const EXCHANGE_CATEGORY: Words = &["all", "spot", "derivatives", "dex", "lending"];
const FEES: Words = &["all", "percentage", "no-fees", "transactional-mining", "unknown"];

const INTERVALS: Words = &[
    "yearly", "monthly", "weekly", "daily", "hourly", "5m", "10m", "15m", "30m", "45m", "1h", "2h",
    "3h", "4h", "6h", "12h", "24h", "1d", "2d", "3d", "7d", "14d", "15d", "30d", "60d", "90d",
    "365d",
];

const CANDLE_INTERVALS: Words = &[
    "yearly", "monthly", "weekly", "daily", "hourly", "1h", "2h", "3h", "4h", "6h", "12h", "1d",
    "2d", "3d", "7d", "14d", "15d", "30d", "60d", "90d", "365d",
];

const PERIODS: Words = &["all_time", "yesterday", "24h", "7d", "30d", "90d", "365d"];

const LANGUAGES: Words = &[
    "en", "zh", "zh-tw", "de", "id", "ja", "ko", "es", "th", "tr", "vi", "ru", "fr", "nl", "ar",
    "pt-br", "hi", "pl", "uk", "fil-rph", "it",
];

/// The words of which a parameter takes one.
pub(super) fn one_of(path: &str, name: &str) -> Option<Words> {
    let (_, rest) = path.trim_start_matches('/').split_once('/')?;
    Some(match (rest, name) {
        ("cryptocurrency/listings/latest", "sort") => LISTINGS_SORT,
        ("cryptocurrency/listings/historical", "sort") => LISTINGS_HISTORICAL_SORT,
        ("cryptocurrency/trending/gainers-losers", "sort") => &["percent_change_24h"],
        ("cryptocurrency/market-pairs/latest", "sort") => PAIRS_SORT,
        ("cryptocurrency/map", "sort") => &["id", "cmc_rank"],
        ("exchange/listings/latest", "sort") => EXCHANGE_SORT,
        ("exchange/map", "sort") => &["id", "volume_24h"],
        ("fiat/map", "sort") => &["id", "name"],
        (_, "sort_dir") => ASC_DESC,
        (_, "cryptocurrency_type") => COIN_TYPES,
        ("cryptocurrency/listings/latest", "tag") if path.starts_with("/v1/") => {
            &["all", "defi", "filesharing"]
        }
        ("cryptocurrency/market-pairs/latest", "category") => PAIRS_CATEGORY,
        ("exchange/market-pairs/latest", "category") => EXCHANGE_PAIRS_CATEGORY,
        ("exchange/listings/latest", "category") => EXCHANGE_CATEGORY,
        ("exchange/listings/latest", "market_type") => &["all", "fees", "no_fees"],
        (_, "fee_type") => FEES,
        ("cryptocurrency/ohlcv/historical", "time_period") => &["daily", "hourly"],
        ("cryptocurrency/trending/gainers-losers", "time_period") => &["1h", "24h", "7d", "30d"],
        (
            "cryptocurrency/trending/latest" | "cryptocurrency/trending/most-visited",
            "time_period",
        ) => &["24h", "7d", "30d"],
        ("cryptocurrency/ohlcv/historical", "interval") => CANDLE_INTERVALS,
        (
            "cryptocurrency/quotes/historical"
            | "exchange/quotes/historical"
            | "global-metrics/quotes/historical",
            "interval",
        ) => INTERVALS,
        ("cryptocurrency/airdrops", "status") => &["ONGOING", "UPCOMING", "ENDED"],
        ("altcoin-season-index/historical", "timeframe") => &["7d", "30d", "90d"],
        ("content/latest", "language") => LANGUAGES,
        _ => return None,
    })
}

/// The words of which a parameter takes a comma-separated set.
pub(super) fn set_of(path: &str, name: &str) -> Option<Words> {
    match name {
        "listing_status" => Some(STATUSES),
        "time_period" if path.ends_with("/price-performance-stats/latest") => Some(PERIODS),
        _ => None,
    }
}

/// The supplemental fields of quotes unless asked otherwise.
pub(super) const QUOTES_AUX_DEFAULT: &str = "num_market_pairs,cmc_rank,date_added,tags,platform,\
    max_supply,circulating_supply,total_supply,is_active,is_fiat";

const QUOTES_AUX: Words = &[
    "num_market_pairs",
    "cmc_rank",
    "date_added",
    "tags",
    "platform",
    "max_supply",
    "circulating_supply",
    "total_supply",
    "market_cap_by_total_supply",
    "volume_24h_reported",
    "volume_7d",
    "volume_7d_reported",
    "volume_30d",
    "volume_30d_reported",
    "is_market_cap_included_in_calc",
    "is_active",
    "is_fiat",
];

/// The supplemental fields that an operation knows; `None` if nobody has listed them.
pub(super) fn aux(path: &str) -> Option<Words> {
    let (_, rest) = path.trim_start_matches('/').split_once('/')?;
    Some(match rest {
        "cryptocurrency/quotes/latest" => QUOTES_AUX,
        "cryptocurrency/listings/latest" => LISTINGS_AUX,
        "cryptocurrency/info" => INFO_AUX,
        "cryptocurrency/map" => MAP_AUX,
        "cryptocurrency/listings/historical" => &[
            "platform",
            "tags",
            "date_added",
            "circulating_supply",
            "total_supply",
            "max_supply",
            "cmc_rank",
            "num_market_pairs",
        ],
        "cryptocurrency/quotes/historical" => QUOTES_HISTORICAL_AUX,
        "cryptocurrency/market-pairs/latest" | "exchange/market-pairs/latest" => PAIRS_AUX,
        "exchange/map" => &["first_historical_data", "last_historical_data", "is_active", "status"],
        "exchange/info" => &["urls", "logo", "description", "date_launched", "notice", "status"],
        "exchange/listings/latest" => EXCHANGE_LISTINGS_AUX,
        "exchange/quotes/latest" => EXCHANGE_QUOTES_AUX,
        "global-metrics/quotes/historical" => GLOBAL_HISTORICAL_AUX,
        _ => return None,
    })
}

const LISTINGS_AUX: Words = QUOTES_AUX.split_at(15).0;

const INFO_AUX: Words =
    &["urls", "logo", "description", "tags", "platform", "date_added", "notice", "status"];

const MAP_AUX: Words =
    &["platform", "first_historical_data", "last_historical_data", "is_active", "status"];

const QUOTES_HISTORICAL_AUX: Words = &[
    "price",
    "volume",
    "market_cap",
    "circulating_supply",
    "total_supply",
    "quote_timestamp",
    "is_active",
    "is_fiat",
    "search_interval",
];

const PAIRS_AUX: Words = &[
    "num_market_pairs",
    "category",
    "fee_type",
    "market_url",
    "currency_name",
    "currency_slug",
    "price_quote",
    "notice",
    "cmc_rank",
    "effective_liquidity",
    "market_score",
    "market_reputation",
];

const EXCHANGE_LISTINGS_AUX: Words = &[
    "num_market_pairs",
    "traffic_score",
    "rank",
    "exchange_score",
    "effective_liquidity_24h",
    "date_launched",
    "fiats",
];

const EXCHANGE_QUOTES_AUX: Words = &[
    "num_market_pairs",
    "traffic_score",
    "rank",
    "exchange_score",
    "liquidity_score",
    "effective_liquidity_24h",
];

const GLOBAL_HISTORICAL_AUX: Words = &[
    "btc_dominance",
    "eth_dominance",
    "active_cryptocurrencies",
    "active_exchanges",
    "active_market_pairs",
    "total_volume_24h",
    "total_volume_24h_reported",
    "altcoin_market_cap",
    "altcoin_volume_24h",
    "altcoin_volume_24h_reported",
    "search_interval",
];
