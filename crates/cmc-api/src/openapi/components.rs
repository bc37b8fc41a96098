//! What operations refer to.

use serde_json::{Map, Value, json};

/// Name, HTTP status and meaning of each refusal.
pub(super) const REFUSALS: [(&str, &str, &str); 7] = [
    ("Invalid", "400", "a parameter is missing, unknown, or out of its range"),
    ("Unauthorized", "401", "the API key is missing (1002) or not known (1001)"),
    ("Unpaid", "402", "the subscription is not active (1003) or has ended (1004)"),
    ("Forbidden", "403", "the plan does not include this (1006), or the key is disabled (1007)"),
    ("WrongMethod", "405", "the operation is asked with the other method"),
    ("TooMany", "429", "too many calls this minute (1008), or no credits left (1009, 1010)"),
    ("Broken", "500", "the API failed"),
];

pub(super) fn all() -> Value {
    json!({
        "securitySchemes": {
            "key": { "type": "apiKey", "in": "header", "name": "X-CMC_PRO_API_KEY" },
        },
        "responses": responses(),
        "schemas": {
            "ClassicStatus": status(&json!("integer"), &json!(["string", "null"])),
            "JavaStatus": status(&json!("string"), &json!("string")),
            "Refusal": {
                "type": "object",
                "required": ["status"],
                "properties": {
                    "status": {
                        "anyOf": [reference("schemas", "ClassicStatus"),
                            reference("schemas", "JavaStatus")],
                    },
                },
            },
        },
    })
}

/// A reference to one of the components.
pub(super) fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

fn responses() -> Value {
    let refusal = |(name, _, meaning): &(&str, &str, &str)| {
        let content = json!({ "schema": reference("schemas", "Refusal") });
        let response =
            json!({ "description": meaning, "content": { "application/json": content } });
        ((*name).to_owned(), response)
    };
    Value::Object(REFUSALS.iter().map(refusal).collect::<Map<String, Value>>())
}

fn status(code: &Value, message: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["timestamp", "error_code", "error_message", "elapsed", "credit_count"],
        "properties": {
            "timestamp": { "type": "string", "format": "date-time" },
            "error_code": { "type": code, "description": "0 on success" },
            "error_message": { "type": message },
            "elapsed": { "type": "integer", "description": "milliseconds" },
            "credit_count": { "type": "integer", "description": "credits charged" },
            "notice": { "type": ["string", "null"] },
            "total_count": { "type": "integer" },
        },
    })
}
