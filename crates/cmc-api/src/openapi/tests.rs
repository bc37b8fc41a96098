use super::*;
use crate::{Catalogue, Method};

fn document() -> Value {
    openapi(&Catalogue::embedded())
}

/// Every reference in `value`.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                found.push(target.clone());
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
        _ => {}
    }
}

#[test]
fn every_operation_is_in_the_document_once() {
    // Code is generated from it: what is not there cannot be called.
    let document = document();
    let mut ids = std::collections::HashSet::new();
    for operation in Catalogue::embedded().operations() {
        let method = operation.method.as_str().to_lowercase();
        let entry = &document["paths"][&*operation.path][method];
        assert!(ids.insert(entry["operationId"].as_str().expect(&operation.path).to_owned()));
        assert_eq!(entry["parameters"].as_array().unwrap().len(), operation.params.len());
        assert_eq!(entry.get("requestBody").is_some(), operation.method == Method::Post);
        assert!(!entry["summary"].as_str().unwrap().is_empty());
    }
    let paths = document["paths"].as_object().unwrap().values();
    assert_eq!(paths.map(|path| path.as_object().unwrap().len()).sum::<usize>(), 110);
    assert_eq!(ids.len(), 110);
}

#[test]
fn every_reference_leads_somewhere() {
    // Generators stop at the first that does not.
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 110 * 7);
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
}

#[test]
fn defaults_have_the_type_of_their_schema() {
    // A text where a number is due is what generated code fails on.
    let document = document();
    let listings = &document["paths"]["/v3/cryptocurrency/listings/latest"]["get"];
    let schema = |name: &str| {
        let parameters = listings["parameters"].as_array().unwrap();
        parameters.iter().find(|param| param["name"] == name).unwrap()["schema"].clone()
    };
    assert_eq!(
        schema("limit"),
        json!({ "type": "integer", "minimum": 1, "maximum": 5000, "default": 100 })
    );
    assert_eq!(schema("aux")["default"][1], "cmc_rank");
    assert_eq!(schema("sort")["enum"][0], "market_cap");
    assert_eq!(schema("convert")["default"], "USD");
    let credits = json!({
        "model": "batch", "per": 250, "base": 0, "per_convert": 1, "unit": "coins", "stated": true,
    });
    assert_eq!(listings["x-credits"], credits);
    assert_eq!(
        (&listings["x-cadence-seconds"], &listings["x-min-plan"]),
        (&json!(60), &json!("Basic"))
    );
}
