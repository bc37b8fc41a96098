//! The page that shows it all: a handful of files, embedded, under a policy that lets nothing
//! else in.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION,
        REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};

use crate::{body::Sent, respond::Reply};

/// Where the page is. Its files and the API it reads are below, by relative links, so that it also
/// works behind a proxy that adds a path.
pub(crate) const PATH: &str = "/_cmcache/";
const ASSETS: &str = "/_cmcache/assets/";

/// Nothing but what comes from this very gateway, and no script or style within the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

struct File {
    name: &'static str,
    media: &'static str,
    text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! files {
    ($($name:literal $from:literal $media:expr;)+) => {
        [$(File { name: $name, media: $media, text: include_str!(concat!("dashboard/", $from)) }),+]
    };
}

/// The page itself has no name.
const FILES: [File; 12] = files![
    "" "index.html" HTML;
    "api.js" "api.js" SCRIPT;
    "app.js" "app.js" SCRIPT;
    "burn.js" "burn.js" SCRIPT;
    "charts.js" "charts.js" SCRIPT;
    "events.js" "events.js" SCRIPT;
    "icon.svg" "icon.svg" "image/svg+xml";
    "people.js" "people.js" SCRIPT;
    "sections.js" "sections.js" SCRIPT;
    "style.css" "style.css" STYLE;
    "tables.js" "tables.js" SCRIPT;
    "uplot.js" "vendor/uplot.js" SCRIPT;
];
const UPLOT_STYLE: File =
    File { name: "uplot.css", media: STYLE, text: include_str!("dashboard/vendor/uplot.css") };

/// The file that `path` names, if it is one of the page's. They hold no figures and no secrets, so
/// that nobody needs a token to be told where to put one.
pub(crate) fn file(path: &str, headers: &HeaderMap) -> Option<Reply> {
    let name = match path {
        "/_cmcache" => return Some(moved()),
        PATH => "",
        _ => path.strip_prefix(ASSETS).filter(|name| !name.is_empty())?,
    };
    let file = FILES.iter().chain([&UPLOT_STYLE]).find(|file| file.name == name)?;
    Some(send(file, headers))
}

fn send(file: &File, asked: &HeaderMap) -> Reply {
    let hash = blake3::hash(file.text.as_bytes());
    let tag = format!("\"{}\"", &hash.to_hex()[..24]);
    let is_known = asked.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let body = if is_known { Bytes::new() } else { Bytes::from_static(file.text.as_bytes()) };
    let mut response = Response::new(Sent::one(body));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Relative links need the slash at the end.
fn moved() -> Reply {
    let mut response = Response::new(Sent::default());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(PATH));
    response
}

#[cfg(test)]
mod tests;
