//! Questions to a running gateway.

use std::time::Duration;

use serde_json::Value;

use crate::{args::At, environment, failure::Failure};

/// The status and the JSON body of `path`. Where the gateway knows its clients, the token is the
/// key that is set in the environment.
pub(crate) async fn get(at: &At, path: &str) -> Result<(u16, Value), Failure> {
    let url = format!("{}{path}", at.url.trim_end_matches('/'));
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build();
    let client = client.map_err(anyhow::Error::from)?;
    let mut request = client.get(&url);
    if let Some(key) = environment::read()?.key {
        request = request.header("X-CMC_PRO_API_KEY", key.expose());
    }
    let unreachable = |error: reqwest::Error| {
        let hint = "is a gateway running there? (cmcache serve, or --url)";
        Failure::unavailable(format!("{url}: {}; {hint}", error.without_url()))
    };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let body = response.bytes().await.map_err(unreachable)?;
    let body = serde_json::from_slice(&body).map_err(|_| {
        Failure::unavailable(format!("{url}: HTTP {status}, and no JSON: is that a gateway?"))
    })?;
    Ok((status, body))
}
