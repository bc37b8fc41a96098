//! The gateway's own paths, described in OpenAPI.

use serde_json::Value;

const DOCUMENT: &str = include_str!("openapi.json");

/// The document, with the version that runs.
///
/// # Panics
///
/// Never: a test reads the same bytes.
pub(crate) fn document() -> Value {
    let mut document: Value =
        serde_json::from_str(DOCUMENT).expect("a test reads the embedded document");
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document
}

#[cfg(test)]
mod tests;
