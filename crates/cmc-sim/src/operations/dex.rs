//! Decentralised exchanges, old and new, and candles of their tokens.

use super::Operation;
use crate::params::spec::NOTHING;
use crate::params::{spec_dex as spec, spec_pools};
use crate::routes::dex::{
    candles, holders, listings, lists, pairs, platforms, series, spot, tapes, tokens,
};
use crate::tariff::Price;

#[rustfmt::skip]
pub(super) const TABLE: &[Operation] = operations! {
    Get "/v4/dex/spot-pairs/latest" 4 Java true Basic
        (Price::flat(1)) spec_pools::SPOT, spot::latest;
    Get "/v4/dex/pairs/quotes/latest" 4 Java true Basic
        (Price::flat(1)) spec_pools::PAIRS, pairs::quotes;
    Get "/v4/dex/pairs/ohlcv/latest" 4 Java false Basic
        (Price::flat(1)) spec_pools::PAIRS, series::running;
    Get "/v4/dex/pairs/ohlcv/historical" 4 Java false Basic
        (Price::flat(1)) spec_pools::HISTORY, series::finished;
    Get "/v4/dex/pairs/trade/latest" 4 Java false Basic
        (Price::flat(1)) spec_pools::TRADES, series::trades;
    Get "/v4/dex/networks/list" 4 Java false Basic
        (Price::flat(1)) spec_pools::NETWORKS, listings::networks;
    Get "/v4/dex/listings/quotes" 4 Java false Basic
        (Price::flat(1)) spec_pools::LISTINGS, listings::quotes;
    Get "/v4/dex/listings/info" 4 Java false Basic
        (Price::flat(1)) spec_pools::LISTINGS_INFO, listings::info;
    Get "/v1/dex/token" 1 Java true Basic (Price::flat(1)) spec::TOKEN, tokens::token;
    Get "/v1/dex/token/price" 1 Java true Basic (Price::flat(1)) spec::TOKEN, tokens::price;
    Get "/v1/dex/token/pools" 1 Java true Basic (Price::flat(1)) spec::POOLS, tokens::pools;
    Get "/v1/dex/search" 1 Java true Basic (Price::flat(1)) spec::SEARCH, tokens::search;
    Get "/v1/dex/security/detail" 1 Java true Basic
        (Price::flat(1)) spec::SECURITY, platforms::security;
    Get "/v1/dex/tokens/transactions" 1 Java true Basic (Price::flat(1)) spec::TAPE, tapes::swaps;
    Get "/v1/dex/liquidity-change/list" 1 Java true Basic
        (Price::flat(1)) spec::TAPE, tapes::deposits;
    Get "/v1/dex/token-liquidity/query" 1 Java true Basic
        (Price::flat(1)) spec::LIQUIDITY, tapes::liquidity;
    Get "/v1/dex/platform/list" 1 Java true Basic (Price::flat(1)) NOTHING, platforms::list;
    Get "/v1/dex/platform/detail" 1 Java true Basic
        (Price::flat(1)) spec::PLATFORM, platforms::detail;
    Get "/v1/dex/holders/count" 1 Java true Basic (Price::flat(1)) spec::HOLDERS, holders::count;
    Get "/v1/dex/holders/tag_count" 1 Java false Basic
        (Price::flat(1)) spec::HOLDERS, holders::tags;
    Get "/v1/dex/holders/trend/list" 1 Java false Basic
        (Price::flat(1)) spec::HOLDERS_TREND, holders::trend;
    Post "/v1/dex/holders/list" 1 Java true Basic (Price::flat(1)) NOTHING, holders::list;
    Post "/v1/dex/holders/detail" 1 Java true Basic (Price::flat(1)) NOTHING, holders::detail;
    Post "/v1/dex/tokens/trending/list" 1 Java false Basic
        (Price::flat(1)) NOTHING, lists::trending;
    Post "/v1/dex/new/list" 1 Java false Basic (Price::flat(1)) NOTHING, lists::new;
    Post "/v1/dex/gainer-loser/list" 1 Java false Basic (Price::flat(1)) NOTHING, lists::movers;
    Post "/v1/dex/meme/list" 1 Java false Basic (Price::flat(1)) NOTHING, lists::memes;
    Post "/v1/dex/tokens/batch-query" 1 Java false Basic (Price::flat(1)) NOTHING, tokens::batch;
    Post "/v1/dex/token/price/batch" 1 Java false Basic (Price::flat(1)) NOTHING, tokens::prices;
    Get "/v1/k-line/candles" 1 Java true Basic (Price::flat(1)) spec::CANDLES, candles::candles;
    Get "/v1/k-line/points" 1 Java true Basic (Price::flat(1)) spec::CANDLES, candles::points;
    Get "/v2/dex/multiplier" 2 Java false Basic
        (Price::FREE) spec::MULTIPLIER, platforms::multiplier;
};
