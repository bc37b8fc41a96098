//! What a client asked, canonical.

mod canonical;
mod check;
mod parse;
mod typed;
mod views;

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use thiserror::Error;

use crate::{
    catalogue::Catalogue,
    operation::{Operation, Style},
    plan::Plan,
    text,
};

/// What a client asked: an operation and the parameters it was given, checked and in normal form.
///
/// Two spellings of one question have one [`canonical`](Self::canonical) text.
#[derive(Clone)]
pub struct Query {
    /// What is asked.
    pub operation: Arc<Operation>,
    given: Vec<(Arc<str>, Box<str>)>,
    body: Bytes,
    /// The body's canonical JSON.
    sorted_body: Box<str>,
    canonical: OnceLock<Box<str>>,
}

impl Query {
    /// Reads a request. `raw_query` is what follows the `?`; an API key in it is dropped, and a
    /// body on `GET` is ignored.
    ///
    /// # Errors
    /// What the API would say to it, as far as that is known without asking: bad parameters, a
    /// wrong method. An unknown path is no error; only upstream knows all its paths.
    pub fn parse(
        catalogue: &Catalogue,
        method: &str,
        path: &str,
        raw_query: &str,
        body: Bytes,
    ) -> Result<Self, QueryError> {
        parse::query(catalogue, method, path, raw_query, body)
    }

    /// The value of a parameter: as given, else its default.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given(name).or_else(|| self.default_of(name))
    }

    /// One text for all spellings of this question: the path, then all parameters by name with
    /// defaults filled in, then the body's canonical JSON.
    #[must_use]
    pub fn canonical(&self) -> &str {
        self.canonical.get_or_init(|| canonical::text(self))
    }

    /// The query string for upstream: the parameters as given, in normal form.
    #[must_use]
    pub fn to_upstream(&self) -> String {
        let pairs = self.given.iter().map(|(name, value)| (&**name, &**value));
        print_pairs(pairs)
    }

    /// The body of a `POST`, as sent.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// How many currencies are asked for; 1 if none is named.
    #[must_use]
    pub fn n_converts(&self) -> usize {
        let count = |list: &str| match list.contains(',') {
            true => list.split(',').collect::<HashSet<_>>().len(),
            false => 1,
        };
        let named = ["convert_id", "convert"].into_iter().filter_map(|name| self.get(name));
        named.map(count).max().unwrap_or(1)
    }

    /// Whether a plan allows this query's number of currencies.
    ///
    /// # Errors
    /// What the API says if it does not.
    pub fn check_converts(&self, plan: Plan) -> Result<(), QueryError> {
        let max = plan.converts_max();
        let is_judged_elsewhere = self.operation.known && !self.operation.is_judged_here();
        if is_judged_elsewhere || self.n_converts() <= max {
            return Ok(());
        }
        let message = format!("Your plan is limited to {max} convert options");
        Err(QueryError::invalid(message, self.operation.style))
    }

    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|(given, _)| &**given == name).map(|(_, value)| &**value)
    }

    fn default_of(&self, name: &str) -> Option<&str> {
        if name == "convert" && self.given("convert_id").is_some() {
            return None;
        }
        if name == "convert_id" && self.operation.param("convert").is_some() {
            // Of both ways to name currencies one default is enough.
            return None;
        }
        self.operation.param(name)?.default.as_deref()
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({} {})", self.operation.method, self.canonical())
    }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.operation == other.operation && self.given == other.given && self.body == other.body
    }
}

/// A question that gets no answer, in the API's own words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct QueryError {
    /// The HTTP status.
    pub http: u16,
    /// The `error_code`.
    pub code: i64,
    /// The `error_message`.
    pub message: String,
    /// The wire style of the stack that says it.
    pub style: Style,
}

impl QueryError {
    /// A bad request: HTTP 400 with code 400.
    #[must_use]
    pub const fn invalid(message: String, style: Style) -> Self {
        Self { http: 400, code: 400, message, style }
    }

    fn method(style: Style) -> Self {
        Self { http: 405, code: 405, message: "Method Not Allowed".to_owned(), style }
    }

    fn too_long(style: Style) -> Self {
        Self { http: 414, code: 414, message: "Request-URI Too Large".to_owned(), style }
    }
}

/// Names and values as a query string.
fn print_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut printed = String::with_capacity(256);
    for (name, value) in pairs {
        if !printed.is_empty() {
            printed.push('&');
        }
        printed.extend(text::encode(name));
        printed.push('=');
        printed.extend(text::encode(value));
    }
    printed
}

#[cfg(test)]
mod tests;
