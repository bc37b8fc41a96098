//! Derivatives and liquidations (v5).
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let venues = client.exchange_derivatives().limit(2).send().await?.data;
//! assert_eq!(venues.exchanges.len(), 2);
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{CenterType, Direction, FeeType, LiquidationSort, PairCategory};
use crate::types::{
    CoinLiquidationList, DerivativePairs, DerivativeVenues, ExchangeLiquidationList,
    TotalLiquidations,
};

operations! {
    /// The derivatives of a coin.
    derivative_pairs DerivativePairsRequest
        Get "/v5/cryptocurrency/derivatives/market-pairs/list/latest" -> DerivativePairs, paged
    {
        crypto_id "crypto_id" id; crypto_slug "crypto_slug" text;
        crypto_symbol "crypto_symbol" text; start "start" int; limit "limit" int;
        sort_dir "sort_dir" word(Direction); sort "sort" text;
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        center_type "center_type" word(CenterType); converts "convert" words;
        convert_ids "convert_id" ids;
    }

    /// Exchanges that trade derivatives.
    exchange_derivatives ExchangeDerivativesRequest
        Get "/v5/exchange/derivatives/list" -> DerivativeVenues, paged
    {
        start "start" int; limit "limit" int; sort "sort" text;
        sort_dir "sort_dir" word(Direction); converts "convert" words;
        convert_ids "convert_id" ids;
    }

    /// The derivatives of an exchange.
    exchange_derivative_pairs ExchangeDerivativePairsRequest
        Get "/v5/exchange/derivatives/market-pairs/list/latest" -> DerivativePairs, paged
    {
        exchange_id "exchange_id" id; exchange_slug "exchange_slug" text; start "start" int;
        limit "limit" int; sort "sort" text; sort_dir "sort_dir" word(Direction);
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// What was liquidated, by coin.
    coin_liquidations CoinLiquidationsRequest
        Get "/v5/derivatives/liquidations/cryptocurrency/list/latest" -> CoinLiquidationList, paged
    {
        crypto_ids "crypto_id" ids; crypto_slugs "crypto_slug" words; symbols "symbol" words;
        skip_invalid "skip_invalid" flag; sort "sort" word(LiquidationSort);
        sort_dir "sort_dir" word(Direction); start "start" int; limit "limit" int;
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// What was liquidated, by exchange.
    exchange_liquidations ExchangeLiquidationsRequest
        Get "/v5/derivatives/liquidations/exchange/list/latest" -> ExchangeLiquidationList, paged
    {
        exchange_ids "exchange_id" ids; exchange_slugs "exchange_slug" words;
        skip_invalid "skip_invalid" flag; sort "sort" word(LiquidationSort);
        sort_dir "sort_dir" word(Direction); start "start" int; limit "limit" int;
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// What was liquidated everywhere.
    total_liquidations TotalLiquidationsRequest
        Get "/v5/derivatives/liquidations/quotes/latest" -> TotalLiquidations
    {
        converts "convert" words; convert_ids "convert_id" ids;
    }
}
