//! News, posts, and what people talk about.

use super::Operation;
use crate::params::spec_community as spec;
use crate::routes::{community, content};
use crate::tariff::Price;

#[rustfmt::skip]
pub(super) const TABLE: &[Operation] = operations! {
    Get "/v1/content/latest" 1 Classic false Growth
        (Price::FREE) spec::NEWS, content::latest;
    Get "/v1/content/posts/latest" 1 Classic false Growth
        (Price::FREE) spec::POSTS, content::posts_latest;
    Get "/v1/content/posts/top" 1 Classic false Growth
        (Price::FREE) spec::POSTS, content::posts_top;
    Get "/v1/content/posts/comments" 1 Classic false Growth
        (Price::FREE) spec::COMMENTS, content::comments;
    Get "/v1/community/trending/topic" 1 Classic false Growth
        (Price::FREE) spec::TALK, community::topics;
    Get "/v1/community/trending/token" 1 Classic false Growth
        (Price::FREE) spec::TALK, community::tokens;
};
