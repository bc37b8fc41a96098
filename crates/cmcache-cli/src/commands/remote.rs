//! Questions to a running gateway.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use cmcache::{Config, cmc_api::Secret};
use serde_json::Value;

use crate::failure::Failure;

/// How long a gateway may think about itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the configured gateway listens, as seen from this machine.
pub(crate) fn configured(listen: SocketAddr) -> String {
    let here = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(here, listen.port()))
}

/// The status and the JSON body of `path`.
///
/// The gateway gets the token of a configured client, if there is one: never the paid key, which
/// is not for whoever listens there.
pub(crate) async fn get(url: &str, path: &str, config: &Config) -> Result<(u16, Value), Failure> {
    let url = format!("{}{path}", url.trim_end_matches('/'));
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
    let mut request = client.map_err(anyhow::Error::from)?.get(&url);
    if let Some(token) = config.clients.values().next().map(Secret::expose) {
        request = request.header("X-CMC_PRO_API_KEY", token);
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
