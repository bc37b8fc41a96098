//! Coins as they are now, and the small operations around them.

use super::Operation;
use crate::params::spec;
use crate::routes::{
    conversion, exchanges, fiats, global, info, key, listings, map, quotes, sentiment, simple,
};
use crate::tariff::Price;

#[rustfmt::skip]
pub(super) const TABLE: &[Operation] = operations! {
    Get "/v2/cryptocurrency/quotes/latest" 2 Classic false Basic
        (Price::per(100).and_converts()) spec::QUOTES, quotes::keyed;
    Get "/v3/cryptocurrency/quotes/latest" 3 Java true Basic
        (Price::per(250).and_converts()) spec::QUOTES, quotes::flat;
    Get "/v1/cryptocurrency/quotes/latest" 1 Classic false Basic
        (Price::per(100).and_converts()) spec::QUOTES, quotes::keyed;
    Get "/v1/cryptocurrency/listings/latest" 1 Classic false Basic
        (Price::per(200).and_converts()) spec::LISTINGS_V1, listings::latest;
    Get "/v3/cryptocurrency/listings/latest" 3 Java true Basic
        (Price::per(250).and_converts()) spec::LISTINGS_V3, listings::latest;
    Get "/v1/cryptocurrency/map" 1 Classic true Basic
        (Price::FREE) spec::MAP, map::map;
    Get "/v1/cryptocurrency/info" 1 Classic false Basic
        (Price::per(100)) spec::INFO, info::info;
    Get "/v2/cryptocurrency/info" 2 Classic true Basic
        (Price::per(250)) spec::INFO, info::info;
    Get "/v1/simple/price" 1 Classic true Basic
        (Price::flat(1)) spec::SIMPLE_V1, simple::plain;
    Get "/v2/simple/price" 2 Java true Basic
        (Price::per(250).and_converts()) spec::SIMPLE_V2, simple::converted;
    Get "/v1/global-metrics/quotes/latest" 1 Java true Basic
        (Price::flat(1).and_converts()) spec::GLOBAL, global::latest;
    Get "/v1/fiat/map" 1 Classic false Basic
        (Price::flat(1)) spec::FIAT_MAP, fiats::map;
    Get "/v1/tools/price-conversion" 1 Classic false Basic
        (Price::flat(1).and_converts()) spec::CONVERSION, conversion::convert;
    Get "/v2/tools/price-conversion" 2 Classic true Basic
        (Price::flat(1).and_converts()) spec::CONVERSION, conversion::convert;
    Get "/v1/key/info" 1 Classic false Basic
        (Price::FREE) spec::NOTHING, key::info;
    Get "/v1/exchange/map" 1 Classic true Basic
        (Price::flat(1)) spec::EXCHANGE_MAP, exchanges::map;
    Get "/v1/exchange/info" 1 Classic false Basic
        (Price::per(250)) spec::EXCHANGE_INFO, exchanges::info;
    Get "/v3/fear-and-greed/latest" 3 Java true Basic
        (Price::flat(1)) spec::NOTHING, sentiment::latest;
};
