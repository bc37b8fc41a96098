//! News, posts, and what the community talks about.

use super::{Items, wire};
use crate::{CoinId, Number};

wire! {
    /// A coin that is written about.
    ContentAsset {
        id: CoinId,
        name: Option<String>,
        symbol: Option<String>,
        slug: Option<String>,
    }

    /// An article.
    Article {
        cover: Option<String>,
        assets: Vec<ContentAsset>,
        created_at: Option<String>,
        released_at: Option<String>,
        title: Option<String>,
        subtitle: Option<String>,
        #[serde(rename = "type")]
        kind: Option<String>,
        source_name: Option<String>,
        source_url: Option<String>,
        language: Option<String>,
        news_type: Option<String>,
    }

    /// Who wrote a post.
    PostOwner {
        nickname: Option<String>,
        avatar_url: Option<String>,
    }

    /// A post, or a comment on one.
    Post {
        post_id: Option<Number>,
        owner: Option<PostOwner>,
        text_content: Option<String>,
        photos: Vec<String>,
        comment_count: Option<Number>,
        like_count: Option<Number>,
        /// in milliseconds since 1970.
        post_time: Option<Number>,
        currencies: Vec<ContentAsset>,
        language_code: Option<String>,
        comments_url: Option<String>,
    }

    /// A page of posts.
    Posts {
        list: Vec<Post>,
        /// what the next page is asked with.
        last_score: Option<Number>,
    }

    /// A topic that is talked about.
    TrendingTopic {
        rank: Option<Number>,
        topic: String,
    }

    /// A coin that is talked about.
    TrendingToken {
        id: CoinId,
        name: String,
        symbol: String,
        slug: String,
        cmc_rank: Option<Number>,
        rank: Option<Number>,
    }
}

impl Items for Posts {
    type Item = Post;

    fn into_items(self) -> Vec<Post> {
        self.list
    }
}
