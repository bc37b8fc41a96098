//! Categories of coins, and airdrops.

use super::table::operations;
use super::words::AirdropStatus;
use crate::types::{Airdrop, Category};

operations! {
    /// All categories of coins.
    categories CategoriesRequest Get "/v1/cryptocurrency/categories" -> Vec<Category>, paged
    {
        start "start" int; limit "limit" int; ids "id" ids; slugs "slug" words;
        symbols "symbol" words;
    }

    /// One category, with a page of its coins.
    category CategoryRequest Get "/v1/cryptocurrency/category" -> Category
    {
        id "id" id; start "start" int; limit "limit" int; converts "convert" words;
        convert_ids "convert_id" ids;
    }

    /// Airdrops.
    airdrops AirdropsRequest Get "/v1/cryptocurrency/airdrops" -> Vec<Airdrop>, paged
    {
        start "start" int; limit "limit" int; status "status" word(AirdropStatus); ids "id" ids;
        slugs "slug" words; symbols "symbol" words;
    }

    /// One airdrop.
    airdrop AirdropRequest Get "/v1/cryptocurrency/airdrop" -> Airdrop
    {
        id "id" id;
    }
}
