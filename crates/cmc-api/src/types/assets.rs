//! Real-world assets (v5).

use super::{DerivativePair, Platform, Quotes, derivatives::listed, quote::quoted, wire};
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

    /// A token that stands for an asset.
    AssetToken {
        crypto_id: Option<Number>,
        name: Option<String>,
        symbol: Option<String>,
        issuer_id: Option<String>,
        issuer_name: Option<String>,
        platform: Option<Platform>,
        /// what it stands for, where tokens are what was asked for.
        asset: Option<AssetName>,
        quotes: Quotes<AssetQuote>,
    }

    /// An asset by name.
    AssetName {
        rwa_id: Option<Number>,
        rwa_slug: Option<String>,
        name: Option<String>,
        symbol: Option<String>,
        asset_type: Option<String>,
        rwa_rank: Option<Number>,
    }

    /// The links of an asset.
    AssetUrls {
        website: Vec<String>,
    }

    /// A market of the asset itself.
    TradfiMarket {
        market: Option<String>,
        symbol: Option<String>,
        currency: Option<String>,
        price: Option<Number>,
        last_updated: Option<String>,
    }

    /// A real-world asset, whatever was asked about it.
    Asset {
        rwa_id: Option<Number>,
        rwa_slug: Option<String>,
        name: Option<String>,
        symbol: Option<String>,
        /// (`stock`, `commodity`, `currency`, `government_security`, `etf`, `real_estate`)
        asset_type: Option<String>,
        rwa_rank: Option<Number>,
        num_tokens: Option<Number>,
        description: Option<String>,
        logo: Option<String>,
        date_added: Option<String>,
        urls: Option<AssetUrls>,
        tokens: Vec<AssetToken>,
        tradfi_markets: Vec<TradfiMarket>,
        quotes: Quotes<AssetQuote>,
        last_updated: Option<String>,
    }

    /// A page of assets.
    Assets {
        assets: Vec<Asset>,
        total_size: Option<Number>,
        has_more: Option<bool>,
    }

    /// Who issues tokens of assets.
    Issuer {
        issuer_id: Option<String>,
        issuer_name: Option<String>,
        issuer_slug: Option<String>,
        active: Option<bool>,
        website: Option<String>,
        founded: Option<String>,
        num_tokens: Option<Number>,
        /// where one issuer was asked for.
        tokens: Vec<AssetToken>,
        total_size: Option<Number>,
        has_more: Option<bool>,
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
        asset_type: Option<String>,
        rwa_rank: Option<Number>,
        num_market_pairs: Option<Number>,
        market_pairs: Vec<DerivativePair>,
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
    Issuer: tokens of AssetToken;
    AssetMarkets: market_pairs of DerivativePair;
}
