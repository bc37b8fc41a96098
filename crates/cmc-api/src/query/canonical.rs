//! One text for all spellings of a question.

use std::borrow::Cow;

use super::{Query, QueryError, print_pairs};
use crate::{
    ask::Ask,
    json::{self, Elements, Members},
    limits::{BODY_BYTES_MAX, BODY_DEPTH_LEVELS_MAX},
    operation::{Method, Operation, Style},
    param::Param,
    selector::once,
};

/// The path, the parameters by name with defaults filled in, the body.
pub(super) fn text(query: &Query) -> Box<str> {
    let mut pairs: Vec<(&str, Cow<'_, str>)> = Vec::with_capacity(query.operation.params.len());
    if query.operation.known {
        let params = query.operation.params.iter().filter(|param| !is_idle(query, param));
        pairs.extend(params.filter_map(|param| {
            let value = query.get(&param.name)?;
            Some((&*param.name, normal(query, param, value)))
        }));
    } else {
        let given = query.given.iter();
        pairs.extend(given.map(|(name, value)| (&**name, Cow::Borrowed(&**value))));
    }
    pairs.sort_unstable();
    let mut text = query.operation.path.as_ref().to_owned();
    text.push('?');
    text.push_str(&print_pairs(pairs.iter().map(|(name, value)| (*name, &**value))));
    if query.operation.method == Method::Post {
        text.push('\n');
        text.push_str(&query.sorted_body);
    }
    text.into()
}

/// Whether a second way to name currencies only repeats upstream's default beside the first: some
/// clients send every default, even both.
fn is_idle(query: &Query, param: &Param) -> bool {
    &*param.name == "convert_id"
        && !query.operation.exclusive.iter().flatten().any(|name| &**name == "convert_id")
        && query.given("convert") == Some("USD")
        && query.given("convert_id") == Some("2781")
}

/// A list with each element once; sorted where the order shows in no answer.
fn normal<'a>(query: &Query, param: &Param, value: &'a str) -> Cow<'a, str> {
    if !param.kind.is_list() || !value.contains(',') {
        return Cow::Borrowed(value);
    }
    let elements = value.split(',').filter(|element| !element.is_empty());
    let mut elements = once(elements, |element| *element);
    let operation = &query.operation;
    // Classic answers are keyed by name, and keys have no order; other answers are lists.
    let is_read = !matches!(query.ask(), Ask::Whole);
    let by_name = !is_read && operation.style == Style::Classic;
    if by_name || param.kind.is_set() {
        elements.sort_unstable();
    }
    Cow::Owned(elements.join(","))
}

/// A body with members by name and without spaces; a body that is no JSON stands as it is where
/// upstream alone knows what it takes.
pub(super) fn body(operation: &Operation, body: &[u8]) -> Result<Box<str>, QueryError> {
    let refuse = || QueryError::invalid("Parameter error".to_owned(), operation.style);
    if body.len() > BODY_BYTES_MAX {
        return Err(refuse());
    }
    let mut out = Vec::with_capacity(body.len());
    let sorted = std::str::from_utf8(body).ok().and_then(|text| sort(&mut out, text, 0));
    match sorted {
        Some(()) => Ok(String::from_utf8_lossy(&out).into()),
        None if operation.known && !body.is_empty() => Err(refuse()),
        None => Ok(body.escape_ascii().to_string().into()),
    }
}

fn sort(out: &mut Vec<u8>, raw: &str, depth: usize) -> Option<()> {
    if depth > BODY_DEPTH_LEVELS_MAX {
        return None;
    }
    let raw = raw.trim_matches([' ', '\t', '\r', '\n']);
    match raw.as_bytes().first()? {
        b'{' => {
            let mut members = Members::of(raw)?.0;
            // Stable: of a repeated member the last one stays the last.
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            out.push(b'{');
            for (index, (name, value)) in members.iter().enumerate() {
                separate(out, index);
                json::write_text(out, name);
                out.push(b':');
                sort(out, value, depth + 1)?;
            }
            out.push(b'}');
        }
        b'[' => {
            out.push(b'[');
            for (index, element) in Elements::of(raw)?.0.iter().enumerate() {
                separate(out, index);
                sort(out, element, depth + 1)?;
            }
            out.push(b']');
        }
        b'"' => json::write_text(out, &json::text(raw)?),
        _ => {
            serde_json::from_str::<serde_json::Value>(raw).ok()?;
            out.extend_from_slice(raw.as_bytes());
        }
    }
    Some(())
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.push(b',');
    }
}
