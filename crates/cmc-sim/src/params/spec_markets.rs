//! The tables of markets and exchanges, trends and categories.

use super::spec::{
    COIN, Kind, MANY, Noun, Param, Spec, convert, convert_id, ids, limit, optional, required,
    slugs, start, symbols,
};

const DIRECTION: Kind = Kind::Choice(&["asc", "desc"]);
const PAIRS_AUX: Kind = Kind::Aux(&[
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
]);
const PAIRS_SORT: Kind = Kind::Choice(&[
    "volume_24h_strict",
    "cmc_rank",
    "cmc_rank_advanced",
    "effective_liquidity",
    "market_score",
    "market_reputation",
]);
const FEES: Kind =
    Kind::Choice(&["all", "percentage", "no-fees", "transactional-mining", "unknown"]);

const fn matched_id() -> Param {
    optional("matched_id", Kind::Ids(COIN, MANY))
}

const fn matched_symbol() -> Param {
    optional("matched_symbol", Kind::Symbols(MANY))
}

const fn limit_1000() -> Param {
    optional("limit", Kind::Integer(1.0, 1_000.0))
}

const fn exchange_ids() -> Param {
    optional("id", Kind::Ids(Noun::Exchange, MANY))
}

const fn exchange_slugs() -> Param {
    optional("slug", Kind::Slugs(Noun::Exchange))
}

pub(crate) const COIN_PAIRS: Spec = Spec {
    params: &[
        ids(),
        slugs(),
        symbols(),
        start(),
        limit(),
        optional("sort_dir", DIRECTION),
        optional("sort", PAIRS_SORT),
        optional("aux", PAIRS_AUX),
        matched_id(),
        matched_symbol(),
        optional("category", Kind::Choice(&["all", "spot", "derivatives", "otc", "perpetual"])),
        optional("fee_type", FEES),
        convert(),
        convert_id(),
    ],
    one_of: &["id", "slug", "symbol"],
};

pub(crate) const EXCHANGE_PAIRS: Spec = Spec {
    params: &[
        exchange_ids(),
        exchange_slugs(),
        start(),
        limit(),
        optional("aux", PAIRS_AUX),
        matched_id(),
        matched_symbol(),
        optional(
            "category",
            Kind::Choice(&["all", "spot", "derivatives", "otc", "futures", "perpetual"]),
        ),
        optional("fee_type", FEES),
        convert(),
        convert_id(),
    ],
    one_of: &["id", "slug"],
};

pub(crate) const EXCHANGE_LISTINGS: Spec = Spec {
    params: &[
        start(),
        limit(),
        optional(
            "sort",
            Kind::Choice(&["volume_24h", "name", "volume_24h_adjusted", "exchange_score"]),
        ),
        optional("sort_dir", DIRECTION),
        optional("market_type", Kind::Choice(&["all", "fees", "no_fees"])),
        optional("category", Kind::Choice(&["all", "spot", "derivatives", "dex", "lending"])),
        optional(
            "aux",
            Kind::Aux(&[
                "num_market_pairs",
                "traffic_score",
                "rank",
                "exchange_score",
                "effective_liquidity_24h",
                "date_launched",
                "fiats",
            ]),
        ),
        convert(),
        convert_id(),
    ],
    one_of: &[],
};

pub(crate) const EXCHANGE_QUOTES: Spec = Spec {
    params: &[
        exchange_ids(),
        exchange_slugs(),
        convert(),
        convert_id(),
        optional(
            "aux",
            Kind::Aux(&[
                "num_market_pairs",
                "traffic_score",
                "rank",
                "exchange_score",
                "liquidity_score",
                "effective_liquidity_24h",
            ]),
        ),
    ],
    one_of: &["id", "slug"],
};

pub(crate) const ASSETS: Spec =
    Spec { params: &[required("id", Kind::Ids(Noun::Exchange, 1))], one_of: &[] };

pub(crate) const TRENDING: Spec = Spec {
    params: &[
        start(),
        limit_1000(),
        optional("time_period", Kind::Choice(&["24h", "7d", "30d"])),
        convert(),
        convert_id(),
    ],
    one_of: &[],
};

pub(crate) const MOVERS: Spec = Spec {
    params: &[
        start(),
        limit_1000(),
        optional("time_period", Kind::Choice(&["24h", "1h", "7d", "30d"])),
        convert(),
        convert_id(),
        optional("sort", Kind::Choice(&["percent_change_24h"])),
        optional("sort_dir", DIRECTION),
    ],
    one_of: &[],
};

pub(crate) const NEW: Spec = Spec {
    params: &[start(), limit(), convert(), convert_id(), optional("sort_dir", DIRECTION)],
    one_of: &[],
};

pub(crate) const CATEGORIES: Spec =
    Spec { params: &[start(), limit(), ids(), slugs(), symbols()], one_of: &[] };

pub(crate) const CATEGORY: Spec = Spec {
    params: &[required("id", Kind::Text), start(), limit_1000(), convert(), convert_id()],
    one_of: &[],
};

pub(crate) const AIRDROPS: Spec = Spec {
    params: &[
        start(),
        limit(),
        optional("status", Kind::Choice(&["ONGOING", "UPCOMING", "ENDED"])),
        ids(),
        slugs(),
        symbols(),
    ],
    one_of: &[],
};

pub(crate) const AIRDROP: Spec = Spec { params: &[required("id", Kind::Text)], one_of: &[] };
