//! News, posts, the community.
//!
//! ```
//! # use cmc_sim::{KeyConfig, Plan, Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let keys = vec![KeyConfig::new(cmc_sim::DEFAULT_KEY, Plan::Enterprise)];
//! # let config = SimConfig { keys, ..SimConfig::default() };
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let news = client.content_latest().limit(3).send().await?.data;
//! assert!(news[0].title.is_some());
//! # Ok(()) }
//! ```

use super::table::operations;
use crate::types::{Article, Post, Posts, TrendingToken, TrendingTopic};

operations! {
    /// News.
    content_latest ContentLatestRequest Get "/v1/content/latest" -> Vec<Article>, paged
    {
        start "start" int; limit "limit" int; ids "id" ids; slugs "slug" words;
        symbols "symbol" words; news_type "news_type" text; content_type "content_type" text;
        category "category" text; language "language" text;
    }

    /// Posts about a coin, newest first.
    posts_latest PostsLatestRequest Get "/v1/content/posts/latest" -> Posts, scored
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; last_score "last_score" text;
    }

    /// Posts about a coin, most liked first.
    posts_top PostsTopRequest Get "/v1/content/posts/top" -> Posts, scored
    {
        ids "id" ids; slugs "slug" words; symbols "symbol" words; last_score "last_score" text;
    }

    /// Comments on a post.
    posts_comments PostsCommentsRequest Get "/v1/content/posts/comments" -> Vec<Post>
    {
        post_id "post_id" text;
    }

    /// Topics that the community talks about.
    community_trending_topic CommunityTrendingTopicRequest
        Get "/v1/community/trending/topic" -> Vec<TrendingTopic>
    {
        limit "limit" int;
    }

    /// Coins that the community talks about.
    community_trending_token CommunityTrendingTokenRequest
        Get "/v1/community/trending/token" -> Vec<TrendingToken>
    {
        limit "limit" int;
    }
}
