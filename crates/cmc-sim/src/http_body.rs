//! From a [`Reply`] to an HTTP response, broken endings included.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, StatusCode, header};

use crate::reply::{Ending, Reply};

/// The response; one that must never come is the caller's to withhold.
pub(crate) fn response(reply: Reply) -> Response {
    let is_whole = matches!(reply.ending, Ending::Whole | Ending::Dripped(_));
    let body = match reply.ending {
        Ending::Whole => Body::from(reply.body),
        Ending::Dripped(bytes_per_s) => dripped(reply.body.into(), bytes_per_s),
        Ending::Halved => broken_after(Some(half(&reply.body))),
        Ending::Reset | Ending::Never => broken_after(None),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    let content_type = match reply.content_type {
        Cow::Borrowed(known) => Ok(HeaderValue::from_static(known)),
        Cow::Owned(recorded) => HeaderValue::from_str(&recorded),
    };
    if let Ok(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if !is_whole {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn half(body: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&body[..body.len() / 2])
}

/// A body that comes in ten pieces a second, or byte by byte.
fn dripped(body: Bytes, bytes_per_s: u64) -> Body {
    let size = usize::try_from(bytes_per_s / 10).unwrap_or(usize::MAX).max(1);
    let pause = Duration::from_secs_f64(size as f64 / bytes_per_s.max(1) as f64);
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    }))
}

/// A body that sends `first`, if any, and then breaks its connection. Without `first` it breaks
/// before the head of the response has been flushed, so that nothing at all is sent.
fn broken_after(first: Option<Bytes>) -> Body {
    let has_first = first.is_some();
    Body::from_stream(stream::unfold((first, has_first), |(chunk, must_flush)| async move {
        if let Some(chunk) = chunk {
            return Some((Ok(chunk), (None, must_flush)));
        }
        if must_flush {
            // What was sent before leaves only while the body is waited for.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some((Err(io::Error::other("cut on request")), (None, false)))
    }))
}
