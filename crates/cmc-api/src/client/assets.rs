//! Real-world assets (v5).
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! use cmc_api::client::words::AssetType;
//!
//! let map = client.asset_map().asset_type(AssetType::Stock).limit(2).send().await?.data;
//! assert!(map.assets.iter().all(|asset| asset.asset_type.as_deref() == Some("stock")));
//! # Ok(()) }
//! ```

use super::table::operations;
use super::words::{AssetType, Direction};
use crate::types::{AssetMarkets, Assets, Issuer, Issuers};

operations! {
    /// The map of all real-world assets.
    asset_map AssetMapRequest Get "/v5/real-world-assets/map" -> Assets, paged
    {
        asset_type "asset_type" word(AssetType); symbols "symbol" words; sort "sort" text;
        start "start" int; limit "limit" int;
    }

    /// A page of the ranking of real-world assets.
    asset_list AssetListRequest Get "/v5/real-world-assets/assets/list" -> Assets, paged
    {
        rwa_ids "rwa_id" ids; rwa_slugs "rwa_slug" words; symbols "symbol" words;
        asset_type "asset_type" word(AssetType); sort "sort" text;
        sort_dir "sort_dir" word(Direction); start "start" int; limit "limit" int;
        converts "convert" words; convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }

    /// The latest figures of real-world assets.
    asset_quotes_latest AssetQuotesLatestRequest
        Get "/v5/real-world-assets/quotes/latest" -> Assets
    {
        rwa_ids "rwa_id" ids; rwa_slugs "rwa_slug" words; symbols "symbol" words;
        converts "convert" words; convert_ids "convert_id" ids; skip_invalid "skip_invalid" flag;
    }

    /// The metadata of real-world assets.
    asset_info AssetInfoRequest Get "/v5/real-world-assets/info" -> Assets
    {
        rwa_ids "rwa_id" ids; rwa_slugs "rwa_slug" words; symbols "symbol" words;
        skip_invalid "skip_invalid" flag;
    }

    /// Who issues tokens of real-world assets, with them.
    asset_issuer AssetIssuerRequest Get "/v5/real-world-assets/issuers" -> Issuer, paged
    {
        issuer_id "issuer_id" text; start "start" int; limit "limit" int;
    }

    /// All who issue tokens of real-world assets.
    asset_issuers AssetIssuersRequest Get "/v5/real-world-assets/issuers/list" -> Issuers, paged
    {
        issuer_id "issuer_id" text; active "active" flag; start "start" int; limit "limit" int;
        skip_invalid "skip_invalid" flag;
    }

    /// The markets of a real-world asset.
    asset_market_pairs AssetMarketPairsRequest
        Get "/v5/real-world-assets/market-pairs/list" -> AssetMarkets, paged
    {
        rwa_id "rwa_id" id; rwa_slug "rwa_slug" text; symbols "symbol" words; sort "sort" text;
        sort_dir "sort_dir" word(Direction); start "start" int; limit "limit" int;
        converts "convert" words; convert_ids "convert_id" ids;
    }
}
