//! Contracts, liquidations, real-world assets, questions and answers.

use super::Operation;
use crate::params::spec_v5 as spec;
use crate::routes::v5::{ai, derivatives, exchanges, liquidations, rwa, rwa_issuers, rwa_pairs};
use crate::tariff::Price;

#[rustfmt::skip]
pub(super) const TABLE: &[Operation] = operations! {
    Get "/v5/cryptocurrency/derivatives/market-pairs/list/latest" 5 Java false Basic
        (Price::per(250).and_converts()) spec::COIN_PAIRS, derivatives::of_coin;
    Get "/v5/exchange/derivatives/list" 5 Java false Basic
        (Price::per(250).and_converts()) spec::EXCHANGES, exchanges::list;
    Get "/v5/exchange/derivatives/market-pairs/list/latest" 5 Java false Basic
        (Price::per(250).and_converts()) spec::EXCHANGE_PAIRS, exchanges::pairs;
    Get "/v5/derivatives/liquidations/cryptocurrency/list/latest" 5 Java false Basic
        (Price::per(250).and_converts()) spec::COINS_CLOSED, liquidations::of_coins;
    Get "/v5/derivatives/liquidations/exchange/list/latest" 5 Java false Basic
        (Price::per(250).and_converts()) spec::EXCHANGES_CLOSED, liquidations::of_exchanges;
    Get "/v5/derivatives/liquidations/quotes/latest" 5 Java false Basic
        (Price::flat(1).and_converts()) spec::ALL_CLOSED, liquidations::total;
    Get "/v5/real-world-assets/map" 5 Java false Basic
        (Price::FREE) spec::RWA_MAP, rwa::map;
    Get "/v5/real-world-assets/assets/list" 5 Java false Basic
        (Price::per(250).and_converts()) spec::RWA_LIST, rwa::list;
    Get "/v5/real-world-assets/quotes/latest" 5 Java false Basic
        (Price::per(250).and_converts()) spec::RWA_QUOTES, rwa::latest;
    Get "/v5/real-world-assets/info" 5 Java false Basic
        (Price::per(250)) spec::RWA_INFO, rwa::info;
    Get "/v5/real-world-assets/issuers" 5 Java false Basic
        (Price::flat(1)) spec::RWA_ISSUER, rwa_issuers::one;
    Get "/v5/real-world-assets/issuers/list" 5 Java false Basic
        (Price::flat(1)) spec::RWA_ISSUERS, rwa_issuers::list;
    Get "/v5/real-world-assets/market-pairs/list" 5 Java false Growth
        (Price::per(250).and_converts()) spec::RWA_PAIRS, rwa_pairs::list;
    Get "/v5/cmc-ai/latest" 5 Java false Enterprise
        (Price::flat(1)) spec::AI_MARKET, ai::latest;
    Get "/v5/cmc-ai/coins/map" 5 Java false Enterprise
        (Price::flat(1)) spec::AI_MAP, ai::coins_map;
    Get "/v5/cmc-ai/coins/latest" 5 Java false Enterprise
        (Price::per(1)) spec::AI_COINS, ai::coins_latest;
};
