//! Tokens of decentralised exchanges.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! use cmc_api::client::tokens::{PriceBatch, TokenRef};
//!
//! let address = "0xdac17f958d2ee523a2206206994597c13d831ec7".to_owned();
//! let tokens = vec![TokenRef { platform: "ethereum".to_owned(), address }];
//! let prices = client.dex_token_prices().body(&PriceBatch { tokens }).send().await?;
//! assert_eq!(prices.data[0]["sym"], "USDT");
//! # Ok(()) }
//! ```

use serde::Serialize;
use serde_json::Value;

use super::table::operations;

operations! {
    /// A token.
    dex_token DexTokenRequest Get "/v1/dex/token" -> Value
    {
        platform "platform" text; address "address" text;
    }

    /// The price of a token.
    dex_token_price DexTokenPriceRequest Get "/v1/dex/token/price" -> Value
    {
        platform "platform" text; address "address" text;
    }

    /// The pools of a token.
    dex_token_pools DexTokenPoolsRequest Get "/v1/dex/token/pools" -> Value
    {
        platform "platform" text; address "address" text; size "size" int;
    }

    /// Tokens that match a text.
    dex_search DexSearchRequest Get "/v1/dex/search" -> Value
    {
        q "q" text; platform "platform" text; sort "sort" text; limit "limit" int;
        code "code" text;
    }

    /// What is known of a token's safety.
    dex_security DexSecurityRequest Get "/v1/dex/security/detail" -> Value
    {
        platform_name "platformName" text; address "address" text;
    }

    /// Swaps of a token.
    dex_transactions DexTransactionsRequest Get "/v1/dex/tokens/transactions" -> Value
    {
        platform "platform" text; address "address" text; kind "type" int; types "types" text;
        maker "maker" text; sort_by "sortBy" text; sort_type "sortType" text;
        start_time "startTime" int; end_time "endTime" int; min_volume "minVolume" number;
        max_volume "maxVolume" number; last_id "lastId" text; limit "limit" int;
        version "version" text;
    }

    /// Changes of a token's liquidity.
    dex_liquidity_changes DexLiquidityChangesRequest Get "/v1/dex/liquidity-change/list" -> Value
    {
        platform "platform" text; address "address" text; kind "type" int; maker "maker" text;
        sort_by "sortBy" text; sort_type "sortType" text; start_time "startTime" int;
        end_time "endTime" int; min_volume "minVolume" number; max_volume "maxVolume" number;
        last_id "lastId" text; limit "limit" int;
    }

    /// A token's liquidity over time.
    dex_token_liquidity DexTokenLiquidityRequest Get "/v1/dex/token-liquidity/query" -> Value
    {
        platform "platform" text; address "address" text; interval "interval" text;
        limit "limit" int; to "to" int; need_latest "needLatest" flag;
    }

    /// All platforms.
    dex_platforms DexPlatformsRequest Get "/v1/dex/platform/list" -> Value
    {}

    /// A platform.
    dex_platform DexPlatformRequest Get "/v1/dex/platform/detail" -> Value
    {
        platform_name "platformName" text;
    }

    /// How many hold a token.
    dex_holder_count DexHolderCountRequest Get "/v1/dex/holders/count" -> Value
    {
        platform "platform" text; token_address "tokenAddress" text;
    }

    /// How many hold a token, by tag.
    dex_holder_tags DexHolderTagsRequest Get "/v1/dex/holders/tag_count" -> Value
    {
        platform "platform" text; token_address "tokenAddress" text;
    }

    /// How many held a token over time.
    dex_holder_trend DexHolderTrendRequest Get "/v1/dex/holders/trend/list" -> Value
    {
        platform "platform" text; token_address "tokenAddress" text; interval "interval" text;
        from "from" int; to "to" int; limit "limit" int;
    }

    /// Tokens that trend.
    dex_trending_tokens DexTrendingTokensRequest Post "/v1/dex/tokens/trending/list" -> Value
    {
        body "body" body;
    }

    /// New tokens.
    dex_new_tokens DexNewTokensRequest Post "/v1/dex/new/list" -> Value
    {
        body "body" body;
    }

    /// Tokens that gained or lost most.
    dex_gainers_losers DexGainersLosersRequest Post "/v1/dex/gainer-loser/list" -> Value
    {
        body "body" body;
    }

    /// Meme tokens.
    dex_meme_tokens DexMemeTokensRequest Post "/v1/dex/meme/list" -> Value
    {
        body "body" body;
    }

    /// Several tokens.
    dex_tokens DexTokensRequest Post "/v1/dex/tokens/batch-query" -> Value
    {
        body "body" body;
    }

    /// The prices of several tokens.
    dex_token_prices DexTokenPricesRequest Post "/v1/dex/token/price/batch" -> Value
    {
        body "body" body;
    }

    /// Who holds a token.
    dex_holders DexHoldersRequest Post "/v1/dex/holders/list" -> Value
    {
        body "body" body;
    }

    /// One who holds a token.
    dex_holder DexHolderRequest Post "/v1/dex/holders/detail" -> Value
    {
        body "body" body;
    }
}

/// A token of a platform, in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenRef {
    /// The platform's name or id.
    pub platform: String,
    /// The token's contract.
    pub address: String,
}

/// The body of [`dex_tokens`](crate::Client::dex_tokens).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenBatch {
    /// The platform's name or id.
    pub platform: String,
    /// The tokens' contracts.
    pub addresses: Vec<String>,
}

/// The body of [`dex_token_prices`](crate::Client::dex_token_prices).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PriceBatch {
    /// The tokens.
    pub tokens: Vec<TokenRef>,
}

/// The body of [`dex_holders`](crate::Client::dex_holders) and
/// [`dex_holder`](crate::Client::dex_holder).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderQuery {
    /// The token's contract.
    pub token_address: String,
    /// The platform's name or id.
    pub platform: String,
    /// Only holders of this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Only this holder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallet_address: Option<String>,
}

/// The body of the lists of tokens: trending, new, gainers and losers, memes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenList {
    /// Only tokens of these platforms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platform_ids: Vec<String>,
    /// The period that changes are counted over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// Which page, as the last answer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_index: Option<String>,
    /// Tokens on a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// The figure that orders them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// Which end comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_type: Option<String>,
    /// Bounds of figures, as documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
}
