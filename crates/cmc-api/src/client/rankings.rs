//! Trending coins.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! use cmc_api::client::words::TrendPeriod;
//!
//! let period = TrendPeriod::Day;
//! let winners = client.trending_gainers_losers().time_period(period).limit(3).send().await?;
//! assert_eq!(winners.data.len(), 3);
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{Direction, GainerSort, TrendPeriod};
use crate::types::Coin;

operations! {
    /// Coins that are searched for.
    trending_latest TrendingLatestRequest
        Get "/v1/cryptocurrency/trending/latest" -> Vec<Coin>, paged
    {
        start "start" int; limit "limit" int; time_period "time_period" word(TrendPeriod);
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// Coins whose pages are visited most.
    trending_most_visited TrendingMostVisitedRequest
        Get "/v1/cryptocurrency/trending/most-visited" -> Vec<Coin>, paged
    {
        start "start" int; limit "limit" int; time_period "time_period" word(TrendPeriod);
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// Coins that gained or lost most.
    trending_gainers_losers TrendingGainersLosersRequest
        Get "/v1/cryptocurrency/trending/gainers-losers" -> Vec<Coin>, paged
    {
        start "start" int; limit "limit" int; time_period "time_period" word(TrendPeriod);
        converts "convert" words; convert_ids "convert_id" ids; sort "sort" word(GainerSort);
        sort_dir "sort_dir" word(Direction);
    }
}
