//! Markets and exchanges, trends, categories, airdrops.

use super::Operation;
use crate::params::spec_markets as spec;
use crate::routes::{airdrops, categories, exchange_quotes, pairs, trending};
use crate::tariff::Price;

#[rustfmt::skip]
pub(super) const TABLE: &[Operation] = operations! {
    Get "/v1/cryptocurrency/listings/new" 1 Classic false Startup
        (Price::per(250).and_converts()) spec::NEW, trending::new;
    Get "/v1/cryptocurrency/trending/latest" 1 Classic false Startup
        (Price::per(250).and_converts()) spec::TRENDING, trending::latest;
    Get "/v1/cryptocurrency/trending/most-visited" 1 Classic false Startup
        (Price::per(250).and_converts()) spec::TRENDING, trending::most_visited;
    Get "/v1/cryptocurrency/trending/gainers-losers" 1 Classic false Startup
        (Price::per(250).and_converts()) spec::MOVERS, trending::gainers_losers;
    // The base is as documented; one live receipt says that there is none: `categories_base`.
    Get "/v1/cryptocurrency/categories" 1 Classic true Basic
        (Price { base: 1, ..Price::per(200).and_converts() }) spec::CATEGORIES, categories::list;
    Get "/v1/cryptocurrency/category" 1 Classic true Basic
        (Price::per(250).and_converts()) spec::CATEGORY, categories::one;
    Get "/v1/cryptocurrency/airdrops" 1 Classic false Builder
        (Price::flat(1)) spec::AIRDROPS, airdrops::list;
    Get "/v1/cryptocurrency/airdrop" 1 Classic false Builder
        (Price::flat(1)) spec::AIRDROP, airdrops::one;
    Get "/v1/cryptocurrency/market-pairs/latest" 1 Classic false Growth
        (Price::per(100).and_converts()) spec::COIN_PAIRS, pairs::of_coin;
    Get "/v2/cryptocurrency/market-pairs/latest" 2 Classic false Growth
        (Price::per(250).and_converts()) spec::COIN_PAIRS, pairs::of_coin;
    Get "/v1/exchange/market-pairs/latest" 1 Classic false Growth
        (Price::per(250).and_converts()) spec::EXCHANGE_PAIRS, pairs::of_exchange;
    Get "/v1/exchange/listings/latest" 1 Classic false Growth
        (Price::per(250).and_converts()) spec::EXCHANGE_LISTINGS, exchange_quotes::listings;
    Get "/v1/exchange/quotes/latest" 1 Classic false Growth
        (Price::per(250).and_converts()) spec::EXCHANGE_QUOTES, exchange_quotes::latest;
    Get "/v1/exchange/assets" 1 Classic false Basic
        (Price::flat(1)) spec::ASSETS, exchange_quotes::assets;
};
