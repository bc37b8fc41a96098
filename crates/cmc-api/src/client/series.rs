//! Series in time: quotes and candles.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! use clock::Timestamp;
//! use cmc_api::CoinId;
//! use futures_util::TryStreamExt;
//!
//! let from = Timestamp::parse("2024-01-01T00:00:00Z").unwrap();
//! let to = Timestamp::parse("2024-03-31T00:00:00Z").unwrap();
//! let mut candles = client.ohlcv_range(CoinId::new(1), from, to);
//! let mut n_candles = 0;
//! while let Some(candle) = candles.try_next().await? {
//!     assert!(candle.quote.get("USD").unwrap().close.is_some());
//!     n_candles += 1;
//! }
//! assert_eq!(n_candles, 91);
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{CandleSize, Interval};
use crate::types::{CandleSeries, Keyed, QuoteSeries, RunningCandle};

operations! {
    /// Quotes of coins over time.
    quotes_historical QuotesHistoricalRequest
        Get "/v3/cryptocurrency/quotes/historical" -> Keyed<QuoteSeries>
    {
        ids "id" ids; symbols "symbol" words; time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; aux "aux" words;
        skip_invalid "skip_invalid" flag;
    }

    /// Quotes of coins over time, in the form of v2 (deprecated).
    quotes_historical_v2 QuotesHistoricalV2Request
        Get "/v2/cryptocurrency/quotes/historical" -> Keyed<QuoteSeries>
    {
        ids "id" ids; symbols "symbol" words; time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; aux "aux" words;
        skip_invalid "skip_invalid" flag;
    }

    /// Quotes of coins over time, in the form of v1 (deprecated).
    quotes_historical_v1 QuotesHistoricalV1Request
        Get "/v1/cryptocurrency/quotes/historical" -> Keyed<QuoteSeries>
    {
        ids "id" ids; symbols "symbol" words; time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; aux "aux" words;
        skip_invalid "skip_invalid" flag;
    }

    /// Closed candles of coins.
    ohlcv_historical OhlcvHistoricalRequest
        Get "/v2/cryptocurrency/ohlcv/historical" -> Keyed<CandleSeries>
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words;
        time_period "time_period" word(CandleSize); time_start "time_start" time;
        time_end "time_end" time; count "count" int; interval "interval" word(Interval);
        converts "convert" words; convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }

    /// Closed candles of coins, in the form of v1 (deprecated).
    ohlcv_historical_v1 OhlcvHistoricalV1Request
        Get "/v1/cryptocurrency/ohlcv/historical" -> Keyed<CandleSeries>
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
    ohlcv_latest_v1 OhlcvLatestV1Request
        Get "/v1/cryptocurrency/ohlcv/latest" -> Keyed<RunningCandle>
    {
        ids "id" ids; symbols "symbol" words; converts "convert" words;
        convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }
}
