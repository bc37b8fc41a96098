//! Market pairs of coins and exchanges.
//!
//! ```
//! # use cmc_sim::{KeyConfig, Plan, Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let keys = vec![KeyConfig::new(cmc_sim::DEFAULT_KEY, Plan::Enterprise)];
//! # let config = SimConfig { keys, ..SimConfig::default() };
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let markets = client.market_pairs_latest().ids([1]).limit(2).send().await?.data;
//! let pair = &markets.first().unwrap().market_pairs[0];
//! // What the exchange says itself, beside what it is in dollars.
//! assert!(pair.reported().is_some() && pair.quote.get("USD").is_some());
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{Direction, FeeType, PairCategory, PairSort};
use crate::types::{CoinMarkets, ExchangeMarkets, OneOrMany};

operations! {
    /// The markets of a coin.
    market_pairs_latest MarketPairsLatestRequest
        Get "/v2/cryptocurrency/market-pairs/latest" -> OneOrMany<CoinMarkets>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; start "start" int;
        limit "limit" int; sort_dir "sort_dir" word(Direction); sort "sort" word(PairSort);
        aux "aux" words; matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// The markets of a coin, in the form of v1 (deprecated).
    market_pairs_latest_v1 MarketPairsLatestV1Request
        Get "/v1/cryptocurrency/market-pairs/latest" -> OneOrMany<CoinMarkets>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; start "start" int;
        limit "limit" int; sort_dir "sort_dir" word(Direction); sort "sort" word(PairSort);
        aux "aux" words; matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// The markets of an exchange.
    exchange_market_pairs_latest ExchangeMarketPairsLatestRequest
        Get "/v1/exchange/market-pairs/latest" -> ExchangeMarkets
    {
        ids "id" ids; slugs "slug" words; start "start" int; limit "limit" int; aux "aux" words;
        matched_ids "matched_id" ids; matched_symbols "matched_symbol" words;
        category "category" word(PairCategory); fee_type "fee_type" word(FeeType);
        converts "convert" words; convert_ids "convert_id" ids;
    }
}
