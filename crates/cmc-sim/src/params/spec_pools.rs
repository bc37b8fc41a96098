//! The tables of pools, chains and exchanges (v4).

use super::spec::{
    COIN, Kind, Param, Spec, convert_id as any_convert_id, limit, optional, required, skip_invalid,
    start,
};
use super::spec_dex::{amount, text, whole};

const CONVERTS_MAX: usize = 30;
const PAIR_AUX: Kind = Kind::Aux(&[
    "pool_created",
    "percent_pooled_base_asset",
    "num_transactions_24h",
    "pool_base_asset",
    "pool_quote_asset",
    "24h_volume_quote_asset",
    "total_supply_quote_asset",
    "total_supply_base_asset",
    "holders",
    "buy_tax",
    "sell_tax",
    "security_scan",
    "24h_no_of_buys",
    "24h_no_of_sells",
    "24h_buy_volume",
    "24h_sell_volume",
]);
const PERIODS: Kind = Kind::Choice(&["daily", "hourly", "1m", "5m", "15m", "4h"]);
const NETWORK: [&str; 2] = ["network_id", "network_slug"];

const fn number(name: &'static str) -> Param {
    optional(name, Kind::Number(f64::MIN, f64::MAX))
}

const fn direction() -> Param {
    optional("sort_dir", Kind::Choice(&["desc", "asc"]))
}

const fn convert_id() -> Param {
    Param { kind: Kind::Ids(COIN, CONVERTS_MAX), ..any_convert_id() }
}

const fn reversed() -> Param {
    optional("reverse_order", Kind::Flag)
}

pub(crate) const SPOT: Spec = Spec {
    params: &[
        text("network_id"),
        text("network_slug"),
        text("dex_id"),
        text("dex_slug"),
        text("base_asset_id"),
        text("base_asset_symbol"),
        text("base_asset_contract_address"),
        text("base_asset_ucid"),
        text("quote_asset_id"),
        text("quote_asset_symbol"),
        text("quote_asset_contract_address"),
        text("quote_asset_ucid"),
        text("scroll_id"),
        whole("limit", 100.0),
        amount("liquidity_min"),
        amount("liquidity_max"),
        amount("volume_24h_min"),
        amount("volume_24h_max"),
        amount("no_of_transactions_24h_min"),
        amount("no_of_transactions_24h_max"),
        number("percent_change_24h_min"),
        number("percent_change_24h_max"),
        optional(
            "sort",
            Kind::Choice(&[
                "volume_24h",
                "liquidity",
                "no_of_transactions_24h",
                "percent_change_24h",
            ]),
        ),
        direction(),
        optional("aux", PAIR_AUX),
        reversed(),
        convert_id(),
    ],
    one_of: &[
        "network_id",
        "network_slug",
        "dex_id",
        "dex_slug",
        "base_asset_id",
        "base_asset_symbol",
        "base_asset_contract_address",
        "base_asset_ucid",
        "quote_asset_id",
        "quote_asset_symbol",
        "quote_asset_contract_address",
        "quote_asset_ucid",
    ],
};

pub(crate) const PAIRS: Spec = Spec {
    params: &[
        required("contract_address", Kind::Text),
        text("network_id"),
        text("network_slug"),
        optional("aux", PAIR_AUX),
        convert_id(),
        skip_invalid(),
        reversed(),
    ],
    one_of: &NETWORK,
};

pub(crate) const HISTORY: Spec = Spec {
    params: &[
        required("contract_address", Kind::Text),
        text("network_id"),
        text("network_slug"),
        optional("time_period", PERIODS),
        text("time_start"),
        text("time_end"),
        whole("count", 500.0),
        text("interval"),
        optional("aux", PAIR_AUX),
        convert_id(),
        skip_invalid(),
        reversed(),
    ],
    one_of: &NETWORK,
};

pub(crate) const TRADES: Spec = Spec {
    params: &[
        required("contract_address", Kind::Text),
        text("network_id"),
        text("network_slug"),
        optional("aux", Kind::Aux(&["transaction_hash", "blockchain_explorer_link"])),
        convert_id(),
        skip_invalid(),
        reversed(),
    ],
    one_of: &NETWORK,
};

pub(crate) const NETWORKS: Spec = Spec {
    params: &[
        start(),
        limit(),
        optional("sort", Kind::Choice(&["id", "name"])),
        direction(),
        optional(
            "aux",
            Kind::Aux(&[
                "alternativeName",
                "cryptocurrencyId",
                "cryptocurrencySlug",
                "wrappedTokenId",
                "wrappedTokenSlug",
                "tokenExplorerUrl",
                "poolExplorerUrl",
                "transactionHashUrl",
            ]),
        ),
    ],
    one_of: &[],
};

pub(crate) const LISTINGS: Spec = Spec {
    params: &[
        start(),
        limit(),
        optional("sort", Kind::Choice(&["volume_24h", "name", "num_market_pairs"])),
        direction(),
        optional("type", Kind::Choice(&["all", "orderbook", "swap", "aggregator"])),
        optional("aux", Kind::Aux(&["date_launched"])),
        convert_id(),
    ],
    one_of: &[],
};

pub(crate) const LISTINGS_INFO: Spec = Spec {
    params: &[
        required("id", Kind::Ids(COIN, usize::MAX)),
        optional("aux", Kind::Aux(&["urls", "logo", "description", "date_launched", "notice"])),
    ],
    one_of: &[],
};
