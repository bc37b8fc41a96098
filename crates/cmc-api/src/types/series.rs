//! Series in time: quotes, candles, performance.

use indexmap::IndexMap;

use super::{Absent, Flag, Quotes, quote::quoted, wire};
use crate::{CoinId, Number};

wire! {
    /// What a coin was worth, in one currency.
    PastQuote {
        id: Option<Number>,
        symbol: Option<String>,
        price: Option<Number>,
        volume_24h: Option<Number>,
        market_cap: Option<Number>,
        circulating_supply: Option<Number>,
        total_supply: Option<Number>,
        percent_change_1h: Option<Number>,
        percent_change_24h: Option<Number>,
        percent_change_7d: Option<Number>,
        percent_change_30d: Option<Number>,
        timestamp: Option<String>,
    }

    /// A point of a series of quotes.
    QuotePoint {
        timestamp: String,
        search_interval: Option<String>,
        quote: Quotes<PastQuote>,
    }

    /// A coin's quotes over time.
    QuoteSeries {
        id: CoinId,
        name: String,
        symbol: String,
        is_active: Option<Flag>,
        is_fiat: Option<Flag>,
        quotes: Vec<QuotePoint>,
    }

    /// The figures of a candle, in one currency.
    CandleQuote {
        id: Option<Number>,
        symbol: Option<String>,
        open: Option<Number>,
        high: Option<Number>,
        low: Option<Number>,
        close: Option<Number>,
        volume: Option<Number>,
        market_cap: Option<Number>,
        /// (closed candles)
        timestamp: Option<String>,
        /// (the running candle)
        last_updated: Option<String>,
    }

    /// A closed candle.
    Candle {
        time_open: String,
        time_close: Option<String>,
        time_high: Option<String>,
        time_low: Option<String>,
        quote: Quotes<CandleQuote>,
    }

    /// A coin's candles.
    CandleSeries {
        id: CoinId,
        name: String,
        symbol: String,
        quotes: Vec<Candle>,
    }

    /// A coin's candle of the running UTC day.
    RunningCandle {
        id: CoinId,
        name: String,
        symbol: String,
        last_updated: Option<String>,
        time_open: Option<String>,
        time_high: Option<String>,
        time_low: Option<String>,
        /// never there: the day has not ended.
        time_close: Option<String>,
        quote: Quotes<CandleQuote>,
    }

    /// How a coin did over one period, in one currency.
    PeriodQuote {
        id: Option<Number>,
        symbol: Option<String>,
        open: Option<Number>,
        open_timestamp: Option<String>,
        high: Option<Number>,
        high_timestamp: Option<String>,
        low: Option<Number>,
        low_timestamp: Option<String>,
        close: Option<Number>,
        close_timestamp: Option<String>,
        percent_change: Option<Number>,
        price_change: Option<Number>,
    }

    /// How a coin did over one period.
    PerformancePeriod {
        open_timestamp: Option<String>,
        high_timestamp: Option<String>,
        low_timestamp: Option<String>,
        close_timestamp: Option<String>,
        quote: Quotes<PeriodQuote>,
    }

    /// How a coin did, by period (`all_time`, `24h`, …).
    Performance {
        id: CoinId,
        name: String,
        symbol: String,
        slug: Option<String>,
        last_updated: Option<String>,
        periods: IndexMap<String, PerformancePeriod>,
    }
}

impl<T> Absent for IndexMap<String, T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

quoted! {
    PastQuote: id symbol;
    CandleQuote: id symbol;
    PeriodQuote: id symbol;
}
