//! Market pairs of coins and exchanges.

use super::table::operations;
use super::words::{Direction, FeeType, PairCategory, PairSort};
use crate::types::{CoinMarkets, ExchangeMarkets, OneOrMany};

operations! {
    /// The markets of a coin.
    market_pairs_latest MarketPairsLatestRequest Get "/v2/cryptocurrency/market-pairs/latest"
        -> OneOrMany<CoinMarkets>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; start "start" int;
        limit "limit" int; sort_dir "sort_dir" word(Direction); sort "sort" word(PairSort);
        aux "aux" words; matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// The markets of a coin, in the form of v1 (deprecated).
    market_pairs_latest_v1 MarketPairsLatestV1Request Get "/v1/cryptocurrency/market-pairs/latest"
        -> OneOrMany<CoinMarkets>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; start "start" int;
        limit "limit" int; sort_dir "sort_dir" word(Direction); sort "sort" word(PairSort);
        aux "aux" words; matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// The markets of an exchange.
    exchange_market_pairs_latest ExchangeMarketPairsLatestRequest Get "/v1/exchange/market-pairs/latest"
        -> ExchangeMarkets
    {
        ids "id" ids; slugs "slug" words; start "start" int; limit "limit" int; aux "aux" words;
        matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        converts "convert" words; convert_ids "convert_id" ids;
    }
}
