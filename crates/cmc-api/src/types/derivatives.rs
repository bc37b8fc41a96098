//! Derivatives and liquidations (v5).

use super::{Flag, Quotes, quote::quoted, wire};
use crate::Number;

wire! {
    /// The figures of a derivative, in one currency.
    DerivativeQuote {
        convert_id: Option<Number>,
        convert_symbol: Option<String>,
        price: Option<Number>,
        volume_24h: Option<Number>,
        volume_24h_base: Option<Number>,
        volume_24h_quote: Option<Number>,
        open_interest: Option<Number>,
        index_price: Option<Number>,
        index_basis: Option<Number>,
        /// absent for dated futures.
        funding_rate: Option<Number>,
        last_updated: Option<String>,
    }

    /// The exchange of a derivative.
    DerivativeExchange {
        exchange_id: Option<Number>,
        exchange_name: Option<String>,
        exchange_slug: Option<String>,
    }

    /// One side of a derivative.
    DerivativeSide {
        crypto_id: Option<Number>,
        symbol: Option<String>,
        exchange_symbol: Option<String>,
        currency_type: Option<String>,
    }

    /// A derivative.
    DerivativePair {
        market_id: Option<Number>,
        market_pair_symbol: Option<String>,
        category: Option<String>,
        fee_type: Option<String>,
        outlier_detected: Option<Flag>,
        exclusions: Vec<String>,
        exchange: Option<DerivativeExchange>,
        market_pair_base: Option<DerivativeSide>,
        market_pair_quote: Option<DerivativeSide>,
        exchange_reported_quotes: Quotes<DerivativeQuote>,
        quotes: Quotes<DerivativeQuote>,
    }

    /// The derivatives of a coin or of an exchange.
    DerivativePairs {
        crypto_id: Option<Number>,
        crypto_name: Option<String>,
        crypto_slug: Option<String>,
        symbol: Option<String>,
        exchange_id: Option<Number>,
        exchange_name: Option<String>,
        exchange_slug: Option<String>,
        num_market_pairs: Option<Number>,
        market_pairs: Vec<DerivativePair>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }

    /// What an exchange trades in derivatives, in one currency.
    DerivativeExchangeQuote {
        convert_id: Option<Number>,
        convert_symbol: Option<String>,
        open_interest: Option<Number>,
        open_interest_usd: Option<Number>,
        derivative_volume: Option<Number>,
        derivative_volume_usd: Option<Number>,
        maker_fees: Option<Number>,
        taker_fees: Option<Number>,
        last_updated: Option<String>,
    }

    /// An exchange that trades derivatives.
    DerivativeVenue {
        exchange_id: Option<Number>,
        exchange_name: Option<String>,
        exchange_slug: Option<String>,
        num_market_pairs: Option<Number>,
        fiats: Vec<String>,
        traffic_score: Option<Number>,
        rank: Option<Number>,
        exchange_score: Option<Number>,
        liquidity_score: Option<Number>,
        last_updated: Option<String>,
        quotes: Quotes<DerivativeExchangeQuote>,
    }

    /// A page of exchanges that trade derivatives.
    DerivativeVenues {
        exchanges: Vec<DerivativeVenue>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }

    /// What was liquidated, in one currency.
    LiquidationQuote {
        crypto_id: Option<Number>,
        symbol: Option<String>,
        total_liquidations_1h: Option<Number>,
        long_liquidations_1h: Option<Number>,
        short_liquidations_1h: Option<Number>,
        total_liquidations_4h: Option<Number>,
        long_liquidations_4h: Option<Number>,
        short_liquidations_4h: Option<Number>,
        total_liquidations_24h: Option<Number>,
        long_liquidations_24h: Option<Number>,
        short_liquidations_24h: Option<Number>,
        last_updated: Option<String>,
    }

    /// What was liquidated of a coin.
    CoinLiquidations {
        crypto_id: Option<Number>,
        name: Option<String>,
        symbol: Option<String>,
        slug: Option<String>,
        cmc_rank: Option<Number>,
        quotes: Quotes<LiquidationQuote>,
    }

    /// A page of coins that were liquidated.
    CoinLiquidationList {
        cryptocurrencies: Vec<CoinLiquidations>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }

    /// What was liquidated on an exchange.
    ExchangeLiquidations {
        exchange_id: Option<Number>,
        name: Option<String>,
        slug: Option<String>,
        exchange_name: Option<String>,
        exchange_slug: Option<String>,
        rank: Option<Number>,
        quotes: Quotes<LiquidationQuote>,
    }

    /// A page of exchanges that liquidated.
    ExchangeLiquidationList {
        exchanges: Vec<ExchangeLiquidations>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }

    /// What was liquidated everywhere.
    TotalLiquidations {
        quotes: Quotes<LiquidationQuote>,
    }
}

quoted! {
    DerivativeQuote: convert_id convert_symbol;
    DerivativeExchangeQuote: convert_id convert_symbol;
    LiquidationQuote: crypto_id symbol;
}

/// Pages of v5: a list under its plural.
macro_rules! listed {
    ($($page:ty: $list:ident of $item:ty;)*) => {
        $(impl crate::types::Items for $page {
            type Item = $item;

            fn into_items(self) -> Vec<$item> {
                self.$list
            }
        })*
    };
}
pub(super) use listed;

listed! {
    DerivativePairs: market_pairs of DerivativePair;
    DerivativeVenues: exchanges of DerivativeVenue;
    CoinLiquidationList: cryptocurrencies of CoinLiquidations;
    ExchangeLiquidationList: exchanges of ExchangeLiquidations;
}
