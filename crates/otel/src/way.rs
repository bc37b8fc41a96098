//! The way to the collector.

use std::fmt;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;
use tokio_util::context::TokioContext;

use crate::{config::OtelError, limits};

/// An HTTP client that works on threads without a runtime: the SDK sends from its own, where the
/// client alone would panic for want of a reactor.
pub(crate) struct Way {
    client: reqwest::Client,
    runtime: Handle,
}

impl Way {
    /// On the runtime that is current.
    pub(crate) fn open() -> Result<Self, OtelError> {
        let runtime = Handle::try_current().map_err(|_| OtelError("there is no runtime"))?;
        let client = reqwest::Client::builder()
            .timeout(limits::TIMEOUT)
            // A collector that sends elsewhere would be told our headers there.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| OtelError("the client for the collector cannot be built"))?;
        Ok(Self { client, runtime })
    }

    pub(crate) fn again(&self) -> Self {
        Self { client: self.client.clone(), runtime: self.runtime.clone() }
    }
}

#[async_trait]
impl HttpClient for Way {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        TokioContext::new(exchange(client, request), self.runtime.clone()).await
    }
}

async fn exchange(
    client: reqwest::Client,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    // Without the URL: it may hold what is nobody's business.
    let mut answer =
        client.execute(request.try_into()?).await.map_err(reqwest::Error::without_url)?;
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.extend(answer.headers_mut().drain());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        if body.len() + chunk.len() > limits::ANSWER_BYTES_MAX {
            return Err("the collector's answer is too long".into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response.body(body.freeze())?)
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Way")
    }
}
