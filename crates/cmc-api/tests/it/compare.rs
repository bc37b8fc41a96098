//! Compares a typed view with the JSON that it was read from, by the text of every figure.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

type Object<'a> = BTreeMap<String, &'a RawValue>;

/// Every key of the answer must be in the typed view with the same value, and no other key.
/// Nothing, `null`, and an empty list, object or text are the same.
#[track_caller]
pub(crate) fn assert_lossless<T: Serialize>(name: &str, raw: &[u8], typed: &T) {
    let typed = serde_json::to_string(typed).unwrap();
    let differences = differences(std::str::from_utf8(raw).unwrap(), &typed);
    assert!(differences.is_empty(), "{name}: {differences:#?}");
}

/// What two JSON texts differ in.
pub(crate) fn differences(raw: &str, typed: &str) -> Vec<String> {
    let (raw, typed) = (serde_json::from_str(raw).unwrap(), serde_json::from_str(typed).unwrap());
    let mut differences = Vec::new();
    compare(raw, typed, "", &mut differences);
    differences
}

fn compare(raw: &RawValue, typed: &RawValue, path: &str, differences: &mut Vec<String>) {
    match (object(raw), object(typed), list(raw), list(typed)) {
        (Some(raw), Some(typed), ..) => compare_objects(&raw, &typed, path, differences),
        (.., Some(raw), Some(typed)) if raw.len() == typed.len() => {
            for (index, (raw, typed)) in raw.iter().zip(typed).enumerate() {
                compare(raw, typed, &format!("{path}[{index}]"), differences);
            }
        }
        _ if text(raw) == text(typed) => {}
        _ => differences.push(format!("{path}: {} became {}", raw.get(), typed.get())),
    }
}

fn compare_objects(raw: &Object<'_>, typed: &Object<'_>, path: &str, found: &mut Vec<String>) {
    for (key, value) in raw {
        match typed.get(key) {
            Some(typed) => compare(value, typed, &format!("{path}.{key}"), found),
            None if is_nothing(value) => {}
            None => found.push(format!("{path}.{key}: {} was lost", value.get())),
        }
    }
    let added = typed.keys().filter(|key| !raw.contains_key(*key));
    found.extend(added.map(|key| format!("{path}.{key} was invented")));
}

fn object(json: &RawValue) -> Option<Object<'_>> {
    serde_json::from_str(json.get()).ok()
}

fn list(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

fn is_nothing(json: &RawValue) -> bool {
    let text: String = json.get().split_whitespace().collect();
    matches!(text.as_str(), "null" | "[]" | "{}" | "\"\"")
}

/// A text without its escapes, a number as it is written.
fn text(json: &RawValue) -> String {
    serde_json::from_str(json.get()).unwrap_or_else(|_| json.get().to_owned())
}
