//! Coins: quotes, metadata, the map, prices, performance.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let coins = client.quotes_latest().symbols(["BTC"]).converts(["EUR"]).send().await?;
//! assert!(coins.data.iter().all(|coin| coin.quote.get("EUR").is_some()));
//!
//! // By key, bare or in a list: read alike.
//! let info = client.info().ids([1]).send().await?;
//! assert_eq!(info.data.first().unwrap().slug, "bitcoin");
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{CoinMapSort, ListingStatus, Period};
use crate::types::{Coin, CoinInfo, Keyed, MapEntry, Performance, SimplePrice};

operations! {
    /// The latest quotes of coins.
    quotes_latest QuotesLatestRequest Get "/v3/cryptocurrency/quotes/latest" -> Vec<Coin>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; converts "convert" words;
        convert_ids "convert_id" ids; aux "aux" words; skip_invalid "skip_invalid" flag;
    }

    /// The metadata of coins.
    info InfoRequest Get "/v2/cryptocurrency/info" -> Keyed<CoinInfo>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; address "address" text;
        skip_invalid "skip_invalid" flag; aux "aux" words;
    }

    /// The map of all coins: ids, names, symbols.
    map MapRequest Get "/v1/cryptocurrency/map" -> Vec<MapEntry>, paged
    {
        listing_status "listing_status" set(ListingStatus); start "start" int; limit "limit" int;
        sort "sort" word(CoinMapSort); symbols "symbol" words; aux "aux" words;
    }

    /// The prices of coins, and little else.
    simple_price SimplePriceRequest Get "/v2/simple/price" -> Vec<SimplePrice>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; converts "convert" words;
        convert_ids "convert_id" ids; include_market_cap "include_market_cap" flag;
        include_24h_volume "include_24h_volume" flag;
        include_24h_change "include_24h_change" flag;
        include_last_updated "include_last_updated" flag; include_all "include_all" flag;
        precision "precision" int; skip_invalid "skip_invalid" flag;
    }

    /// How coins did over periods of time.
    performance_latest PerformanceLatestRequest
        Get "/v2/cryptocurrency/price-performance-stats/latest" -> Keyed<Performance>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words;
        time_periods "time_period" set(Period); converts "convert" words;
        convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }
}
