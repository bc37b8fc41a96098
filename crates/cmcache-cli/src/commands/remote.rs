//! Questions to a running gateway.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use cmcache::{Config, cmc_api::Secret};
use serde_json::Value;

use crate::failure::Failure;

/// How long a gateway may think.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the configured gateway listens, as seen from this machine.
pub(crate) fn configured(listen: SocketAddr) -> String {
    let here = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(here, listen.port()))
}

/// What a gateway is asked.
#[derive(Debug)]
pub(crate) struct Request {
    /// Path and query.
    pub(crate) target: String,
    /// Of a `POST`.
    pub(crate) body: Option<Bytes>,
    /// Only the price is wanted.
    pub(crate) dry_run: bool,
}

/// What a gateway said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    /// In seconds.
    pub(crate) age: u64,
    pub(crate) cache: String,
    pub(crate) charged: u64,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
    pub(crate) body: Bytes,
}

/// The status and the JSON body of `path`.
pub(crate) async fn get(url: &str, path: &str, config: &Config) -> Result<(u16, Value), Failure> {
    let request = Request { target: path.to_owned(), body: None, dry_run: false };
    let said = send(url, config, &request).await?;
    let body = serde_json::from_slice(&said.body).map_err(|_| {
        let status = said.status;
        Failure::unavailable(format!("{url}{path}: HTTP {status}, and no JSON: is that a gateway?"))
    })?;
    Ok((said.status, body))
}

/// Has the gateway at `url` act, as its operator.
pub(crate) async fn act(
    url: &str,
    (path, action): (&str, &str),
    config: &Config,
    body: &Value,
) -> Result<(u16, Value), Failure> {
    let url = format!("{}{path}", url.trim_end_matches('/'));
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
    let client = client.map_err(anyhow::Error::from)?;
    let mut request = client.post(&url).header("X-Cmcache-Action", action);
    request = request.header("Content-Type", "application/json").body(body.to_string());
    if let Some(token) = &config.admin.token {
        request = request.bearer_auth(token.expose());
    } else if let Some(token) = config.clients.values().next().map(Secret::expose) {
        request = request.header("X-CMC_PRO_API_KEY", token);
    }
    let unreachable = |error: reqwest::Error| {
        let hint = "is a gateway running there? (cmcache serve, or --url)";
        Failure::unavailable(format!("{url}: {}; {hint}", error.without_url()))
    };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let body = response.bytes().await.map_err(unreachable)?;
    let told = serde_json::from_slice(&body);
    told.map(|told| (status, told)).map_err(|_| {
        Failure::unavailable(format!("{url}: HTTP {status}, and no JSON: is that a gateway?"))
    })
}

/// Asks the gateway at `url`.
///
/// The gateway gets the token of a configured client, if there is one; the configured gateway gets
/// the operator's, where clients are not in the configuration: never the paid key, which
/// is not for whoever listens there.
pub(crate) async fn send(url: &str, config: &Config, asked: &Request) -> Result<Said, Failure> {
    let url = format!("{}{}", url.trim_end_matches('/'), asked.target);
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
    let client = client.map_err(anyhow::Error::from)?;
    let mut request = match &asked.body {
        Some(body) => {
            client.post(&url).header("Content-Type", "application/json").body(body.clone())
        }
        None => client.get(&url),
    };
    if asked.dry_run {
        request = request.header("X-Cmcache-Dry-Run", "true");
    }
    if let Some(token) = config.clients.values().next().map(Secret::expose) {
        request = request.header("X-CMC_PRO_API_KEY", token);
    } else if let Some(token) = &config.admin.token
        && url.starts_with(&configured(config.listen))
    {
        // Only to our own gateway, where it is known.
        request = request.header("Authorization", format!("Bearer {}", token.expose()));
    }
    let unreachable = |error: reqwest::Error| {
        let hint = "is a gateway running there? (cmcache serve, or --url)";
        Failure::unavailable(format!("{url}: {}; {hint}", error.without_url()))
    };
    let response = request.send().await.map_err(unreachable)?;
    let header = |name: &str| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let number = |name: &str| header(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(Said {
        status: response.status().as_u16(),
        age: number("age"),
        cache: header("x-cmcache-cache").unwrap_or_else(|| "not from a gateway".to_owned()),
        charged: number("x-cmcache-credits"),
        next: header("x-cmcache-next"),
        body: response.bytes().await.map_err(unreachable)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_that_listens_everywhere_is_asked_at_home() {
        // 0.0.0.0 is no address to connect to.
        for (listen, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:9", "http://127.0.0.1:9"),
            ("[::]:9", "http://[::1]:9"),
        ] {
            assert_eq!(configured(listen.parse().unwrap()), url);
        }
    }
}
