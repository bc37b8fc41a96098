//! Fiats, price conversion, the key.
//!
//! ```
//! # use cmc_sim::{Sim, SimConfig};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let config = SimConfig::default();
//! # let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await?;
//! # let client = cmc_api::Client::at(sim.url(), cmc_sim::DEFAULT_KEY)?;
//! let sum = client.price_conversion().amount(2).ids([1]).converts(["EUR"]).send().await?.data;
//! let quote = sum.first().unwrap().quote.get("EUR").unwrap();
//! assert!(quote.price.as_ref().unwrap().as_decimal().is_some());
//! # Ok(()) }
//! ```

use serde_json::Value;

use super::table::operations;
use super::words::FiatSort;
use crate::types::{Conversion, FiatEntry, KeyReport, OneOrMany};

operations! {
    /// Fiats and metals.
    fiat_map FiatMapRequest Get "/v1/fiat/map" -> Vec<FiatEntry>, paged
    {
        start "start" int; limit "limit" int; sort "sort" word(FiatSort);
        include_metals "include_metals" flag;
    }

    /// An amount in other currencies.
    price_conversion PriceConversionRequest
        Get "/v2/tools/price-conversion" -> OneOrMany<Conversion>
    {
        amount "amount" number; ids "id" ids; symbols "symbol" words; time "time" time;
        converts "convert" words; convert_ids "convert_id" ids;
    }

    /// The limits of the key, and what is used of them.
    key_info KeyInfoRequest Get "/v1/key/info" -> KeyReport
    {}

    /// The collection for a tool named Postman, as sent.
    postman PostmanRequest Get "/v1/tools/postman" -> Value
    {}
}
