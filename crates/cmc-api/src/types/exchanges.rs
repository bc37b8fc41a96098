//! Exchanges: the map, metadata, figures, wallets.

use super::{Flag, Quotes, quote::quoted, wire};
use crate::Number;

wire! {
    /// An exchange of the map of all exchanges.
    ExchangeMapEntry {
        id: Option<Number>,
        name: String,
        slug: String,
        is_active: Option<Flag>,
        is_listed: Option<Flag>,
        is_redistributable: Option<Flag>,
        status: Option<String>,
        first_historical_data: Option<String>,
        last_historical_data: Option<String>,
    }

    /// The links of an exchange, by kind.
    ExchangeUrls {
        website: Vec<String>,
        twitter: Vec<String>,
        blog: Vec<String>,
        chat: Vec<String>,
        fee: Vec<String>,
        actual: Vec<String>,
        register: Vec<String>,
    }

    /// The metadata of an exchange.
    ExchangeInfo {
        id: Option<Number>,
        name: String,
        slug: String,
        logo: Option<String>,
        description: Option<String>,
        date_launched: Option<String>,
        notice: Option<String>,
        countries: Vec<String>,
        fiats: Vec<String>,
        tags: Vec<String>,
        #[serde(rename = "type")]
        kind: Option<String>,
        maker_fee: Option<Number>,
        taker_fee: Option<Number>,
        weekly_visits: Option<Number>,
        spot_volume_usd: Option<Number>,
        spot_volume_last_updated: Option<String>,
        is_hidden: Option<Flag>,
        is_redistributable: Option<Flag>,
        status: Option<String>,
        #[serde(rename = "porStatus")]
        por_status: Option<Number>,
        #[serde(rename = "porAuditStatus")]
        por_audit_status: Option<Number>,
        #[serde(rename = "walletSourceStatus")]
        wallet_source_status: Option<Number>,
        /// JSON in a string.
        #[serde(rename = "porSwitch")]
        por_switch: Option<String>,
        urls: Option<ExchangeUrls>,
    }

    /// The chain of a wallet.
    WalletPlatform {
        crypto_id: Option<Number>,
        symbol: Option<String>,
        name: Option<String>,
    }

    /// What a wallet holds.
    WalletCurrency {
        crypto_id: Option<Number>,
        price_usd: Option<Number>,
        symbol: Option<String>,
        name: Option<String>,
    }

    /// A wallet of an exchange.
    Wallet {
        wallet_address: String,
        balance: Option<Number>,
        platform: Option<WalletPlatform>,
        currency: Option<WalletCurrency>,
    }

    /// What an exchange trades, in one currency.
    ExchangeQuote {
        id: Option<Number>,
        symbol: Option<String>,
        volume_24h: Option<Number>,
        volume_24h_adjusted: Option<Number>,
        volume_7d: Option<Number>,
        volume_30d: Option<Number>,
        percent_change_volume_24h: Option<Number>,
        percent_change_volume_7d: Option<Number>,
        percent_change_volume_30d: Option<Number>,
        effective_liquidity_24h: Option<Number>,
        derivative_volume: Option<Number>,
        derivative_volume_usd: Option<Number>,
        spot_volume: Option<Number>,
        spot_volume_usd: Option<Number>,
        open_interest: Option<Number>,
        /// (history)
        timestamp: Option<String>,
        last_updated: Option<String>,
    }

    /// An exchange with its latest figures.
    Exchange {
        id: Option<Number>,
        name: String,
        slug: String,
        num_market_pairs: Option<Number>,
        num_coins: Option<Number>,
        traffic_score: Option<Number>,
        rank: Option<Number>,
        exchange_score: Option<Number>,
        liquidity_score: Option<Number>,
        effective_liquidity_24h: Option<Number>,
        fiats: Vec<String>,
        date_launched: Option<String>,
        last_updated: Option<String>,
        quote: Quotes<ExchangeQuote>,
    }

    /// A point of an exchange's history.
    ExchangePoint {
        timestamp: String,
        search_interval: Option<String>,
        num_market_pairs: Option<Number>,
        quote: Quotes<ExchangeQuote>,
    }

    /// An exchange's figures over time.
    ExchangeSeries {
        id: Option<Number>,
        name: String,
        slug: String,
        quotes: Vec<ExchangePoint>,
    }
}

quoted! {
    ExchangeQuote: id symbol;
}
