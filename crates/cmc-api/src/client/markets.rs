//! The whole market, and chains.

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
    global_historical GlobalHistoricalRequest Get "/v1/global-metrics/quotes/historical"
        -> GlobalSeries
    {
        time_start "time_start" time; time_end "time_end" time; count "count" int;
        interval "interval" word(Interval); converts "convert" words;
        convert_ids "convert_id" ids; aux "aux" words;
    }

    /// Statistics of chains.
    blockchain_statistics BlockchainStatisticsRequest Get "/v1/blockchain/statistics/latest"
        -> Keyed<ChainStatistics>
    {
        ids "id" ids; symbols "symbol" words; slugs "slug" words;
    }
}
