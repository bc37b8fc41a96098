//! What every builder holds, and how it is sent.

use std::fmt::{self, Display};

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};

use super::{Client, ClientError, Typed, typed::shape};
use crate::{call::Call, operation::Method, query::Query};

/// An operation with the parameters given so far.
#[derive(Clone)]
pub(super) struct Request {
    client: Client,
    method: Method,
    path: &'static str,
    params: Vec<(Box<str>, String)>,
    body: Result<Bytes, ClientError>,
}

impl Request {
    pub(super) fn new(client: &Client, method: Method, path: &'static str) -> Self {
        let body = if method == Method::Post { Bytes::from_static(b"{}") } else { Bytes::new() };
        Self { client: client.clone(), method, path, params: Vec::new(), body: Ok(body) }
    }

    /// Sets a parameter; the last value counts.
    pub(super) fn set(&mut self, name: &str, value: impl Display) {
        let value = value.to_string();
        match self.params.iter_mut().find(|(given, _)| **given == *name) {
            Some((_, old)) => *old = value,
            None => self.params.push((name.into(), value)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(given, _)| **given == *name).map(|(_, value)| value.as_str())
    }

    pub(super) fn set_list<T: Display>(&mut self, name: &str, values: impl Iterator<Item = T>) {
        let mut list = String::new();
        for value in values {
            if !list.is_empty() {
                list.push(',');
            }
            list.push_str(&value.to_string());
        }
        self.set(name, list);
    }

    /// Sets the body; a value that is no JSON is told when it is sent.
    pub(super) fn set_body(&mut self, body: &impl Serialize) {
        let json = serde_json::to_vec(body);
        self.body = json.map(Bytes::from).map_err(|error| shape("body", &error));
    }

    pub(super) fn query(&self) -> Result<Query, ClientError> {
        let mut raw = String::new();
        for (name, value) in &self.params {
            if !raw.is_empty() {
                raw.push('&');
            }
            raw.extend(utf8_percent_encode(name, NON_ALPHANUMERIC));
            raw.push('=');
            raw.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        }
        let (catalogue, method) = (&self.client.catalogue, self.method.as_str());
        Ok(Query::parse(catalogue, method, self.path, &raw, self.body.clone()?)?)
    }

    pub(super) async fn send<T: DeserializeOwned>(&self) -> Result<Typed<T>, ClientError> {
        let call = Call::whole(&self.query()?)?;
        Typed::read(self.client.upstream.call(&call).await?)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        for (index, (name, value)) in self.params.iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            // Somebody may try to give the key so; it is dropped before anything is sent.
            let value = if name.eq_ignore_ascii_case("CMC_PRO_API_KEY") { "***" } else { value };
            write!(f, "{separator}{name}={value}")?;
        }
        Ok(())
    }
}
