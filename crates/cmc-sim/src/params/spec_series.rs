//! The tables of what happens over time: histories, candles, lists of days, scores.

use super::spec::{
    COIN, Kind, MANY, Noun, Param, Spec, convert, convert_id, ids, limit, optional, required,
    skip_invalid, slugs, start, symbols,
};

// The default comes first.
const INTERVALS: Kind = Kind::Choice(&[
    "5m", "yearly", "monthly", "weekly", "daily", "hourly", "10m", "15m", "30m", "45m", "1h", "2h",
    "3h", "4h", "6h", "12h", "24h", "1d", "2d", "3d", "7d", "14d", "15d", "30d", "60d", "90d",
    "365d",
]);
const GLOBAL_INTERVALS: Kind = Kind::Choice(&[
    "1d", "yearly", "monthly", "weekly", "daily", "hourly", "5m", "10m", "15m", "30m", "45m", "1h",
    "2h", "3h", "4h", "6h", "12h", "24h", "2d", "3d", "7d", "14d", "15d", "30d", "60d", "90d",
    "365d",
]);
const CANDLE_INTERVALS: Kind = Kind::Choice(&[
    "daily", "yearly", "monthly", "weekly", "hourly", "1h", "2h", "3h", "4h", "6h", "12h", "1d",
    "2d", "3d", "7d", "14d", "15d", "30d", "60d", "90d", "365d",
]);
const PERIODS: &[&str] = &["all_time", "yesterday", "24h", "7d", "30d", "90d", "365d"];
const QUOTES_AUX: &[&str] = &[
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
const GLOBAL_AUX: &[&str] = &[
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
const LISTINGS_AUX: &[&str] = &[
    "platform",
    "tags",
    "date_added",
    "circulating_supply",
    "total_supply",
    "max_supply",
    "cmc_rank",
    "num_market_pairs",
];
const LISTINGS_SORT: Kind = Kind::Choice(&[
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
]);

const fn time_start() -> Param {
    optional("time_start", Kind::Time)
}

const fn time_end() -> Param {
    optional("time_end", Kind::Time)
}

const fn count() -> Param {
    optional("count", Kind::Integer(1.0, 10_000.0))
}

pub(crate) const QUOTES: Spec = Spec {
    params: &[
        ids(),
        symbols(),
        time_start(),
        time_end(),
        count(),
        optional("interval", INTERVALS),
        convert(),
        convert_id(),
        optional("aux", Kind::Aux(QUOTES_AUX)),
        skip_invalid(),
    ],
    one_of: &["id", "symbol"],
};

pub(crate) const CANDLES: Spec = Spec {
    params: &[
        ids(),
        slugs(),
        symbols(),
        optional("time_period", Kind::Choice(&["daily", "hourly"])),
        time_start(),
        time_end(),
        count(),
        optional("interval", CANDLE_INTERVALS),
        convert(),
        convert_id(),
        skip_invalid(),
    ],
    one_of: &["id", "slug", "symbol"],
};

pub(crate) const CANDLES_LATEST: Spec = Spec {
    params: &[ids(), symbols(), convert(), convert_id(), skip_invalid()],
    one_of: &["id", "symbol"],
};

pub(crate) const PERFORMANCE: Spec = Spec {
    params: &[
        ids(),
        slugs(),
        symbols(),
        optional("time_period", Kind::Choices(PERIODS)),
        convert(),
        convert_id(),
        skip_invalid(),
    ],
    one_of: &["id", "slug", "symbol"],
};

pub(crate) const EXCHANGE_QUOTES: Spec = Spec {
    params: &[
        optional("id", Kind::Ids(Noun::Exchange, MANY)),
        optional("slug", Kind::Slugs(Noun::Exchange)),
        time_start(),
        time_end(),
        count(),
        optional("interval", INTERVALS),
        convert(),
        convert_id(),
    ],
    one_of: &["id", "slug"],
};

pub(crate) const GLOBAL: Spec = Spec {
    params: &[
        time_start(),
        time_end(),
        count(),
        optional("interval", GLOBAL_INTERVALS),
        convert(),
        convert_id(),
        optional("aux", Kind::Aux(GLOBAL_AUX)),
    ],
    one_of: &[],
};

pub(crate) const LISTINGS: Spec = Spec {
    params: &[
        required("date", Kind::Time),
        start(),
        limit(),
        convert(),
        convert_id(),
        optional("sort", LISTINGS_SORT),
        optional("sort_dir", Kind::Choice(&["asc", "desc"])),
        optional("cryptocurrency_type", Kind::Choice(&["all", "coins", "tokens"])),
        optional("aux", Kind::Aux(LISTINGS_AUX)),
    ],
    one_of: &[],
};

pub(crate) const INDEX: Spec = Spec {
    params: &[
        optional("time_start", Kind::FullTime),
        optional("time_end", Kind::FullTime),
        optional("count", Kind::Integer(1.0, 10.0)),
        optional("interval", Kind::Choice(&["5m", "15m", "daily"])),
    ],
    one_of: &[],
};

pub(crate) const FEAR: Spec =
    Spec { params: &[start(), optional("limit", Kind::Integer(1.0, 500.0))], one_of: &[] };

pub(crate) const SEASON: Spec =
    Spec { params: &[optional("timeframe", Kind::Choice(&["7d", "30d", "90d"]))], one_of: &[] };

pub(crate) const SCORES_LISTED: Spec =
    Spec { params: &[start(), limit(), optional("aux", Kind::Text)], one_of: &[] };

pub(crate) const SCORES: Spec = Spec {
    params: &[ids(), slugs(), symbols(), optional("aux", Kind::Text)],
    one_of: &["id", "slug", "symbol"],
};

pub(crate) const CHAINS: Spec =
    Spec { params: &[ids(), symbols(), slugs()], one_of: &["id", "symbol", "slug"] };

pub(crate) const MULTIPLIER: Spec = Spec {
    params: &[
        optional("crypto_id", Kind::Ids(COIN, MANY)),
        optional("crypto_slug", Kind::Slugs(COIN)),
        symbols(),
        optional("token_address", Kind::Text),
        skip_invalid(),
        start(),
        limit(),
    ],
    one_of: &["crypto_id", "crypto_slug", "symbol", "token_address"],
};
