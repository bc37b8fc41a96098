//! A catalogue as an OpenAPI 3.1 document of the API itself.

mod components;
mod operation;
mod schema;

use serde_json::{Map, Value, json};

use crate::catalogue::Catalogue;

/// The document. Beyond the standard it tells price (`x-credits`), cadence
/// (`x-cadence-seconds`), plan (`x-min-plan`) and reach (`x-history`) of every operation.
#[must_use]
pub fn openapi(catalogue: &Catalogue) -> Value {
    let mut paths = Map::new();
    for known in catalogue.operations() {
        let path = paths.entry(&*known.path).or_insert_with(|| json!({}));
        let method = known.method.as_str().to_ascii_lowercase();
        path[method] = operation::of(known);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "CoinMarketCap Pro API",
            "version": catalogue.effective(),
            "description": "Written from the catalogue of operations; not by the API's vendor. \
                The API's own answers are authoritative, also on what was charged.",
        },
        "servers": [
            { "url": "https://pro-api.coinmarketcap.com", "description": "production" },
            {
                "url": "https://pro-api.coinmarketcap.com/public-api",
                "description": "without a key, for operations that say so",
            },
            { "url": "https://sandbox-api.coinmarketcap.com", "description": "generated data" },
        ],
        "security": [{ "key": [] }],
        "paths": paths,
        "components": components::all(),
    })
}

#[cfg(test)]
mod tests;
