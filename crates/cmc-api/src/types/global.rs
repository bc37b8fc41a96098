//! The whole market.

use super::{Quotes, quote::quoted, wire};
use crate::Number;

wire! {
    /// Totals of the market in one currency.
    GlobalQuote {
        id: Option<Number>,
        symbol: Option<String>,
        total_market_cap: Option<Number>,
        total_volume_24h: Option<Number>,
        total_volume_24h_reported: Option<Number>,
        altcoin_volume_24h: Option<Number>,
        altcoin_volume_24h_reported: Option<Number>,
        altcoin_market_cap: Option<Number>,
        defi_volume_24h: Option<Number>,
        defi_volume_24h_reported: Option<Number>,
        defi_market_cap: Option<Number>,
        defi_24h_percentage_change: Option<Number>,
        stablecoin_volume_24h: Option<Number>,
        stablecoin_volume_24h_reported: Option<Number>,
        stablecoin_market_cap: Option<Number>,
        stablecoin_24h_percentage_change: Option<Number>,
        derivatives_volume_24h: Option<Number>,
        derivatives_volume_24h_reported: Option<Number>,
        derivatives_market_cap: Option<Number>,
        derivatives_24h_percentage_change: Option<Number>,
        total_market_cap_yesterday: Option<Number>,
        total_volume_24h_yesterday: Option<Number>,
        total_market_cap_yesterday_percentage_change: Option<Number>,
        total_volume_24h_yesterday_percentage_change: Option<Number>,
        /// (history)
        timestamp: Option<String>,
        last_updated: Option<String>,
    }

    /// New coins of a year.
    YearlyNumber {
        #[serde(rename = "maxIncrementalNumber")]
        max_incremental_number: Option<Number>,
        #[serde(rename = "minIncrementalNumber")]
        min_incremental_number: Option<Number>,
        #[serde(rename = "maxIncrementalDate")]
        max_incremental_date: Option<String>,
        #[serde(rename = "minIncrementalDate")]
        min_incremental_date: Option<String>,
    }

    /// The market now.
    GlobalMetrics {
        active_cryptocurrencies: Option<Number>,
        total_cryptocurrencies: Option<Number>,
        active_market_pairs: Option<Number>,
        active_exchanges: Option<Number>,
        total_exchanges: Option<Number>,
        btc_dominance: Option<Number>,
        eth_dominance: Option<Number>,
        btc_dominance_yesterday: Option<Number>,
        eth_dominance_yesterday: Option<Number>,
        btc_dominance_24h_percentage_change: Option<Number>,
        eth_dominance_24h_percentage_change: Option<Number>,
        defi_volume_24h: Option<Number>,
        defi_volume_24h_reported: Option<Number>,
        defi_market_cap: Option<Number>,
        defi_24h_percentage_change: Option<Number>,
        stablecoin_volume_24h: Option<Number>,
        stablecoin_volume_24h_reported: Option<Number>,
        stablecoin_market_cap: Option<Number>,
        stablecoin_24h_percentage_change: Option<Number>,
        derivatives_volume_24h: Option<Number>,
        derivatives_volume_24h_reported: Option<Number>,
        derivatives_market_cap: Option<Number>,
        derivatives_24h_percentage_change: Option<Number>,
        total_crypto_dex_currencies: Option<Number>,
        today_incremental_crypto_number: Option<Number>,
        past_24h_incremental_crypto_number: Option<Number>,
        past_7d_incremental_crypto_number: Option<Number>,
        past_30d_incremental_crypto_number: Option<Number>,
        tracked_yearly_number: Option<YearlyNumber>,
        quote: Quotes<GlobalQuote>,
        last_updated: Option<String>,
    }

    /// The market at one instant.
    GlobalPoint {
        timestamp: String,
        search_interval: Option<String>,
        btc_dominance: Option<Number>,
        eth_dominance: Option<Number>,
        active_cryptocurrencies: Option<Number>,
        active_exchanges: Option<Number>,
        active_market_pairs: Option<Number>,
        quote: Quotes<GlobalQuote>,
    }

    /// The market over time.
    GlobalSeries {
        quotes: Vec<GlobalPoint>,
    }
}

quoted! {
    GlobalQuote: id symbol;
}
