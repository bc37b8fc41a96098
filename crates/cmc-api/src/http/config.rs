//! What a client is built from.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Client, ClientBuilder, Url,
    header::{ACCEPT, HeaderMap, HeaderName, HeaderValue},
    redirect,
};

use super::connecting::Watch;
use crate::{environment::Environment, limits, secret::Secret, upstream::Now};

const KEY_HEADER: HeaderName = HeaderName::from_static("x-cmc_pro_api_key");

/// How to reach the API.
#[derive(Clone)]
pub struct HttpConfig {
    /// Scheme, host and, for the keyless API, the path in front of all others. No key in it.
    pub base_url: String,
    /// The API key.
    pub key: Option<Secret>,
    /// For the wait for a connection, and again from sending to the end of the body.
    pub timeout: Duration,
    /// For setting up a connection.
    pub connect_timeout: Duration,
    /// Requests on the way at once; over HTTP/1.1 each has its own connection.
    pub max_connections: usize,
    /// How long an unused connection is kept.
    pub pool_idle: Duration,
    /// What the client calls itself.
    pub user_agent: String,
    /// Sends no key, even if there is one.
    pub keyless: bool,
    /// Longest body, after decompression.
    pub body_bytes_max: usize,
    /// Measures.
    pub now: Now,
}

impl HttpConfig {
    /// The usual settings for this base URL.
    #[must_use]
    pub fn new(base_url: impl Into<String>, now: Now) -> Self {
        Self {
            base_url: base_url.into(),
            key: None,
            timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(5),
            max_connections: 16,
            pool_idle: Duration::from_secs(90),
            user_agent: concat!("cmcache/", env!("CARGO_PKG_VERSION")).to_owned(),
            keyless: false,
            body_bytes_max: limits::ANSWER_BYTES_MAX,
            now,
        }
    }

    /// The usual settings for this environment; without a key, none is sent.
    #[must_use]
    pub fn for_environment(environment: &Environment, key: Option<Secret>, now: Now) -> Self {
        let keyless = environment.is_keyless() || key.is_none();
        Self { key, keyless, ..Self::new(environment.base_url(), now) }
    }

    /// The base URL without a slash at the end.
    pub(super) fn checked_base_url(&self) -> Result<Arc<str>, HttpError> {
        let url = Url::parse(&self.base_url).map_err(|_| HttpError::BaseUrl)?;
        let is_plain = matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_plain {
            return Err(HttpError::BaseUrl);
        }
        Ok(Arc::from(url.as_str().trim_end_matches('/')))
    }

    pub(super) fn client(&self) -> Result<Client, HttpError> {
        self.builder()?.build().map_err(|error| HttpError::Client(error.without_url()))
    }

    pub(super) fn builder(&self) -> Result<ClientBuilder, HttpError> {
        install_tls();
        let builder = Client::builder()
            .default_headers(self.headers()?)
            .user_agent(&self.user_agent)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.pool_idle)
            .pool_max_idle_per_host(self.max_connections.max(1))
            .http2_keep_alive_interval(Duration::from_secs(30))
            .http2_adaptive_window(true)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connector_layer(Watch(Arc::clone(&self.now)));
        Ok(builder)
    }

    fn headers(&self) -> Result<HeaderMap, HttpError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if self.keyless {
            return Ok(headers);
        }
        let key = self.key.as_ref().ok_or(HttpError::NoKey)?;
        let mut key = HeaderValue::from_str(key.expose()).map_err(|_| HttpError::Key)?;
        key.set_sensitive(true);
        headers.insert(KEY_HEADER, key);
        Ok(headers)
    }
}

/// Clients use the process's TLS provider. Chooses one unless somebody has; whoever did keeps it.
pub fn install_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Losing the race means that another provider is there, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}

impl fmt::Debug for HttpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A base URL that is not plain may hold a password or a key.
        let base_url = if self.checked_base_url().is_ok() { &self.base_url } else { "***" };
        f.debug_struct("HttpConfig")
            .field("base_url", &base_url)
            .field("key", &self.key)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_connections", &self.max_connections)
            .field("pool_idle", &self.pool_idle)
            .field("user_agent", &self.user_agent)
            .field("keyless", &self.keyless)
            .field("body_bytes_max", &self.body_bytes_max)
            .finish_non_exhaustive()
    }
}

/// Why a client cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The base URL is not `http(s)://host[/path]`. It is not shown: it may hold a password.
    #[error(
        "the base URL of the API must be http(s)://host[/path], without user, query or fragment"
    )]
    BaseUrl,
    /// There is no key.
    #[error("an API key is needed, unless the keyless API is used")]
    NoKey,
    /// The key cannot stand in a header.
    #[error("the API key holds characters that cannot be sent")]
    Key,
    /// TLS or the client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}
