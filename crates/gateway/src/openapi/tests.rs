use std::collections::BTreeSet;

use super::*;
use crate::admin::PATHS;

#[test]
fn every_path_that_is_served_is_described_and_no_other() {
    // A path that is missing here is one that nobody finds.
    let document = document();
    let described: BTreeSet<&str> =
        document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(described, PATHS.into_iter().collect());
}

#[test]
fn every_reference_leads_somewhere() {
    // Generators stop at the first one that does not.
    let document = document();
    let mut n_refs = 0;
    let mut rest = vec![&document];
    while let Some(value) = rest.pop() {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            n_refs += 1;
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
        match value {
            Value::Object(members) => rest.extend(members.values()),
            Value::Array(elements) => rest.extend(elements),
            _ => {}
        }
    }
    assert!(n_refs > 10);
}
