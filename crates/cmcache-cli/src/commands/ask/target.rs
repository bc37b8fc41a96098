//! From what was typed to a request of the API, refused here if a word of it is unknown.

use std::{io::Read, sync::Arc};

use bytes::Bytes;
use cmcache::cmc_api::{Catalogue, Method, Operation, Query};
use percent_encoding::percent_decode_str;

use crate::{
    args::Asked,
    failure::Failure,
    friendly::{self, Friendly},
    nearest::nearest,
    print,
};

/// A request of the API.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Names and values, not encoded.
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// `None` if no catalogue lists it.
    pub(crate) operation: Option<Arc<Operation>>,
    pub(crate) friendly: Option<&'static Friendly>,
    /// Of several coins with a symbol, the first.
    pub(crate) first: bool,
}

impl Target {
    /// What `asked` means to `catalogue`.
    pub(crate) fn of(asked: &Asked, catalogue: &Catalogue) -> Result<Self, Failure> {
        let friendly = Friendly::named(&asked.what);
        let typed = friendly.map_or(asked.what.as_str(), |friendly| friendly.path);
        let (path, query) = typed.split_once('?').unwrap_or((typed, ""));
        let operation = friendly::operation_of(path, catalogue);
        let mut pairs = pasted(query);
        words(&asked.words, friendly.map_or(&[][..], |friendly| friendly.words), &mut pairs)?;
        pairs.extend(asked.options.iter().cloned());
        let target = Self {
            method: operation.as_ref().map_or(Method::Get, |operation| operation.method),
            path: path.to_owned(),
            pairs,
            body: body(asked.body.as_deref())?,
            operation,
            friendly,
            first: asked.first,
        };
        target.known(catalogue)?;
        Ok(target)
    }

    /// The query string.
    pub(crate) fn query(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
        self.pairs.iter().map(pair).collect::<Vec<_>>().join("&")
    }

    /// Path and query.
    pub(crate) fn text(&self) -> String {
        let query = self.query();
        let join = if query.is_empty() { "" } else { "?" };
        format!("{}{join}{query}", self.path)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Gives `name` this value and no other.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), value));
    }

    /// What the API would refuse, as far as that is known without asking.
    pub(crate) fn check(&self, catalogue: &Catalogue) -> Result<(), Failure> {
        let (method, query) = (self.method.as_str(), self.query());
        let read = Query::parse(catalogue, method, &self.path, &query, self.body.clone());
        read.map(drop).map_err(|error| Failure::bad(&error))
    }

    fn known(&self, catalogue: &Catalogue) -> Result<(), Failure> {
        let Some(operation) = &self.operation else {
            print::error(&unknown(&self.path, catalogue));
            return Ok(());
        };
        let unknown = self.pairs.iter().find(|(name, _)| operation.param(name).is_none());
        let Some((name, _)) = unknown else { return Ok(()) };
        let known = operation.params.iter().map(|param| &*param.name);
        let hint = match nearest(name, known.clone()) {
            Some(word) => format!("did you mean `{word}`?"),
            None if operation.params.is_empty() => "it takes none".to_owned(),
            None => format!("it takes {}", known.collect::<Vec<_>>().join(", ")),
        };
        Err(Failure::usage(format!("`{name}` is no parameter of {}; {hint}", self.path)))
    }
}

/// A path that no catalogue lists may be newer than the catalogue: only upstream knows.
fn unknown(path: &str, catalogue: &Catalogue) -> String {
    let near = nearest(path, catalogue.operations().map(|operation| &*operation.path));
    let near = near.map_or_else(String::new, |near| format!(" (did you mean {near}?)"));
    let month = catalogue.effective();
    format!("cmcache: {path} is not in the catalogue of {month}{near}; it is passed on as it is")
}

/// The pairs of a pasted query.
fn pasted(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

/// `name=value` as it is; bare words are the operation's own parameters in their order.
fn words(
    typed: &[String],
    words: &[&str],
    pairs: &mut Vec<(String, String)>,
) -> Result<(), Failure> {
    let mut words = words.iter();
    for typed in typed {
        pairs.push(match (typed.split_once('='), words.as_slice()) {
            (Some((name, value)), _) => (name.to_owned(), value.to_owned()),
            (None, [name, ..]) => {
                words.next();
                (or_id(name, typed).to_owned(), typed.clone())
            }
            (None, []) => {
                return Err(Failure::usage(format!("`{typed}`: write it as name=value")));
            }
        });
    }
    Ok(())
}

/// Numbers are no symbols: who types 1,1027 means ids.
fn or_id<'a>(name: &'a str, value: &str) -> &'a str {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if name == "symbol" && value.split(',').all(is_number) { "id" } else { name }
}

/// The body of a `POST`.
fn body(typed: Option<&str>) -> Result<Bytes, Failure> {
    let Some(typed) = typed else { return Ok(Bytes::new()) };
    let text = match typed.strip_prefix('@') {
        Some(path) => std::fs::read(path).map_err(|error| Failure::file(path, &error))?,
        None if typed == "-" => {
            let mut text = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut text);
            read.map_err(|error| Failure::file("standard input", &error))?;
            text
        }
        None => typed.as_bytes().to_vec(),
    };
    serde_json::from_slice::<&serde_json::value::RawValue>(&text)
        .map_err(|error| Failure::usage(format!("the body is no JSON: {error}")))?;
    Ok(Bytes::from(text))
}

/// What would end a value in a query is written with a percent sign.
fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b',' | b'$' | b'@' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests;
