//! HTTP → what the client asks for besides the query.

use std::time::Duration;

use cmcache::{credits::Credits, engine::Terms};
use http::{
    HeaderMap, HeaderName,
    header::{CACHE_CONTROL, CONTENT_LENGTH, IF_NONE_MATCH, TRANSFER_ENCODING},
};

const MAX_CREDITS: HeaderName = HeaderName::from_static("x-cmcache-max-credits");
const DRY_RUN: HeaderName = HeaderName::from_static("x-cmcache-dry-run");

/// Whether the headers ask for nothing that the short way does not know.
pub(crate) fn is_plain(headers: &HeaderMap) -> bool {
    ![CACHE_CONTROL, IF_NONE_MATCH, MAX_CREDITS, DRY_RUN, CONTENT_LENGTH, TRANSFER_ENCODING]
        .iter()
        .any(|name| headers.contains_key(name))
}

/// What a request asks for besides its query.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Directives {
    /// For the engine.
    pub(crate) terms: Terms,
    /// `X-Cmcache-Dry-Run`: only the price is wanted.
    pub(crate) dry_run: bool,
}

/// Reads the directives; the text says what is wrong with one.
pub(crate) fn directives(headers: &HeaderMap) -> Result<Directives, String> {
    let mut asked = Directives::default();
    for value in headers.get_all(CACHE_CONTROL) {
        let text = value.to_str().unwrap_or_default();
        for directive in text.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            cache_control(directive, &mut asked.terms)?;
        }
    }
    if let Some(value) = headers.get(MAX_CREDITS) {
        let number = value.to_str().ok().and_then(|text| text.trim().parse().ok());
        let number = number.ok_or("\"X-Cmcache-Max-Credits\" must be a number of credits")?;
        asked.terms.max_credits = Some(Credits::new(number));
    }
    if let Some(value) = headers.get(DRY_RUN) {
        asked.dry_run = match value.to_str().unwrap_or_default().trim() {
            "1" | "true" | "True" => true,
            "0" | "false" | "False" | "" => false,
            _ => return Err("\"X-Cmcache-Dry-Run\" must be a boolean".to_owned()),
        };
    }
    Ok(asked)
}

/// One directive of RFC 9111; unknown ones are ignored, as it says.
fn cache_control(directive: &str, terms: &mut Terms) -> Result<(), String> {
    let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
    let seconds = || {
        let value = value.trim_matches('"').parse().map(Duration::from_secs);
        value.map_err(|_| format!("\"Cache-Control: {name}\" must be a number of seconds"))
    };
    match name.to_ascii_lowercase().as_str() {
        "no-cache" | "no-store" => terms.max_age = Some(Duration::ZERO),
        "max-age" => terms.max_age = Some(seconds()?),
        "max-stale" if value.is_empty() => terms.max_stale = None,
        "max-stale" => terms.max_stale = Some(seconds()?),
        "only-if-cached" => terms.only_if_cached = true,
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
