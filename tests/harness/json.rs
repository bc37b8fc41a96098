//! Comparing JSON with numbers as text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How much of a value a message shows.
const SHOWN_CHARS: usize = 120;

/// One level of a document.
pub(crate) enum Node<'a> {
    Object(Vec<(String, &'a RawValue)>),
    Array(Vec<&'a RawValue>),
    Text(String),
    /// A number, a boolean or null, as written.
    Plain(&'a str),
}

/// The first place where two documents differ, as `$.path: left … right …`; `None` when they are
/// equal. The order of members and white space mean nothing; `1.0` and `1` differ.
#[must_use]
pub fn json_difference(left: &str, right: &str) -> Option<String> {
    let parse = |side: &str, text| {
        serde_json::from_str::<&RawValue>(text)
            .map_err(|error| format!("$: the {side} document is not JSON: {error}: {}", cut(text)))
    };
    let left = match parse("left", left) {
        Ok(left) => left,
        Err(difference) => return Some(difference),
    };
    match parse("right", right) {
        Ok(right) => difference(&mut "$".to_owned(), left, right),
        Err(difference) => Some(difference),
    }
}

/// # Panics
/// When the documents differ: says where.
#[track_caller]
pub fn same_json(what: &str, left: &str, right: &str) {
    if let Some(difference) = json_difference(left, right) {
        panic!("{what}: {difference}");
    }
}

fn difference(path: &mut String, left: &RawValue, right: &RawValue) -> Option<String> {
    match (node(left), node(right)) {
        (Node::Object(left), Node::Object(right)) => members(path, left, right),
        (Node::Array(left), Node::Array(right)) => elements(path, &left, &right),
        (Node::Text(left), Node::Text(right)) if left == right => None,
        (Node::Plain(left), Node::Plain(right)) if left == right => None,
        _ => Some(format!("{path}: {} is not {}", cut(left.get()), cut(right.get()))),
    }
}

fn members<'a>(
    path: &mut String,
    mut left: Vec<(String, &'a RawValue)>,
    mut right: Vec<(String, &'a RawValue)>,
) -> Option<String> {
    for side in [&mut left, &mut right] {
        side.sort_by(|a, b| a.0.cmp(&b.0));
        if let Some(twice) = side.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Some(format!("{path}: the member \"{}\" stands there twice", twice[0].0));
        }
    }
    let missing = |from: &[(String, &RawValue)], of: &[(String, &RawValue)]| {
        let absent = of.iter().find(|(name, _)| from.iter().all(|(other, _)| other != name));
        absent.map(|(name, _)| name.clone())
    };
    if let Some(name) = missing(&right, &left) {
        return Some(format!("{path}.{name}: only on the left"));
    }
    if let Some(name) = missing(&left, &right) {
        return Some(format!("{path}.{name}: only on the right"));
    }
    left.iter().zip(&right).find_map(|((name, left), (_, right))| {
        inside(path, &format!(".{name}"), |path| difference(path, left, right))
    })
}

fn elements(path: &mut String, left: &[&RawValue], right: &[&RawValue]) -> Option<String> {
    let deeper = left.iter().zip(right).enumerate().find_map(|(index, (left, right))| {
        inside(path, &format!("[{index}]"), |path| difference(path, left, right))
    });
    deeper.or_else(|| {
        let (left, right) = (left.len(), right.len());
        (left != right).then(|| format!("{path}: {left} elements are not {right}"))
    })
}

fn inside<T>(path: &mut String, step: &str, look: impl FnOnce(&mut String) -> T) -> T {
    let length = path.len();
    path.push_str(step);
    let found = look(path);
    path.truncate(length);
    found
}

/// The outermost level of a value.
pub(crate) fn node(raw: &RawValue) -> Node<'_> {
    let text = raw.get();
    let shape = "a raw value is JSON of the shape that its first byte tells";
    match text.as_bytes().first() {
        Some(b'{') => Node::Object(serde_json::from_str::<Members<'_>>(text).expect(shape).0),
        Some(b'[') => Node::Array(serde_json::from_str(text).expect(shape)),
        // A lone surrogate is JSON but no text: it equals only what is written alike.
        Some(b'"') => serde_json::from_str(text).map_or(Node::Plain(text), Node::Text),
        _ => Node::Plain(text),
    }
}

fn cut(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

/// Members in their order, duplicates kept: a map would hide them.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry::<String, &RawValue>()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests;
