//! Real-world assets (v5).

use serde_json::Value;

use super::{Quotes, derivatives::listed, quote::quoted, wire};
use crate::Number;

wire! {
    /// The figures of an asset, in one currency.
    AssetQuote {
        convert_id: Option<Number>,
        convert_symbol: Option<String>,
        crypto_id: Option<Number>,
        symbol: Option<String>,
        price: Option<Number>,
        average_tokenized_price: Option<Number>,
        tokenized_market_cap: Option<Number>,
        tokenized_volume_24h: Option<Number>,
        volume_24h: Option<Number>,
        market_cap: Option<Number>,
        percent_change_1h: Option<Number>,
        percent_change_24h: Option<Number>,
        percent_change_7d: Option<Number>,
        percent_change_30d: Option<Number>,
        last_updated: Option<String>,
    }

    /// A real-world asset, whatever was asked about it.
    Asset {
        rwa_id: Option<Number>,
        rwa_slug: Option<String>,
        name: Option<String>,
        symbol: Option<String>,
        slug: Option<String>,
        /// (`stock`, `commodity`, `currency`, `government_security`, `etf`, `real_estate`)
        asset_type: Option<String>,
        rwa_rank: Option<Number>,
        description: Option<String>,
        logo: Option<String>,
        last_updated: Option<String>,
        quotes: Quotes<AssetQuote>,
        /// as sent: what they hold is hardly documented.
        tokens: Vec<Value>,
        /// as sent: what they hold is hardly documented.
        tradfi_markets: Vec<Value>,
    }

    /// A page of assets.
    Assets {
        assets: Vec<Asset>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }

    /// Who issues tokens of assets.
    Issuer {
        issuer_id: Option<Number>,
        name: Option<String>,
        slug: Option<String>,
        description: Option<String>,
        website: Option<String>,
        logo: Option<String>,
        active: Option<bool>,
        assets: Vec<Asset>,
        tokens: Vec<Value>,
    }

    /// A page of issuers.
    Issuers {
        issuers: Vec<Issuer>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }

    /// The markets of an asset's tokens.
    AssetMarkets {
        rwa_id: Option<Number>,
        rwa_slug: Option<String>,
        name: Option<String>,
        symbol: Option<String>,
        num_market_pairs: Option<Number>,
        market_pairs: Vec<Value>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }
}

quoted! {
    AssetQuote: convert_id convert_symbol;
}

listed! {
    Assets: assets of Asset;
    Issuers: issuers of Issuer;
    AssetMarkets: market_pairs of Value;
}
