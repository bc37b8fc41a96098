//! Categories of coins, and airdrops.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let categories = client.categories().limit(3).send().await?;
//! let first = &categories.data[0];
//! let category = client.category().id(&*first.id).limit(10).send().await?;
//! assert_eq!(category.data.name, first.name);
//! # Ok(()) }
//! ```

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
