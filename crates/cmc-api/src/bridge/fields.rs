use std::sync::Arc;

use crate::json::{self, Elements, Members};

/// Which optional members an answer keeps. Members that are not optional are always kept: keys that
/// nobody knows survive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fields {
    optional: Arc<[Arc<str>]>,
    kept: Arc<str>,
}

impl Fields {
    /// Of the `optional` members, those that the comma-separated list `kept` names.
    #[must_use]
    pub fn new(optional: Arc<[Arc<str>]>, kept: &str) -> Self {
        Self { optional, kept: kept.into() }
    }

    /// Whether a member of that name belongs into the answer.
    #[must_use]
    pub fn keeps(&self, key: &str) -> bool {
        !self.optional.iter().any(|word| **word == *key)
            || self.kept.split(',').any(|word| word == key)
    }

    /// Appends `raw` without the members that are not kept, on every level.
    pub(super) fn write(&self, out: &mut Vec<u8>, raw: &str) {
        let bytes = raw.as_bytes();
        let is_nested = matches!(bytes.first(), Some(b'{' | b'['));
        if self.optional.is_empty() || !is_nested {
            out.extend_from_slice(bytes);
        } else if let Some(members) = Members::of(raw) {
            write_members(out, &members, self, |out, _, value| self.write(out, value));
        } else if let Some(elements) = Elements::of(raw) {
            write_list(out, &elements.0, |out, element| self.write(out, element));
        } else {
            out.extend_from_slice(bytes);
        }
    }
}

/// Appends an object of the members that `fields` keeps; `value` writes each one's value.
pub(super) fn write_members(
    out: &mut Vec<u8>,
    members: &Members<'_>,
    fields: &Fields,
    mut value: impl FnMut(&mut Vec<u8>, &str, &str),
) {
    out.push(b'{');
    let kept = members.0.iter().filter(|(key, _)| fields.keeps(key));
    for (index, (key, raw)) in kept.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        json::write_text(out, key);
        out.push(b':');
        value(out, key, raw);
    }
    out.push(b'}');
}

/// Appends an array; `write` appends each element.
pub(super) fn write_list(
    out: &mut Vec<u8>,
    elements: &[&str],
    mut write: impl FnMut(&mut Vec<u8>, &str),
) {
    out.push(b'[');
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, element);
    }
    out.push(b']');
}
