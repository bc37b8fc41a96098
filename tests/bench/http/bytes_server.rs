//! The bare hyper server: looks a target up, sends the bytes.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use harness::Reply;
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};

/// One answer as it is handed from the contest to the server's process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    body: String,
}

type Answers = HashMap<String, (HeaderMap, Bytes)>;

impl Recorded {
    /// What the subject answered, without the headers that any HTTP server writes itself.
    pub(crate) fn of(target: &str, reply: &Reply) -> Result<Self> {
        let own = [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING];
        let headers = reply.headers.iter().filter(|(name, _)| !own.contains(name));
        let headers = headers
            .map(|(name, value)| Ok((name.as_str().to_owned(), value.to_str()?.to_owned())))
            .collect::<Result<_>>()?;
        let body = String::from_utf8(reply.body.to_vec()).context("an answer is text")?;
        Ok(Self { target: target.to_owned(), headers, body })
    }

    pub(crate) fn n_bytes(&self) -> usize {
        self.body.len()
    }

    fn ready(self) -> Result<(String, (HeaderMap, Bytes))> {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers {
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        Ok((self.target, (headers, self.body.into())))
    }
}

/// Serves the answers in `file` until killed, and says where.
pub(crate) async fn serve(file: &Path) -> Result<()> {
    let recorded: Vec<Recorded> = serde_json::from_slice(&std::fs::read(file)?)?;
    let answers: Answers = recorded.into_iter().map(Recorded::ready).collect::<Result<_>>()?;
    let answers = Arc::new(answers);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    crate::say(&format!("http://{}", listener.local_addr()?));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        #[expect(clippy::disallowed_methods, reason = "a bare server owns nothing to drain")]
        drop(tokio::spawn(connection(stream, Arc::clone(&answers))));
    }
}

async fn connection(stream: TcpStream, answers: Arc<Answers>) {
    let answer =
        service_fn(|request| std::future::ready(Ok::<_, Infallible>(answer(&answers, &request))));
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
    // A connection ends in an error when its client leaves.
    drop(served);
}

fn answer(answers: &Answers, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    match answers.get(target) {
        Some((headers, body)) => {
            let mut response = Response::new(Full::new(body.clone()));
            *response.headers_mut() = headers.clone();
            response
        }
        None => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    }
}
