//! Fear and greed, altcoin season, indices.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let fear = client.fear_and_greed_latest().send().await?.data;
//! assert!(fear.value.unwrap().as_u64().unwrap() <= 100);
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{Interval, Timeframe};
use crate::types::{
    AltcoinSeason, AltcoinSeasonSeries, FearAndGreed, FearAndGreedPoint, Index, IndexPoint,
};

operations! {
    /// Fear and greed, now.
    fear_and_greed_latest FearAndGreedLatestRequest
        Get "/v3/fear-and-greed/latest" -> FearAndGreed
    {}

    /// Fear and greed day by day, newest first.
    fear_and_greed_historical FearAndGreedHistoricalRequest
        Get "/v3/fear-and-greed/historical" -> Vec<FearAndGreedPoint>, paged
    {
        start "start" int; limit "limit" int;
    }

    /// Whether it is altcoin season.
    altcoin_season_latest AltcoinSeasonLatestRequest
        Get "/v1/altcoin-season-index/latest" -> AltcoinSeason
    {}

    /// Whether it was altcoin season.
    altcoin_season_historical AltcoinSeasonHistoricalRequest
        Get "/v1/altcoin-season-index/historical" -> AltcoinSeasonSeries
    {
        timeframe "timeframe" word(Timeframe);
    }

    /// The index of 100 coins, now.
    cmc100_latest Cmc100LatestRequest Get "/v3/index/cmc100-latest" -> Index
    {}

    /// The index of 100 coins over time.
    cmc100_historical Cmc100HistoricalRequest Get "/v3/index/cmc100-historical" -> Vec<IndexPoint>
    {
        time_start "time_start" time; time_end "time_end" time; count "count" int;
        interval "interval" word(Interval);
    }

    /// The index of 20 coins, now.
    cmc20_latest Cmc20LatestRequest Get "/v3/index/cmc20-latest" -> Index
    {}

    /// The index of 20 coins over time.
    cmc20_historical Cmc20HistoricalRequest Get "/v3/index/cmc20-historical" -> Vec<IndexPoint>
    {
        time_start "time_start" time; time_end "time_end" time; count "count" int;
        interval "interval" word(Interval);
    }
}
