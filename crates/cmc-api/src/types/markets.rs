//! Markets: who trades what against what.

use super::{Flag, Quotes, quote::quoted, wire};
use crate::{CoinId, Number};

wire! {
    /// One side of a market.
    PairSide {
        currency_id: Option<Number>,
        currency_symbol: Option<String>,
        exchange_symbol: Option<String>,
        /// (`cryptocurrency`, `fiat`)
        currency_type: Option<String>,
        currency_name: Option<String>,
        currency_slug: Option<String>,
    }

    /// The exchange of a market.
    PairExchange {
        id: Option<Number>,
        name: Option<String>,
        slug: Option<String>,
        notice: Option<String>,
    }

    /// The figures of a market. Under `exchange_reported` stands what the exchange says itself.
    PairQuote {
        id: Option<Number>,
        symbol: Option<String>,
        price: Option<Number>,
        volume_24h: Option<Number>,
        price_quote: Option<Number>,
        depth_negative_two: Option<Number>,
        depth_positive_two: Option<Number>,
        effective_liquidity: Option<Number>,
        market_score: Option<Number>,
        market_reputation: Option<Number>,
        /// (`exchange_reported` only)
        volume_24h_base: Option<Number>,
        /// (`exchange_reported` only)
        volume_24h_quote: Option<Number>,
        /// (`exchange_reported` only)
        volume_percentage: Option<Number>,
        last_updated: Option<String>,
    }

    /// A market.
    MarketPair {
        /// absent where the exchange is what was asked for.
        exchange: Option<PairExchange>,
        market_id: Option<Number>,
        market_pair: Option<String>,
        category: Option<String>,
        fee_type: Option<String>,
        market_url: Option<String>,
        outlier_detected: Option<Flag>,
        exclusions: Vec<String>,
        market_pair_base: Option<PairSide>,
        market_pair_quote: Option<PairSide>,
        cmc_rank: Option<Number>,
        effective_liquidity: Option<Number>,
        market_score: Option<Number>,
        market_reputation: Option<Number>,
        quote: Quotes<PairQuote>,
    }

    /// The markets of a coin.
    CoinMarkets {
        id: CoinId,
        name: String,
        symbol: String,
        slug: Option<String>,
        num_market_pairs: Option<Number>,
        market_pairs: Vec<MarketPair>,
    }

    /// The markets of an exchange.
    ExchangeMarkets {
        id: Option<Number>,
        name: String,
        slug: String,
        num_market_pairs: Option<Number>,
        volume_24h: Option<Number>,
        market_pairs: Vec<MarketPair>,
    }
}

impl MarketPair {
    /// What the exchange says itself.
    #[must_use]
    pub fn reported(&self) -> Option<&PairQuote> {
        self.quote.get("exchange_reported")
    }
}

quoted! {
    PairQuote: id symbol;
}
