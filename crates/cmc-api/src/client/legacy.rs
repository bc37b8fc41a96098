//! Deprecated versions that are still served.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let coins = client.quotes_latest_v2().symbols(["BTC"]).send().await?;
//! let bitcoin = &coins.data.get("BTC")[0];
//! assert!(bitcoin.quote.get("USD").is_some());
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::Period;
use crate::types::{
    Coin, CoinInfo, Conversion, FcasScore, Keyed, Multipliers, OneOrMany, Performance, SimplePrice,
};

operations! {
    /// The latest quotes of coins, in the form of v1 (deprecated).
    quotes_latest_v1 QuotesLatestV1Request Get "/v1/cryptocurrency/quotes/latest" -> Keyed<Coin>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; converts "convert" words;
        convert_ids "convert_id" ids; aux "aux" words; skip_invalid "skip_invalid" flag;
    }

    /// The latest quotes of coins, in the form of v2 (deprecated).
    quotes_latest_v2 QuotesLatestV2Request Get "/v2/cryptocurrency/quotes/latest" -> Keyed<Coin>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; converts "convert" words;
        convert_ids "convert_id" ids; aux "aux" words; skip_invalid "skip_invalid" flag;
    }

    /// The metadata of coins, in the form of v1 (deprecated).
    info_v1 InfoV1Request Get "/v1/cryptocurrency/info" -> Keyed<CoinInfo>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; address "address" text;
        skip_invalid "skip_invalid" flag; aux "aux" words;
    }

    /// The prices of at most fifty coins in US dollars (deprecated).
    simple_price_v1 SimplePriceV1Request Get "/v1/simple/price" -> Vec<SimplePrice>
    {
        ids "ids" ids; include_market_cap "include_market_cap" flag;
        include_volume_24h "include_volume_24h" flag;
        include_percent_change_24h "include_percent_change_24h" flag;
        include_last_updated "include_last_updated" flag;
    }

    /// How coins did, in the form of v1 (deprecated).
    performance_latest_v1 PerformanceLatestV1Request
        Get "/v1/cryptocurrency/price-performance-stats/latest" -> Keyed<Performance>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words;
        time_periods "time_period" set(Period); converts "convert" words;
        convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }

    /// An amount in other currencies, in the form of v1 (deprecated).
    price_conversion_v1 PriceConversionV1Request
        Get "/v1/tools/price-conversion" -> OneOrMany<Conversion>
    {
        amount "amount" number; ids "id" ids; symbols "symbol" words; time "time" time;
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// How many underlying units one token stands for (deprecated).
    multiplier MultiplierRequest Get "/v1/cryptocurrency/multiplier" -> Multipliers, paged
    {
        crypto_ids "crypto_id" ids; crypto_slugs "crypto_slug" words; symbols "symbol" words;
        token_address "token_address" text; skip_invalid "skip_invalid" flag; start "start" int;
        limit "limit" int;
    }

    /// Scores of a partner (deprecated).
    fcas_listings_latest FcasListingsLatestRequest
        Get "/v1/partners/flipside-crypto/fcas/listings/latest" -> Vec<FcasScore>, paged
    {
        start "start" int; limit "limit" int; aux "aux" words;
    }

    /// Scores of a partner, for some coins (deprecated).
    fcas_quotes_latest FcasQuotesLatestRequest
        Get "/v1/partners/flipside-crypto/fcas/quotes/latest" -> Keyed<FcasScore>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; aux "aux" words;
    }
}
