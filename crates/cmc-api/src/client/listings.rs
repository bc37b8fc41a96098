//! The ranking of all coins, now and in the past.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! use cmc_api::client::words::{CoinType, ListingSort};
//!
//! let page = client
//!     .listings_latest()
//!     .limit(5)
//!     .sort(ListingSort::MarketCap)
//!     .cryptocurrency_type(CoinType::Coins)
//!     .send()
//!     .await?;
//! assert_eq!(page.data.len(), 5);
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{CoinType, Direction, ListingSort, PastListingSort};
use crate::types::Coin;

operations! {
    /// A page of the ranking of all coins.
    listings_latest ListingsLatestRequest
        Get "/v3/cryptocurrency/listings/latest" -> Vec<Coin>, paged
    {
        start "start" int; limit "limit" int; price_min "price_min" number;
        price_max "price_max" number; market_cap_min "market_cap_min" number;
        market_cap_max "market_cap_max" number; volume_24h_min "volume_24h_min" number;
        volume_24h_max "volume_24h_max" number;
        circulating_supply_min "circulating_supply_min" number;
        circulating_supply_max "circulating_supply_max" number;
        percent_change_24h_min "percent_change_24h_min" number;
        percent_change_24h_max "percent_change_24h_max" number; converts "convert" words;
        convert_ids "convert_id" ids; sort "sort" word(ListingSort);
        sort_dir "sort_dir" word(Direction);
        cryptocurrency_type "cryptocurrency_type" word(CoinType); tag "tag" text; aux "aux" words;
    }

    /// A page of the ranking of all coins, in the form of v1 (deprecated).
    listings_latest_v1 ListingsLatestV1Request
        Get "/v1/cryptocurrency/listings/latest" -> Vec<Coin>, paged
    {
        start "start" int; limit "limit" int; price_min "price_min" number;
        price_max "price_max" number; market_cap_min "market_cap_min" number;
        market_cap_max "market_cap_max" number; volume_24h_min "volume_24h_min" number;
        volume_24h_max "volume_24h_max" number;
        circulating_supply_min "circulating_supply_min" number;
        circulating_supply_max "circulating_supply_max" number;
        percent_change_24h_min "percent_change_24h_min" number;
        percent_change_24h_max "percent_change_24h_max" number;
        self_reported_circulating_supply_min "self_reported_circulating_supply_min" number;
        self_reported_circulating_supply_max "self_reported_circulating_supply_max" number;
        self_reported_market_cap_min "self_reported_market_cap_min" number;
        self_reported_market_cap_max "self_reported_market_cap_max" number;
        unlocked_market_cap_min "unlocked_market_cap_min" number;
        unlocked_market_cap_max "unlocked_market_cap_max" number;
        unlocked_circulating_supply_min "unlocked_circulating_supply_min" number;
        unlocked_circulating_supply_max "unlocked_circulating_supply_max" number;
        converts "convert" words; convert_ids "convert_id" ids; sort "sort" word(ListingSort);
        sort_dir "sort_dir" word(Direction);
        cryptocurrency_type "cryptocurrency_type" word(CoinType); tag "tag" text; aux "aux" words;
    }

    /// A page of the ranking of a past day.
    listings_historical ListingsHistoricalRequest
        Get "/v1/cryptocurrency/listings/historical" -> Vec<Coin>, paged
    {
        date "date" time; start "start" int; limit "limit" int; converts "convert" words;
        convert_ids "convert_id" ids; sort "sort" word(PastListingSort);
        sort_dir "sort_dir" word(Direction);
        cryptocurrency_type "cryptocurrency_type" word(CoinType); aux "aux" words;
    }

    /// Coins by when they were added, newest first.
    listings_new ListingsNewRequest Get "/v1/cryptocurrency/listings/new" -> Vec<Coin>, paged
    {
        start "start" int; limit "limit" int; converts "convert" words;
        convert_ids "convert_id" ids; sort_dir "sort_dir" word(Direction);
    }
}
