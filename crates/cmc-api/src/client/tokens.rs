//! Tokens of decentralised exchanges.

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
