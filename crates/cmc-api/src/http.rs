//! The real way out: one pooled HTTP client.

mod config;
mod connecting;
mod failure;
mod pool;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use reqwest::{Client, Response, header};
use tracing::{Instrument, field, trace_span};

use crate::{
    call::Call,
    error::{UpstreamError, UpstreamErrorKind},
    operation::Method,
    reply::{Reply, Timing},
    upstream::{Now, Upstream},
};

pub use config::{HttpConfig, HttpError, install_tls};
pub use pool::PoolUsage;

use pool::Pool;

/// The API behind HTTP: keep-alive, HTTP/2 where offered, compression, timeouts, and a bound on
/// how many requests are on the way at once.
///
/// It makes exactly one attempt per call and follows no redirects. The API key travels in a header
/// that is marked as sensitive, never in a URL.
pub struct HttpUpstream {
    client: Client,
    /// Without a slash at the end.
    base_url: Arc<str>,
    timeout: Duration,
    body_bytes_max: usize,
    pool: Pool,
    now: Now,
}

impl HttpUpstream {
    /// Builds the client; nothing is sent.
    ///
    /// # Errors
    /// [`HttpError`] if the base URL or the key cannot be used, or if TLS cannot be set up.
    pub fn new(config: HttpConfig) -> Result<Self, HttpError> {
        let base_url = config.checked_base_url()?;
        let client = config.client()?;
        Ok(Self {
            client,
            base_url,
            timeout: config.timeout,
            body_bytes_max: config.body_bytes_max,
            pool: Pool::new(config.max_connections),
            now: config.now,
        })
    }

    /// How the connections are used.
    #[must_use]
    pub fn pool(&self) -> PoolUsage {
        self.pool.usage()
    }

    async fn exchange(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let began = (self.now)();
        let Ok(_slot) = tokio::time::timeout(self.timeout, self.pool.enter()).await else {
            return Err(UpstreamError::unsent(UpstreamErrorKind::TimedOut));
        };
        let sent = (self.now)();
        let (response, connect) = connecting::measured(self.send(call)).await;
        let response = response.map_err(failure::of_sending)?;
        let headed = (self.now)();
        let http_status = response.status().as_u16();
        let retry_after = failure::retry_after(response.headers());
        let hinted = |error: UpstreamError| error.with_retry_after(retry_after);
        let body = self.read(response).await.map_err(hinted)?;
        let read = (self.now)();
        let hinted = |error| hinted(of_unknown_path(error, call));
        let mut reply = Reply::read(http_status, body).map_err(hinted)?;
        reply.timing = Timing {
            queue: sent.saturating_sub(began),
            connect,
            wait: headed.saturating_sub(sent).saturating_sub(connect),
            body: read.saturating_sub(headed),
            decode: (self.now)().saturating_sub(read),
            attempts: 1,
        };
        Ok(reply)
    }

    async fn send(&self, call: &Call) -> Result<Response, reqwest::Error> {
        let mut url = format!("{}{}", self.base_url, call.path());
        if !call.query().is_empty() {
            url.push('?');
            url.push_str(call.query());
        }
        let request = match call.method() {
            Method::Get => self.client.get(url),
            Method::Post => self
                .client
                .post(url)
                .header(header::CONTENT_TYPE, "application/json")
                .body(call.body().clone()),
        };
        request.send().await
    }

    /// The body, at most `body_bytes_max` of it after decompression.
    async fn read(&self, mut response: Response) -> Result<Bytes, UpstreamError> {
        let http_status = response.status().as_u16();
        let mut body = BytesMut::with_capacity(self.expected_length(&response));
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > self.body_bytes_max => {
                    return Err(failure::of_long_body(http_status));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body.freeze()),
                Err(error) => return Err(failure::of_reading(http_status, error)),
            }
        }
    }

    fn expected_length(&self, response: &Response) -> usize {
        let length = response.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|text| text.to_str().ok()).and_then(|text| text.parse().ok());
        // Room for most single answers; what a header claims is not believed beyond the bound.
        length.unwrap_or(16 * 1_024).min(self.body_bytes_max)
    }
}

/// HTTP 200 with code 500 reads like an outage; for a path that no catalogue lists it is how the
/// API says that there is no such path. A client's typing error is nobody's outage.
fn of_unknown_path(mut error: UpstreamError, call: &Call) -> UpstreamError {
    let is_hidden = error.answer.as_ref().is_some_and(|answer| answer.http_status == 200);
    if !call.operation().known && is_hidden && error.kind == UpstreamErrorKind::ServerFault {
        error.kind = UpstreamErrorKind::Refused;
    }
    error
}

#[async_trait]
impl Upstream for HttpUpstream {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        // Its context stays here: whose trace a call belongs to is nothing for the API to know.
        let span = trace_span!(
            target: "traced",
            "attempt",
            "otel.kind" = "client",
            "http.response.status_code" = field::Empty,
            failed = field::Empty,
        );
        let replied = self.exchange(call).instrument(span.clone()).await;
        match &replied {
            Ok(reply) => span.record("http.response.status_code", reply.http_status),
            Err(error) => span.record("failed", error.kind.name()),
        };
        replied
    }
}

impl fmt::Debug for HttpUpstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpUpstream")
            .field("base_url", &self.base_url)
            .field("pool", &self.pool.usage())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
