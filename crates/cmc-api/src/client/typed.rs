//! A typed reply, with the raw JSON beside it.

use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::ClientError;
use crate::{
    error::Charge,
    reply::{ApiStatus, Reply, Timing},
};

/// A reply, typed, with everything that the types do not show.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Typed<T> {
    /// The typed view.
    pub data: T,
    /// What the API says about the call.
    pub status: ApiStatus,
    /// The JSON text of `data`, as sent: keys that no type knows are here.
    pub raw: Bytes,
    /// How old the data was when it was handed out, if it came out of a cache; zero from the API
    /// itself.
    pub age: Duration,
    /// What it cost.
    pub charge: Charge,
    /// Where the time went.
    pub timing: Timing,
}

impl<T> Typed<T> {
    /// The same reply with another view of its data.
    pub fn map<U>(self, view: impl FnOnce(T) -> U) -> Typed<U> {
        let Self { data, status, raw, age, charge, timing } = self;
        Typed { data: view(data), status, raw, age, charge, timing }
    }
}

impl<T: DeserializeOwned> Typed<T> {
    /// Reads the data of a reply.
    ///
    /// # Errors
    /// [`ClientError::Shape`] with the place that has another shape than documented.
    pub fn read(reply: Reply) -> Result<Self, ClientError> {
        let Reply { data: raw, status, age, charge, timing, .. } = reply;
        let data = parsed(&raw)?;
        Ok(Self { data, status, raw, age, charge, timing })
    }
}

/// Reads JSON; looks for the place of a mistake only if there is one.
fn parsed<T: DeserializeOwned>(json: &[u8]) -> Result<T, ClientError> {
    let error = match serde_json::from_slice(json) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let deserializer = &mut serde_json::Deserializer::from_slice(json);
    match serde_path_to_error::deserialize::<_, T>(deserializer) {
        Err(placed) => Err(shape(&placed.path().to_string(), placed.inner())),
        Ok(_) => Err(shape("", &error)),
    }
}

pub(super) fn shape(path: &str, problem: &serde_json::Error) -> ClientError {
    ClientError::Shape { path: path.to_owned(), problem: problem.to_string() }
}
