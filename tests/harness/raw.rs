//! Bytes on a socket, for requests that no HTTP client would send.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::Reply;

const REPLY_WITHIN: Duration = Duration::from_secs(20);

/// Writes `bytes` to `authority` and reads one reply until the server closes.
///
/// The request should say `Connection: close`, unless it is so broken that the server closes
/// anyway.
///
/// # Errors
/// No connection, no reply in time, or something that is no HTTP.
pub async fn raw_exchange(authority: &str, bytes: &[u8]) -> Result<Reply> {
    let mut stream = TcpStream::connect(authority).await?;
    // A server may refuse and close before it has read all of this: the reply still counts.
    let written = stream.write_all(bytes).await;
    let mut received = Vec::new();
    let read = tokio::time::timeout(REPLY_WITHIN, stream.read_to_end(&mut received)).await;
    read.context("the connection was neither answered nor closed")?.ok();
    if received.is_empty() {
        bail!("closed without a reply ({written:?})");
    }
    parse(&received).with_context(|| String::from_utf8_lossy(&received).into_owned())
}

fn parse(received: &[u8]) -> Result<Reply> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n").context("no end of head")?;
    let head = std::str::from_utf8(&received[..end])?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("no status")?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').context("a header without a colon")?;
        let name = HeaderName::from_bytes(name.as_bytes())?;
        headers.append(name, HeaderValue::from_str(value.trim())?);
    }
    let body = &received[end + 4..];
    if let Some(length) = headers.get(http::header::CONTENT_LENGTH) {
        let length: usize = length.to_str()?.parse()?;
        anyhow::ensure!(length == body.len(), "{} bytes of {length}", body.len());
    }
    Ok(Reply { status: status.parse()?, headers, body: Bytes::copy_from_slice(body) })
}
