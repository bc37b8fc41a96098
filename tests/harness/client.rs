//! One who asks, and keeps every byte that came back.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client as Pool, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::value::RawValue;

use crate::envelope::Envelope;

/// No answer of a test takes longer.
const REPLY_WITHIN: Duration = Duration::from_secs(60);
const KEY_HEADER: &str = "X-CMC_PRO_API_KEY";

/// Asks one server over kept connections. Clones share them.
#[derive(Debug, Clone)]
pub struct Client {
    base: String,
    key: Option<String>,
    pool: Pool<HttpConnector, Full<Bytes>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body as it came over the wire, not decompressed.
    pub body: Bytes,
}

impl Client {
    /// Asks the server at `base` (no slash at its end) with `key`, or without one.
    #[must_use]
    pub fn new(base: impl Into<String>, key: Option<&str>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let pool = Pool::builder(TokioExecutor::new()).build(connector);
        Self { base: base.into(), key: key.map(str::to_owned), pool }
    }

    /// The server's base URL.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A GET that must be answered, in whatever way.
    ///
    /// # Panics
    /// When no reply came.
    pub async fn get(&self, target: &str) -> Reply {
        match self.try_get(target).await {
            Ok(reply) => reply,
            Err(error) => panic!("GET {target} from {}: {error:#}", self.base),
        }
    }

    /// A GET that may find nobody.
    ///
    /// # Errors
    /// No connection, or no whole reply.
    pub async fn try_get(&self, target: &str) -> Result<Reply> {
        self.request(Method::GET, target, &[], Bytes::new()).await
    }

    /// Any request.
    ///
    /// # Errors
    /// No connection, or no whole reply in time.
    pub async fn request(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Reply> {
        let mut request = Request::builder().method(method).uri(format!("{}{target}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(key) = &self.key {
            request = request.header(KEY_HEADER, key);
        }
        let request = request.body(Full::new(body))?;
        tokio::time::timeout(REPLY_WITHIN, self.exchange(request)).await.context("no reply")?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Reply> {
        let response = self.pool.request(request).await.context("no head of a reply")?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.context("the reply was cut off")?.to_bytes();
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body })
    }
}

impl Reply {
    /// The body as text, with replacement characters where it is none.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's text, if it is there.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The age that the reply claims.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        self.header("age")?.parse().ok().map(Duration::from_secs)
    }

    /// The raw text of `data`; `None` when there is none.
    #[must_use]
    pub fn data(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            data: Option<&'a RawValue>,
        }
        let answer: Answer<'_> = serde_json::from_slice(&self.body).ok()?;
        answer.data.map(|data| data.get().to_owned())
    }

    /// The `status` of the body.
    ///
    /// # Errors
    /// The body is not the API's envelope: says why.
    pub fn envelope(&self) -> Result<Envelope> {
        Envelope::parse(&self.body).with_context(|| format!("HTTP {}", self.status))
    }
}
