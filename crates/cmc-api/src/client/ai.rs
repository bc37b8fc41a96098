//! Questions and answers (v5).
//!
//! ```
//! # use cmc_sim::{KeyConfig, Plan, Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let keys = vec![KeyConfig::new(cmc_sim::DEFAULT_KEY, Plan::Enterprise)];
//! # let config = SimConfig { keys, ..SimConfig::default() };
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let coins = client.ai_coins_map().limit(2).send().await?;
//! // As sent: no types are published.
//! assert!(coins.data.is_object());
//! # Ok(()) }
//! ```

use serde_json::Value;

use super::table::operations;

operations! {
    /// Questions and answers about the market, as sent.
    ai_latest AiLatestRequest Get "/v5/cmc-ai/latest" -> Value
    {
        kind "type" text; sources_limit "sources_limit" int; start "start" int; limit "limit" int;
    }

    /// Questions and answers about coins, as sent.
    ai_coins_latest AiCoinsLatestRequest Get "/v5/cmc-ai/coins/latest" -> Value
    {
        crypto_ids "crypto_id" ids; slugs "slug" words; symbols "symbol" words; kind "type" text;
        question_key "question_key" text; sources_limit "sources_limit" int;
        skip_invalid "skip_invalid" flag; start "start" int; limit "limit" int;
    }

    /// Coins that there are answers about, as sent.
    ai_coins_map AiCoinsMapRequest Get "/v5/cmc-ai/coins/map" -> Value
    {
        crypto_ids "crypto_id" ids; slugs "slug" words; symbols "symbol" words; sort "sort" text;
        start "start" int; limit "limit" int;
    }
}
