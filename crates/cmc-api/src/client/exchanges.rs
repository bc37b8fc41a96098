//! Exchanges: the map, metadata, figures, wallets.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let exchanges = client.exchange_info().ids([270]).send().await?.data;
//! assert_eq!(exchanges.first().unwrap().slug, "binance");
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{
    Direction, ExchangeCategory, ExchangeMapSort, ExchangeSort, Interval, ListingStatus, MarketType,
};
use crate::types::{Exchange, ExchangeInfo, ExchangeMapEntry, ExchangeSeries, Keyed, Wallet};

operations! {
    /// The map of all exchanges: ids and names.
    exchange_map ExchangeMapRequest Get "/v1/exchange/map" -> Vec<ExchangeMapEntry>, paged
    {
        listing_status "listing_status" set(ListingStatus); slugs "slug" words; start "start" int;
        limit "limit" int; sort "sort" word(ExchangeMapSort); aux "aux" words;
        crypto_ids "crypto_id" ids;
    }

    /// The metadata of exchanges.
    exchange_info ExchangeInfoRequest Get "/v1/exchange/info" -> Keyed<ExchangeInfo>
    {
        ids "id" ids; slugs "slug" words; aux "aux" words;
    }

    /// The wallets of an exchange.
    exchange_assets ExchangeAssetsRequest Get "/v1/exchange/assets" -> Vec<Wallet>
    {
        id "id" id;
    }

    /// A page of the ranking of all exchanges.
    exchange_listings_latest ExchangeListingsLatestRequest
        Get "/v1/exchange/listings/latest" -> Vec<Exchange>, paged
    {
        start "start" int; limit "limit" int; sort "sort" word(ExchangeSort);
        sort_dir "sort_dir" word(Direction); market_type "market_type" word(MarketType);
        category "category" word(ExchangeCategory); aux "aux" words; converts "convert" words;
        convert_ids "convert_id" ids;
    }

    /// The latest figures of exchanges.
    exchange_quotes_latest ExchangeQuotesLatestRequest
        Get "/v1/exchange/quotes/latest" -> Keyed<Exchange>
    {
        ids "id" ids; slugs "slug" words; converts "convert" words; convert_ids "convert_id" ids;
        aux "aux" words;
    }

    /// The figures of exchanges over time.
    exchange_quotes_historical ExchangeQuotesHistoricalRequest
        Get "/v1/exchange/quotes/historical" -> Keyed<ExchangeSeries>
    {
        ids "id" ids; slugs "slug" words; time_start "time_start" time; time_end "time_end" time;
        count "count" int; interval "interval" word(Interval); converts "convert" words;
        convert_ids "convert_id" ids;
    }
}
