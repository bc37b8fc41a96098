use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use indexmap::IndexMap;

use super::{Query, QueryError, canonical, check};
use crate::{
    catalogue::Catalogue,
    limits::TARGET_BYTES_MAX,
    operation::{Method, Operation, Style},
    text, validate,
};

/// The parameter that some clients send their API key in.
const KEY_PARAM: &str = "CMC_PRO_API_KEY";

/// A value as sent, decoded.
struct Value<'a> {
    text: Cow<'a, str>,
    is_exact: bool,
}

type Pairs<'a> = IndexMap<Cow<'a, str>, Value<'a>>;

pub(super) fn query(
    catalogue: &Catalogue,
    method: &str,
    path: &str,
    raw_query: &str,
    body: Bytes,
) -> Result<Query, QueryError> {
    let operation = route(catalogue, method, path)?;
    let style = operation.style;
    if path.len() + 1 + raw_query.len() > TARGET_BYTES_MAX {
        return Err(QueryError::too_long(style));
    }
    let pairs = split(raw_query);
    let given = if operation.known { known(&operation, &pairs)? } else { open(&pairs, style)? };
    let is_post = operation.method == Method::Post;
    let body = if is_post { body } else { Bytes::new() };
    let sorted_body = if is_post { canonical::body(&operation, &body)? } else { Box::default() };
    let canonical = OnceLock::new();
    let query = Query { operation, given, body, sorted_body, canonical };
    check::together(&query)?;
    // Written anew, a byte may take three.
    let may_grow = path.len() + 1 + 3 * raw_query.len() > TARGET_BYTES_MAX;
    if may_grow && path.len() + 1 + query.to_upstream().len() > TARGET_BYTES_MAX {
        return Err(QueryError::too_long(style));
    }
    Ok(query)
}

fn route(catalogue: &Catalogue, method: &str, path: &str) -> Result<Arc<Operation>, QueryError> {
    let wanted = Method::parse(method);
    if let Some(operation) = wanted.and_then(|method| catalogue.find(method, path)) {
        return Ok(Arc::clone(operation));
    }
    let others = [Method::Get, Method::Post];
    if let Some(known) = others.into_iter().find_map(|other| catalogue.find(other, path)) {
        return Err(QueryError::method(known.style));
    }
    if !is_plain(path) {
        let message = format!("No such path: {path}");
        return Err(QueryError { http: 404, code: 404, message, style: Style::Classic });
    }
    match wanted {
        Some(method) => Ok(Arc::new(Operation::unknown(method, path))),
        None => Err(QueryError::method(Style::Java)),
    }
}

/// Whether a path means the same to everybody on its way: one with dots or escapes in it may become
/// another path upstream, with another price.
fn is_plain(path: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let mut words = path.split('/');
    words.next() == Some("")
        && words.all(|word| !matches!(word, "." | "..") && word.bytes().all(is_word))
}

/// Names and values in their order, decoded; of a repeated name the last value at the first place.
/// What is empty counts as absent, and the API key is dropped.
fn split(raw_query: &str) -> Pairs<'_> {
    let mut pairs = Pairs::new();
    for pair in raw_query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (text::decode(name), text::decode(value));
        if !name.text.eq_ignore_ascii_case(KEY_PARAM) {
            let is_exact = name.is_exact && value.is_exact;
            pairs.insert(name.text, Value { text: value.text, is_exact });
        }
    }
    pairs.retain(|name, value| !name.is_empty() && !value.text.is_empty());
    pairs
}

type Given = Vec<(Arc<str>, Box<str>)>;

fn known(operation: &Operation, pairs: &Pairs<'_>) -> Result<Given, QueryError> {
    let mut given = Given::with_capacity(pairs.len());
    for (name, value) in pairs {
        let Some(param) = operation.param(name) else {
            if operation.style == Style::Java {
                continue;
            }
            let message = format!("\"{name}\" is not allowed");
            return Err(QueryError::invalid(message, operation.style));
        };
        let normal = match validate::check(param, &value.text) {
            Ok(normal) => normal,
            // Upstream judges: what breaks the rules we know is passed on as it is.
            Err(_) if !operation.is_judged_here() => Cow::Borrowed(&*value.text),
            Err(message) => return Err(QueryError::invalid(message, operation.style)),
        };
        // A pattern refuses replaced bytes by itself; free text would take them for letters.
        exact(name, value, operation.style)?;
        given.push((Arc::clone(&param.name), normal.into()));
    }
    Ok(given)
}

/// The parameters of an operation that nobody here knows: upstream judges.
fn open(pairs: &Pairs<'_>, style: Style) -> Result<Given, QueryError> {
    let keep = |(name, value): (&Cow<'_, str>, &Value<'_>)| {
        exact(name, value, style)?;
        Ok((Arc::from(&**name), Box::from(&*value.text)))
    };
    pairs.iter().map(keep).collect()
}

fn exact(name: &str, value: &Value<'_>, style: Style) -> Result<(), QueryError> {
    if value.is_exact {
        return Ok(());
    }
    Err(QueryError::invalid(format!("\"{name}\" must be a string"), style))
}
