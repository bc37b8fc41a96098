//! The way to the collector.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;
use tokio_util::context::TokioContext;

use crate::{config::OtelError, limits};

/// An HTTP client that works on threads without a runtime: the SDK sends from its own, where the
/// client alone would panic for want of a reactor.
#[derive(Clone)]
pub(crate) struct Way {
    client: reqwest::Client,
    runtime: Handle,
    standing: Arc<Standing>,
}

/// Whether the collector took what it was sent last. An outage is told once, not with every batch.
#[derive(Debug, Default)]
struct Standing {
    is_away: AtomicBool,
}

impl Standing {
    /// Whether that is news.
    fn heard(&self, is_away: bool) -> bool {
        self.is_away.swap(is_away, Ordering::Relaxed) != is_away
    }

    fn tell(&self, answer: &Result<Response<Bytes>, HttpError>) {
        let status = answer.as_ref().ok().map(|answer| answer.status());
        let is_away = !status.is_some_and(|status| status.is_success());
        match (self.heard(is_away), is_away, answer) {
            (false, ..) => {}
            (true, false, _) => tracing::info!("the collector takes spans and metrics again"),
            (true, true, Ok(answer)) => {
                let status = answer.status().as_u16();
                tracing::warn!(status, "the collector refuses spans and metrics: they are lost");
            }
            (true, true, Err(error)) => {
                tracing::warn!(%error, "the collector is away: spans and metrics are lost");
            }
        }
    }
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
        Ok(Self { client, runtime, standing: Arc::default() })
    }
}

#[async_trait]
impl HttpClient for Way {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let answer = TokioContext::new(exchange(client, request), self.runtime.clone()).await;
        self.standing.tell(&answer);
        answer
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_of_the_collector_is_news_once_and_its_end_too() {
        // Breaks: a line for every batch while it is away, which may be for days.
        let standing = Standing::default();
        let heard = [false, true, true, true, false, false, true].map(|away| standing.heard(away));
        assert_eq!(heard, [false, true, false, false, true, false, true]);
    }
}
