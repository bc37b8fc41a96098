//! What one parameter may hold, as a JSON schema.

use serde_json::{Value, json};

use crate::param::{Bound, Param, ParamKind, Range, Words};

/// The schema, with the default.
pub(super) fn of(param: &Param) -> Value {
    let mut schema = by_kind(&param.kind);
    if let Some(text) = &param.default {
        schema["default"] = default(&param.kind, text);
    }
    schema
}

fn by_kind(kind: &ParamKind) -> Value {
    match kind {
        ParamKind::Text => json!({ "type": "string" }),
        ParamKind::Time => {
            json!({ "type": "string", "description": "ISO-8601, or Unix seconds" })
        }
        ParamKind::Number(range) => bounded("number", range),
        ParamKind::Integer(range) => bounded("integer", range),
        ParamKind::Boolean => json!({ "type": "boolean" }),
        ParamKind::OneOf(words) => json!({ "type": "string", "enum": texts(words) }),
        ParamKind::SetOf(words) | ParamKind::Aux(words) => json!({
            "type": "array", "uniqueItems": true,
            "items": { "type": "string", "enum": texts(words) },
        }),
        ParamKind::Ids(_) => pattern("^\\d+(?:,\\d+)*$"),
        ParamKind::FewIds(most) => {
            pattern(&format!("^\\d+(?:,\\d+){{0,{}}}$", most.saturating_sub(1)))
        }
        ParamKind::Slugs(_) => pattern("^[0-9a-z-]+(?:,[0-9a-z-]+)*$"),
        ParamKind::Symbols => pattern("^[0-9A-Za-z$@\\-]+(?:,[0-9A-Za-z$@\\-]+)*$"),
    }
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn bounded(name: &str, range: &Range) -> Value {
    let mut schema = json!({ "type": name });
    for (bound, keyword) in [(&range.min, "minimum"), (&range.max, "maximum")] {
        if let Some(bound) = bound {
            schema[keyword] = number(bound);
        }
    }
    schema
}

fn number(bound: &Bound) -> Value {
    serde_json::from_str(&bound.text).unwrap_or_else(|_| json!(bound.value))
}

fn texts(words: &Words) -> Vec<&str> {
    words.iter().map(|word| &**word).collect()
}

/// In the type of its schema; it has passed the same rules as a value.
fn default(kind: &ParamKind, text: &str) -> Value {
    match kind {
        ParamKind::Number(_) | ParamKind::Integer(_) | ParamKind::Boolean => {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        }
        ParamKind::SetOf(_) | ParamKind::Aux(_) => text.split(',').collect(),
        _ => text.into(),
    }
}
