//! News, posts, the community.

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
    community_trending_topic CommunityTrendingTopicRequest Get "/v1/community/trending/topic"
        -> Vec<TrendingTopic>
    {
        limit "limit" int;
    }

    /// Coins that the community talks about.
    community_trending_token CommunityTrendingTokenRequest Get "/v1/community/trending/token"
        -> Vec<TrendingToken>
    {
        limit "limit" int;
    }
}
