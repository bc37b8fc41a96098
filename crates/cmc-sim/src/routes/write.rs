//! Shapes that the newer families share: lists of objects, objects in objects, amounts as text.

use crate::json::{self, Json};

/// `[{…}, …]`, a value.
pub(crate) fn rows<T>(
    json: &mut Json,
    items: impl IntoIterator<Item = T>,
    mut row: impl FnMut(&mut Json, T),
) {
    json.open_array();
    for item in items {
        json.open_object();
        row(json, item);
        json.close_object();
    }
    json.close_array();
}

/// `name: [{…}, …]`.
pub(crate) fn list<T>(
    json: &mut Json,
    name: &str,
    items: impl IntoIterator<Item = T>,
    row: impl FnMut(&mut Json, T),
) {
    json.key(name);
    rows(json, items, row);
}

/// `name: {…}`.
pub(crate) fn object(json: &mut Json, name: &str, fill: impl FnOnce(&mut Json)) {
    json.key(name);
    json.open_object();
    fill(json);
    json.close_object();
}

/// `name: "12.5"`: a number as a text.
pub(crate) fn amount(json: &mut Json, name: &str, value: f64) {
    json.text(name, &json::number_text(value));
}

/// `name: true`.
pub(crate) fn truth(json: &mut Json, name: &str, value: bool) {
    json.key(name);
    json.boolean(value);
}
