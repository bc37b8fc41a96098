//! What happens over time: histories, candles, indices, scores.

use super::Operation;
use crate::params::{spec, spec_series};
use crate::routes::{
    candles, chains, exchange_series, global_series, index, multiplier, past_listings, performance,
    postman, quote_series, scores, seasons, sentiment,
};
use crate::tariff::Price;

#[rustfmt::skip]
pub(super) const TABLE: &[Operation] = operations! {
    Get "/v1/cryptocurrency/quotes/historical" 1 Classic false Basic
        (Price::per(100).and_converts()) spec_series::QUOTES, quote_series::historical;
    Get "/v2/cryptocurrency/quotes/historical" 2 Classic false Basic
        (Price::per(100).and_converts()) spec_series::QUOTES, quote_series::historical;
    Get "/v3/cryptocurrency/quotes/historical" 3 Classic false Basic
        (Price::per(100).and_converts()) spec_series::QUOTES, quote_series::historical;
    Get "/v1/cryptocurrency/listings/historical" 1 Classic false Basic
        (Price::per(100).and_converts()) spec_series::LISTINGS, past_listings::historical;
    Get "/v1/cryptocurrency/ohlcv/latest" 1 Classic false Startup
        (Price::per(100).and_converts()) spec_series::CANDLES_LATEST, candles::latest;
    Get "/v2/cryptocurrency/ohlcv/latest" 2 Classic false Startup
        (Price::per(250).and_converts()) spec_series::CANDLES_LATEST, candles::latest;
    Get "/v1/cryptocurrency/ohlcv/historical" 1 Classic false Startup
        (Price::per(100).and_converts()) spec_series::CANDLES, candles::historical;
    Get "/v2/cryptocurrency/ohlcv/historical" 2 Classic false Startup
        (Price::per(100).and_converts()) spec_series::CANDLES, candles::historical;
    Get "/v1/cryptocurrency/price-performance-stats/latest" 1 Classic false Startup
        (Price::per(100).and_converts()) spec_series::PERFORMANCE, performance::latest;
    Get "/v2/cryptocurrency/price-performance-stats/latest" 2 Classic false Startup
        (Price::per(250).and_converts()) spec_series::PERFORMANCE, performance::latest;
    Get "/v1/exchange/quotes/historical" 1 Classic false Basic
        (Price::per(100).and_converts()) spec_series::EXCHANGE_QUOTES, exchange_series::historical;
    Get "/v1/global-metrics/quotes/historical" 1 Classic false Basic
        (Price::per(100)) spec_series::GLOBAL, global_series::historical;
    Get "/v3/fear-and-greed/historical" 3 Java true Basic
        (Price::flat(1)) spec_series::FEAR, sentiment::historical;
    Get "/v1/altcoin-season-index/latest" 1 Java true Basic
        (Price::flat(1)) spec::NOTHING, seasons::latest;
    Get "/v1/altcoin-season-index/historical" 1 Java true Basic
        (Price::flat(1)) spec_series::SEASON, seasons::historical;
    Get "/v3/index/cmc100-latest" 3 Java true Basic
        (Price::flat(1)) spec::NOTHING, index::hundred;
    Get "/v3/index/cmc20-latest" 3 Java true Basic
        (Price::flat(1)) spec::NOTHING, index::twenty;
    Get "/v3/index/cmc100-historical" 3 Java true Basic
        (Price::flat(1)) spec_series::INDEX, index::hundred_historical;
    Get "/v3/index/cmc20-historical" 3 Java true Basic
        (Price::flat(1)) spec_series::INDEX, index::twenty_historical;
    Get "/v1/blockchain/statistics/latest" 1 Classic false Enterprise
        (Price::flat(1)) spec_series::CHAINS, chains::latest;
    Get "/v1/partners/flipside-crypto/fcas/listings/latest" 1 Classic false Basic
        (Price::per(100)) spec_series::SCORES_LISTED, scores::listings;
    Get "/v1/partners/flipside-crypto/fcas/quotes/latest" 1 Classic false Basic
        (Price::per(100)) spec_series::SCORES, scores::quotes;
    Get "/v1/cryptocurrency/multiplier" 1 Classic false Basic
        (Price::FREE) spec_series::MULTIPLIER, multiplier::list;
    // No price is published.
    Get "/v1/tools/postman" 1 Classic false Basic
        (Price::FREE) spec::NOTHING, postman::collection;
};
