//! Pairs of decentralised exchanges, and candles of tokens.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let pairs = client.dex_spot_pairs().network_slug("ethereum").limit(2).send().await?.data;
//! assert_eq!(pairs.len(), 2);
//! # Ok(()) }
//! ```

use serde_json::Value;

use super::table::operations;
use super::words::Direction;

operations! {
    /// Pairs of decentralised exchanges.
    dex_spot_pairs DexSpotPairsRequest Get "/v4/dex/spot-pairs/latest" -> Vec<Value>, scrolled
    {
        network_id "network_id" text; network_slug "network_slug" text; dex_id "dex_id" text;
        dex_slug "dex_slug" text; base_asset_id "base_asset_id" text;
        base_asset_symbol "base_asset_symbol" text;
        base_asset_contract_address "base_asset_contract_address" text;
        base_asset_ucid "base_asset_ucid" text; quote_asset_id "quote_asset_id" text;
        quote_asset_symbol "quote_asset_symbol" text;
        quote_asset_contract_address "quote_asset_contract_address" text;
        quote_asset_ucid "quote_asset_ucid" text; scroll_id "scroll_id" text; limit "limit" int;
        liquidity_min "liquidity_min" number; liquidity_max "liquidity_max" number;
        volume_24h_min "volume_24h_min" number; volume_24h_max "volume_24h_max" number;
        no_of_transactions_24h_min "no_of_transactions_24h_min" number;
        no_of_transactions_24h_max "no_of_transactions_24h_max" number;
        percent_change_24h_min "percent_change_24h_min" number;
        percent_change_24h_max "percent_change_24h_max" number; sort "sort" text;
        sort_dir "sort_dir" word(Direction); aux "aux" words; reverse_order "reverse_order" flag;
        convert_ids "convert_id" ids;
    }

    /// The latest quotes of pairs.
    dex_pair_quotes DexPairQuotesRequest Get "/v4/dex/pairs/quotes/latest" -> Value
    {
        contract_addresses "contract_address" words; network_id "network_id" text;
        network_slug "network_slug" text; aux "aux" words; convert_ids "convert_id" ids;
        skip_invalid "skip_invalid" flag; reverse_order "reverse_order" flag;
    }

    /// The candles of pairs of the running day (deprecated).
    dex_pair_ohlcv_latest DexPairOhlcvLatestRequest Get "/v4/dex/pairs/ohlcv/latest" -> Value
    {
        contract_addresses "contract_address" words; network_id "network_id" text;
        network_slug "network_slug" text; aux "aux" words; convert_ids "convert_id" ids;
        skip_invalid "skip_invalid" flag; reverse_order "reverse_order" flag;
    }

    /// Closed candles of pairs (deprecated).
    dex_pair_ohlcv_historical DexPairOhlcvHistoricalRequest
        Get "/v4/dex/pairs/ohlcv/historical" -> Value
    {
        contract_addresses "contract_address" words; network_id "network_id" text;
        network_slug "network_slug" text; time_period "time_period" text;
        time_start "time_start" time; time_end "time_end" time; count "count" int;
        interval "interval" text; aux "aux" words; convert_ids "convert_id" ids;
        skip_invalid "skip_invalid" flag; reverse_order "reverse_order" flag;
    }

    /// The latest trades of pairs (deprecated).
    dex_pair_trades DexPairTradesRequest Get "/v4/dex/pairs/trade/latest" -> Value
    {
        contract_addresses "contract_address" words; network_id "network_id" text;
        network_slug "network_slug" text; aux "aux" words; convert_ids "convert_id" ids;
        skip_invalid "skip_invalid" flag; reverse_order "reverse_order" flag;
    }

    /// Networks (deprecated).
    dex_networks DexNetworksRequest Get "/v4/dex/networks/list" -> Value
    {
        start "start" int; limit "limit" int; sort "sort" text;
        sort_dir "sort_dir" word(Direction); aux "aux" words;
    }

    /// A ranking of decentralised exchanges (deprecated).
    dex_listings_quotes DexListingsQuotesRequest Get "/v4/dex/listings/quotes" -> Value
    {
        start "start" int; limit "limit" int; sort "sort" text;
        sort_dir "sort_dir" word(Direction); kind "type" text; aux "aux" words;
        convert_ids "convert_id" ids;
    }

    /// The metadata of decentralised exchanges (deprecated).
    dex_listings_info DexListingsInfoRequest Get "/v4/dex/listings/info" -> Value
    {
        ids "id" ids; aux "aux" words;
    }

    /// How many underlying units one token stands for (deprecated).
    dex_multiplier DexMultiplierRequest Get "/v2/dex/multiplier" -> Value
    {
        platform "platform" text; platform_id "platform_id" int;
        token_address "token_address" text; start "start" int; limit "limit" int;
    }

    /// Candles of a token, as lists of figures.
    k_line_candles KLineCandlesRequest Get "/v1/k-line/candles" -> Value
    {
        platform "platform" text; address "address" text; interval "interval" text;
        from "from" int; to "to" int; unit "unit" text; limit "limit" int; pm "pm" text;
    }

    /// Prices of a token, as lists of figures.
    k_line_points KLinePointsRequest Get "/v1/k-line/points" -> Value
    {
        platform "platform" text; address "address" text; interval "interval" text;
        from "from" int; to "to" int; unit "unit" text; limit "limit" int; pm "pm" text;
    }
}
