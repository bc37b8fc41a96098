//! The whole market, and chains.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let market = client.global_latest().send().await?.data;
//! assert!(market.quote.get("USD").unwrap().total_market_cap.is_some());
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::Interval;
use crate::types::{ChainStatistics, GlobalMetrics, GlobalSeries, Keyed};

operations! {
    /// The whole market, now.
    global_latest GlobalLatestRequest Get "/v1/global-metrics/quotes/latest" -> GlobalMetrics
    {
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// The whole market over time.
    global_historical GlobalHistoricalRequest
        Get "/v1/global-metrics/quotes/historical" -> GlobalSeries
    {
        time_start "time_start" time; time_end "time_end" time; count "count" int;
        interval "interval" word(Interval); converts "convert" words;
        convert_ids "convert_id" ids; aux "aux" words;
    }

    /// Statistics of chains.
    blockchain_statistics BlockchainStatisticsRequest
        Get "/v1/blockchain/statistics/latest" -> Keyed<ChainStatistics>
    {
        ids "id" ids; symbols "symbol" words; slugs "slug" words;
    }
}
