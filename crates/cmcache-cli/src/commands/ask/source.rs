//! Who is asked: a cache in this process, or a gateway that runs.

use std::sync::Arc;

use bytes::Bytes;
use cmcache::{
    Config,
    cmc_api::{Method, Query, envelope, json::Members},
    engine::{Answer, Terms},
};
use serde_json::Value;

use super::target::Target;
use crate::{
    commands::remote::{self, Request},
    failure::Failure,
    setup::{self, Running},
};

/// Who is asked.
#[derive(Debug)]
pub(crate) enum Source {
    Here(Box<Running>),
    There { url: String, config: Box<Config> },
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Got {
    /// The API's data, byte for byte.
    pub(crate) data: Bytes,
    /// The whole body.
    pub(crate) body: Bytes,
    pub(crate) total_count: Option<u64>,
    /// In seconds.
    pub(crate) age: u64,
    pub(crate) cache: String,
    pub(crate) charged: u64,
}

/// What a question would cost.
#[derive(Debug)]
pub(crate) struct Estimated {
    pub(crate) with_cache: u64,
    pub(crate) without_cache: u64,
    pub(crate) calls: Vec<(String, u64)>,
}

impl Source {
    /// The gateway at `url`, else a cache as configured.
    pub(crate) async fn open(config: Config, url: Option<&str>) -> Result<Self, Failure> {
        Ok(match url {
            Some(url) => Self::There { url: url.to_owned(), config: Box::new(config) },
            None => Self::Here(Box::new(setup::start(config).await?)),
        })
    }

    pub(crate) async fn ask(&self, target: &Target) -> Result<Got, Failure> {
        match self {
            Self::Here(running) => {
                let query = parsed(running, target)?;
                let answer = running.cmcache.answer(&query, &Terms::default()).await?;
                Ok(here(&answer))
            }
            Self::There { url, config } => {
                there(remote::send(url, config, &request(target, false)).await?)
            }
        }
    }

    pub(crate) async fn estimate(&self, target: &Target) -> Result<Estimated, Failure> {
        match self {
            Self::Here(running) => {
                let query = parsed(running, target)?;
                let estimate = running.cmcache.estimate(&query).await?;
                let calls = estimate.calls.iter();
                Ok(Estimated {
                    with_cache: estimate.with_cache.get(),
                    without_cache: estimate.without_cache.get(),
                    calls: calls.map(|(call, price)| (call.clone(), price.get())).collect(),
                })
            }
            Self::There { url, config } => {
                let got = there(remote::send(url, config, &request(target, true)).await?)?;
                Ok(estimated(&serde_json::from_slice(&got.data).unwrap_or_default()))
            }
        }
    }

    /// Writes the books and ends everything.
    pub(crate) async fn end(self) {
        if let Self::Here(running) = self {
            running.end().await;
        }
    }
}

fn parsed(running: &Running, target: &Target) -> Result<Arc<Query>, Failure> {
    let (method, query) = (target.method.as_str(), target.query());
    let query = running.cmcache.parse(method, &target.path, &query, target.body.clone());
    query.map_err(|error| Failure::bad(&error))
}

fn here(answer: &Answer) -> Got {
    Got {
        data: answer.data.clone(),
        body: body(answer).into(),
        total_count: answer.total_count,
        age: answer.age.as_secs(),
        cache: answer.cache.name().to_owned(),
        charged: answer.charged.get(),
    }
}

/// The body as the gateway would send it.
fn body(answer: &Answer) -> Vec<u8> {
    let timestamp = answer.at.to_string();
    let status = envelope::Status {
        style: answer.style,
        timestamp: &timestamp,
        elapsed: 0,
        credit_count: answer.charged,
        total_count: answer.total_count,
    };
    let mut out = Vec::with_capacity(answer.data.len() + 512);
    envelope::success_head(&mut out, &status);
    out.extend_from_slice(&answer.data);
    envelope::success_tail(&mut out, &status);
    out
}

fn request(target: &Target, dry_run: bool) -> Request {
    let is_post = target.method == Method::Post;
    Request { target: target.text(), body: is_post.then(|| target.body.clone()), dry_run }
}

/// The answer of a gateway; what it refuses is told in the API's words.
fn there(said: remote::Said) -> Result<Got, Failure> {
    let text = std::str::from_utf8(&said.body).unwrap_or_default();
    let unreadable = || Failure::unavailable(format!("HTTP {}, and no envelope", said.status));
    let members = Members::of(text).ok_or_else(unreadable)?;
    let status: Value =
        members.get("status").and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
    let Some(data) = members.get("data").filter(|_| said.status == 200) else {
        let message = status["error_message"].as_str().unwrap_or("no data").to_owned();
        // An unknown path is told with HTTP 200.
        let http = if said.status == 200 { 500 } else { said.status };
        return Err(Failure::http(http, message));
    };
    Ok(Got {
        data: said.body.slice_ref(data.as_bytes()),
        total_count: status["total_count"].as_u64(),
        age: said.age,
        cache: said.cache,
        charged: said.charged,
        body: said.body.clone(),
    })
}

fn estimated(data: &Value) -> Estimated {
    let calls = data["calls"].as_array().into_iter().flatten();
    let call = |call: &Value| {
        (
            call["call"].as_str().unwrap_or_default().to_owned(),
            call["credits"].as_u64().unwrap_or(0),
        )
    };
    Estimated {
        with_cache: data["credits_with_cache"].as_u64().unwrap_or(0),
        without_cache: data["credits_without_cache"].as_u64().unwrap_or(0),
        calls: calls.map(call).collect(),
    }
}
