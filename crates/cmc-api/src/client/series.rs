//! Series in time: quotes and candles.

use super::table::operations;
use super::words::{CandleSize, Interval};
use crate::types::{CandleSeries, Keyed, QuoteSeries, RunningCandle};

operations! {
    /// Quotes of coins over time.
    quotes_historical QuotesHistoricalRequest Get "/v3/cryptocurrency/quotes/historical"
        -> Keyed<QuoteSeries>
    {
        ids "id" ids; symbols "symbol" words; time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; aux "aux" words;
        skip_invalid "skip_invalid" flag;
    }

    /// Quotes of coins over time, in the form of v2 (deprecated).
    quotes_historical_v2 QuotesHistoricalV2Request Get "/v2/cryptocurrency/quotes/historical"
        -> Keyed<QuoteSeries>
    {
        ids "id" ids; symbols "symbol" words; time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; aux "aux" words;
        skip_invalid "skip_invalid" flag;
    }

    /// Quotes of coins over time, in the form of v1 (deprecated).
    quotes_historical_v1 QuotesHistoricalV1Request Get "/v1/cryptocurrency/quotes/historical"
        -> Keyed<QuoteSeries>
    {
        ids "id" ids; symbols "symbol" words; time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; aux "aux" words;
        skip_invalid "skip_invalid" flag;
    }

    /// Closed candles of coins.
    ohlcv_historical OhlcvHistoricalRequest Get "/v2/cryptocurrency/ohlcv/historical"
        -> Keyed<CandleSeries>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words;
        time_period "time_period" word(CandleSize); time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }

    /// Closed candles of coins, in the form of v1 (deprecated).
    ohlcv_historical_v1 OhlcvHistoricalV1Request Get "/v1/cryptocurrency/ohlcv/historical"
        -> Keyed<CandleSeries>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words;
        time_period "time_period" word(CandleSize); time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }

    /// The candles of the running day.
    ohlcv_latest OhlcvLatestRequest Get "/v2/cryptocurrency/ohlcv/latest" -> Keyed<RunningCandle>
    {
        ids "id" ids; symbols "symbol" words; converts "convert" words;
        convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }

    /// The candles of the running day, in the form of v1 (deprecated).
    ohlcv_latest_v1 OhlcvLatestV1Request Get "/v1/cryptocurrency/ohlcv/latest"
        -> Keyed<RunningCandle>
    {
        ids "id" ids; symbols "symbol" words; converts "convert" words;
        convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }
}
