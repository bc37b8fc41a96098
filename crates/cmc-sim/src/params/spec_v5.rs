//! The tables of v5.

use super::spec::{
    COIN, Kind, MANY, Noun, Param, Spec, convert, convert_id, limit, optional, required,
    skip_invalid, start, symbols,
};

const EXCHANGE: Noun = Noun::Exchange;
const FEES: Kind =
    Kind::Choice(&["all", "percentage", "no-fees", "transactional-mining", "unknown"]);
const PAIR_SORT: Kind =
    Kind::Choice(&["volume_24h_strict", "cmc_rank", "cmc_rank_advanced", "effective_liquidity"]);
const CLOSED_SORT: Kind =
    Kind::Choice(&["total_liquidations_24h", "total_liquidations_4h", "total_liquidations_1h"]);
const ASSET_KINDS: Kind =
    Kind::Choice(&["stock", "commodity", "currency", "government_security", "etf", "real_estate"]);
/// A default of its own lets it stand beside `convert`.
const CONVERT_ID_TOO: Param = optional("convert_id", Kind::CurrencyIds);

const fn direction() -> Param {
    optional("sort_dir", Kind::Choice(&["desc", "asc"]))
}

const fn sort(kind: Kind) -> Param {
    optional("sort", kind)
}

const fn category() -> Param {
    optional("category", Kind::Choice(&["all", "futures", "perpetual"]))
}

const fn matched_id() -> Param {
    optional("matched_id", Kind::Ids(COIN, MANY))
}

const fn matched_symbol() -> Param {
    optional("matched_symbol", Kind::Symbols(MANY))
}

const fn coin_ids() -> Param {
    optional("crypto_id", Kind::Ids(COIN, MANY))
}

const fn coin_slugs() -> Param {
    optional("crypto_slug", Kind::Slugs(COIN))
}

const fn rwa_ids() -> Param {
    optional("rwa_id", Kind::Ids(COIN, MANY))
}

const fn rwa_slugs() -> Param {
    optional("rwa_slug", Kind::Slugs(COIN))
}

const fn sources() -> Param {
    optional("sources_limit", Kind::Integer(0.0, 100.0))
}

pub(crate) const COIN_PAIRS: Spec = Spec {
    params: &[
        optional("crypto_id", Kind::Ids(COIN, 1)),
        coin_slugs(),
        optional("crypto_symbol", Kind::Symbols(1)),
        start(),
        limit(),
        direction(),
        sort(PAIR_SORT),
        category(),
        optional("fee_type", FEES),
        matched_id(),
        matched_symbol(),
        optional("center_type", Kind::Choice(&["all", "cex", "dex"])),
        convert(),
        convert_id(),
    ],
    one_of: &["crypto_id", "crypto_slug", "crypto_symbol"],
};

pub(crate) const EXCHANGE_PAIRS: Spec = Spec {
    params: &[
        optional("exchange_id", Kind::Ids(EXCHANGE, 1)),
        optional("exchange_slug", Kind::Slugs(EXCHANGE)),
        start(),
        limit(),
        sort(PAIR_SORT),
        direction(),
        category(),
        optional("fee_type", FEES),
        matched_id(),
        matched_symbol(),
        convert(),
        convert_id(),
    ],
    one_of: &["exchange_id", "exchange_slug"],
};

pub(crate) const EXCHANGES: Spec = Spec {
    params: &[
        start(),
        limit(),
        sort(Kind::Choice(&["volume_24h", "name", "volume_24h_adjusted", "exchange_score"])),
        direction(),
        convert(),
        convert_id(),
    ],
    one_of: &[],
};

pub(crate) const COINS_CLOSED: Spec = Spec {
    params: &[
        coin_ids(),
        coin_slugs(),
        symbols(),
        skip_invalid(),
        sort(CLOSED_SORT),
        direction(),
        start(),
        limit(),
        convert(),
        CONVERT_ID_TOO,
    ],
    one_of: &[],
};

pub(crate) const EXCHANGES_CLOSED: Spec = Spec {
    params: &[
        optional("exchange_id", Kind::Ids(EXCHANGE, MANY)),
        optional("exchange_slug", Kind::Slugs(EXCHANGE)),
        skip_invalid(),
        sort(CLOSED_SORT),
        direction(),
        start(),
        limit(),
        convert(),
        CONVERT_ID_TOO,
    ],
    one_of: &[],
};

pub(crate) const ALL_CLOSED: Spec = Spec { params: &[convert(), CONVERT_ID_TOO], one_of: &[] };

pub(crate) const RWA_MAP: Spec = Spec {
    params: &[
        optional("asset_type", ASSET_KINDS),
        symbols(),
        sort(Kind::Choice(&["rwa_id", "name", "rwa_rank"])),
        start(),
        limit(),
    ],
    one_of: &[],
};

pub(crate) const RWA_LIST: Spec = Spec {
    params: &[
        rwa_ids(),
        rwa_slugs(),
        symbols(),
        optional("asset_type", ASSET_KINDS),
        sort(Kind::Choice(&[
            "rwa_rank",
            "symbol",
            "average_tokenized_price",
            "tokenized_market_cap",
            "tokenized_volume_24h",
        ])),
        direction(),
        start(),
        limit(),
        convert(),
        convert_id(),
        skip_invalid(),
    ],
    one_of: &[],
};

pub(crate) const RWA_QUOTES: Spec = Spec {
    params: &[rwa_ids(), rwa_slugs(), symbols(), convert(), convert_id(), skip_invalid()],
    one_of: &["rwa_id", "rwa_slug", "symbol"],
};

pub(crate) const RWA_INFO: Spec = Spec {
    params: &[rwa_ids(), rwa_slugs(), symbols(), skip_invalid()],
    one_of: &["rwa_id", "rwa_slug", "symbol"],
};

pub(crate) const RWA_PAIRS: Spec = Spec {
    params: &[
        rwa_ids(),
        rwa_slugs(),
        symbols(),
        sort(Kind::Choice(&["volume_24h", "price"])),
        direction(),
        start(),
        limit(),
        convert(),
        convert_id(),
    ],
    one_of: &["rwa_id", "rwa_slug", "symbol"],
};

pub(crate) const RWA_ISSUER: Spec =
    Spec { params: &[required("issuer_id", Kind::Text), start(), limit()], one_of: &[] };

pub(crate) const RWA_ISSUERS: Spec = Spec {
    params: &[
        optional("issuer_id", Kind::Text),
        optional("active", Kind::Flag),
        start(),
        limit(),
        skip_invalid(),
    ],
    one_of: &[],
};

pub(crate) const AI_MARKET: Spec =
    Spec { params: &[optional("type", Kind::Text), sources(), start(), limit()], one_of: &[] };

pub(crate) const AI_MAP: Spec = Spec {
    params: &[
        coin_ids(),
        optional("slug", Kind::Slugs(COIN)),
        symbols(),
        sort(Kind::Choice(&["cmc_rank", "crypto_id"])),
        start(),
        limit(),
    ],
    one_of: &[],
};

pub(crate) const AI_COINS: Spec = Spec {
    params: &[
        coin_ids(),
        optional("slug", Kind::Slugs(COIN)),
        symbols(),
        optional("type", Kind::Text),
        optional("question_key", Kind::Text),
        sources(),
        skip_invalid(),
        start(),
        limit(),
    ],
    one_of: &[],
};
