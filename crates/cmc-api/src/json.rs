//! Raw JSON text, split and re-spaced without ever touching a number.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// The members of an object in their order: key (unescaped) and the raw text of the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members<'a>(pub Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Members<'a> {
    /// Splits `object`; `None` if it is not a JSON object.
    #[must_use]
    pub fn of(object: &'a str) -> Option<Self> {
        serde_json::from_str(object).ok()
    }

    /// The raw value of `key`, the last one if it occurs twice.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| *value)
    }
}

/// The elements of an array in their order, as raw text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elements<'a>(pub Vec<&'a str>);

impl<'a> Elements<'a> {
    /// Splits `array`; `None` if it is not a JSON array.
    #[must_use]
    pub fn of(array: &'a str) -> Option<Self> {
        serde_json::from_str(array).ok()
    }
}

/// The text of a raw JSON string, unescaped; `None` if `raw` is not a string.
#[must_use]
pub fn text(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

/// Appends a JSON string literal.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    // Writing into a Vec cannot fail, and a str is always serialisable.
    drop(serde_json::to_writer(out, text));
}

/// Appends a new line and four spaces per level.
pub fn write_line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + 4 * depth, b' ');
}

/// Appends `raw` in the classic stack's spacing; `depth` is the level that `raw` itself stands on.
pub fn write_pretty(out: &mut Vec<u8>, raw: &str, depth: usize) {
    respace(out, raw, Some(depth));
}

/// Appends `raw` without any spacing.
pub fn write_compact(out: &mut Vec<u8>, raw: &str) {
    respace(out, raw, None);
}

fn respace(out: &mut Vec<u8>, raw: &str, depth: Option<usize>) {
    let bytes = raw.as_bytes();
    let mut level = depth.unwrap_or(0);
    let pretty = depth.is_some();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'"' => {
                let end = string_end(bytes, at);
                out.extend_from_slice(&bytes[at..end]);
                at = end;
                continue;
            }
            b' ' | b'\n' | b'\r' | b'\t' => {}
            b'{' | b'[' => {
                out.push(byte);
                level += 1;
                if pretty && !next_closes(bytes, at + 1) {
                    write_line(out, level);
                }
            }
            b'}' | b']' => {
                level = level.saturating_sub(1);
                if pretty && !matches!(out.last(), Some(b'{' | b'[')) {
                    write_line(out, level);
                }
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                if pretty {
                    write_line(out, level);
                }
            }
            b':' => out.extend_from_slice(if pretty { b": " } else { b":" }),
            other => out.push(other),
        }
        at += 1;
    }
}

/// The index behind the closing quote of the string that starts at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn next_closes(bytes: &[u8], from: usize) -> bool {
    let next = bytes[from..].iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(next, Some(b'}' | b']'))
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Split;
        impl<'de> Visitor<'de> for Split {
            type Value = Vec<(Cow<'de, str>, &'de str)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(32);
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    members.push((key.0, map.next_value::<&RawValue>()?.get()));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Split).map(Self)
    }
}

/// A key that is borrowed unless it holds an escape.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(key))
            }

            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(key.to_owned()))
            }
        }
        deserializer.deserialize_str(Borrow).map(Self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Elements<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Split;
        impl<'de> Visitor<'de> for Split {
            type Value = Vec<&'de str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::with_capacity(seq.size_hint().unwrap_or(0));
                while let Some(element) = seq.next_element::<&RawValue>()? {
                    elements.push(element.get());
                }
                Ok(elements)
            }
        }
        deserializer.deserialize_seq(Split).map(Self)
    }
}

#[cfg(test)]
mod tests;
