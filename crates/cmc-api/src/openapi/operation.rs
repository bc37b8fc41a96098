//! One operation.

use serde_json::{Map, Value, json};

use super::{
    components::{REFUSALS, reference},
    schema,
};
use crate::{
    operation::{Depth, Keying, Method, Operation, PriceRule, Style},
    param::Param,
};

/// The operation object.
pub(super) fn of(known: &Operation) -> Value {
    let mut out = json!({
        "operationId": id(known),
        "summary": &*known.summary,
        "tags": [tag(&known.path)],
        "deprecated": known.deprecated,
        "parameters": known.params.iter().map(parameter).collect::<Vec<_>>(),
        "responses": responses(known),
        "x-credits": credits(known),
        "x-cadence-seconds": known.cadence.map(|cadence| cadence.as_secs()),
        "x-min-plan": known.min_plan.map(|plan| plan.name()),
        "x-keyless": known.keyless,
        "x-keying": known.keying.name(),
    });
    if known.keyless {
        out["security"] = json!([{ "key": [] }, {}]);
    }
    if let Some(rules) = rules(known) {
        out["description"] = rules.into();
    }
    if known.method == Method::Post {
        out["requestBody"] = body(known);
    }
    if !known.history.is_empty() {
        out["x-history"] = history(known);
    }
    out
}

fn id(known: &Operation) -> String {
    let name = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let path: String = known.path.chars().map(name).collect();
    format!("{}{path}", known.method.as_str().to_ascii_lowercase())
}

/// The folder that it is in, without the version.
fn tag(path: &str) -> &str {
    path.split('/').nth(2).unwrap_or_default()
}

fn parameter(param: &Param) -> Value {
    json!({
        "name": &*param.name,
        "in": "query",
        "required": param.required,
        "explode": false,
        "schema": schema::of(param),
    })
}

/// What must hold between parameters.
fn rules(known: &Operation) -> Option<String> {
    let mut rules = Vec::new();
    if !known.one_of.is_empty() {
        rules.push(format!("At least one of {} is required.", known.one_of.join(", ")));
    }
    for peers in &known.exclusive {
        rules.push(format!("At most one of {} may be given.", peers.join(", ")));
    }
    (!rules.is_empty()).then(|| rules.join(" "))
}

fn body(known: &Operation) -> Value {
    let property = |wire: &str| match wire {
        "array" => json!({ "type": "array", "items": {} }),
        other => json!({ "type": other }),
    };
    let fields = known.body.iter();
    let properties: Map<String, Value> = fields
        .clone()
        .map(|field| (field.name.as_ref().to_owned(), property(field.wire.name())))
        .collect();
    let required: Vec<&str> =
        fields.filter(|field| field.required).map(|field| &*field.name).collect();
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn responses(known: &Operation) -> Value {
    let status = match known.style {
        Style::Classic => "ClassicStatus",
        Style::Java => "JavaStatus",
    };
    let schema = json!({
        "type": "object",
        "required": ["status", "data"],
        "properties": { "status": reference("schemas", status), "data": data(known.keying) },
    });
    let good = json!({
        "description": "the answer; an error_code other than 0 in it is a refusal all the same",
        "content": { "application/json": { "schema": schema } },
    });
    let mut responses = Map::from_iter([("200".to_owned(), good)]);
    for (name, status, _) in REFUSALS {
        responses.insert(status.to_owned(), reference("responses", name));
    }
    responses.into()
}

fn data(keying: Keying) -> Value {
    match keying {
        Keying::List => json!({ "type": "array", "items": {} }),
        Keying::OneOrSymbolList => json!({ "type": ["object", "array"] }),
        _ => json!({ "type": "object" }),
    }
}

fn credits(known: &Operation) -> Value {
    let mut out = match known.price {
        PriceRule::Free => json!({ "model": "free" }),
        PriceRule::Flat { credits, convert } => {
            json!({ "model": "flat", "credits": credits, "per_convert": u32::from(convert) })
        }
        PriceRule::Batch { per, base, convert } => json!({
            "model": "batch", "per": per, "base": base, "per_convert": u32::from(convert),
        }),
        PriceRule::Item => json!({ "model": "item" }),
        PriceRule::Unknown => json!({ "model": "unknown" }),
    };
    if let Some(unit) = known.billing.unit {
        out["unit"] = unit.name().into();
    }
    out["stated"] = known.billing.stated.into();
    out
}

fn history(known: &Operation) -> Value {
    let reach = |depth: &Depth| match depth {
        Depth::Nothing => json!("none"),
        Depth::Months(months) => json!({ "months": months }),
        Depth::Since(day) => json!({ "since": &**day }),
        Depth::All => json!("all"),
    };
    let plans = known.history.iter().map(|history| {
        let reach = json!({ "intraday": reach(&history.intraday), "daily": reach(&history.daily) });
        (history.plan.name().to_owned(), reach)
    });
    Value::Object(plans.collect())
}
