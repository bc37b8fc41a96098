//! `tools/postman`: a collection of everything that is served.

use crate::json::Json;
use crate::operations::{self, Ask, Operation, Prepared};
use crate::refusal::Refusal;

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// v1.
pub(crate) fn collection<'a>(_: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    Ok(Prepared::new(1, |json| {
        json.open_object();
        json.key("info");
        json.open_object();
        json.text("name", "CoinMarketCap Cryptocurrency API");
        json.text("schema", SCHEMA);
        json.close_object();
        json.key("item");
        json.open_array();
        operations::all().for_each(|operation| item(json, operation));
        json.close_array();
        json.close_object();
    }))
}

fn item(json: &mut Json, operation: &Operation) {
    json.open_object();
    json.text("name", operation.path);
    json.key("request");
    json.open_object();
    json.text("method", operation.method.name());
    json.key("url");
    json.open_object();
    json.text("raw", &format!("{{{{baseUrl}}}}{}", operation.path));
    json.texts("path", operation.path.split('/').skip(1));
    json.close_object();
    json.close_object();
    json.close_object();
}
