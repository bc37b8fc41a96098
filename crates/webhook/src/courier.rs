use std::{fmt, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, StatusCode, Url, header, redirect};

use crate::{Letter, Signer, limits};

/// Where to, and how.
#[derive(Clone, Debug)]
pub struct CourierConfig {
    /// For the whole of an attempt.
    pub timeout: Duration,
    /// Signs; without it, nothing is signed.
    pub signer: Option<Signer>,
    /// What the courier calls itself.
    pub user_agent: String,
}

/// What a receiver said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of its body.
    pub answer: String,
    /// When it wants to be asked again.
    pub retry_after: Option<Duration>,
}

impl Receipt {
    /// Whether the letter was taken: with 2xx, and with nothing else. A receiver that redirects or
    /// refuses has been set up wrongly, and may be set right tomorrow.
    #[must_use]
    pub const fn is_taken(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}

/// Why nobody said anything. URLs are not shown: they may hold a token.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// It is no address.
    #[error("the URL must be https://host/path (or http://)")]
    Url,
    /// TLS or the client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    /// Nobody is there, or nobody answers.
    #[error("the receiver cannot be reached: {0}")]
    Away(String),
}

/// Carries one letter, once.
#[async_trait]
pub trait Carry: fmt::Debug + Send + Sync {
    /// Makes one attempt at `now`, since the Unix epoch.
    async fn carry(&self, letter: &Letter, now: Duration) -> Result<Receipt, CourierError>;
}

/// Carries letters to one URL by HTTP.
pub struct Courier {
    client: Client,
    url: Url,
    signer: Option<Signer>,
}

impl Courier {
    /// A courier to `url`; nothing is sent.
    ///
    /// # Errors
    ///
    /// [`CourierError`]
    pub fn to(url: &str, config: CourierConfig) -> Result<Self, CourierError> {
        let url = Url::parse(url).map_err(|_| CourierError::Url)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(CourierError::Url);
        }
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Losing the race means that another provider is there, which is as good.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let client = Client::builder()
            .user_agent(&config.user_agent)
            .timeout(config.timeout)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| CourierError::Client(reason(error)))?;
        Ok(Self { client, url, signer: config.signer })
    }
}

#[async_trait]
impl Carry for Courier {
    async fn carry(&self, letter: &Letter, now: Duration) -> Result<Receipt, CourierError> {
        let mut request = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", &*letter.id)
            .header("webhook-timestamp", now.as_secs())
            .body(letter.body.to_string());
        if let Some(signer) = &self.signer {
            let signature = signer.sign(&letter.id, now, &letter.body);
            request = request.header("webhook-signature", signature);
        }
        let away = |error| CourierError::Away(reason(error));
        let mut response = request.send().await.map_err(away)?;
        let status = response.status();
        let retry_after = retry_after(status, response.headers());
        let mut answer = Vec::new();
        // An answer that breaks off is no reason to send the letter again.
        while let Ok(Some(chunk)) = response.chunk().await {
            answer.extend_from_slice(&chunk);
            if answer.len() >= limits::ANSWER_BYTES_MAX {
                answer.truncate(limits::ANSWER_BYTES_MAX);
                break;
            }
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        Ok(Receipt { status: status.as_u16(), answer, retry_after })
    }
}

/// Only seconds are understood: the other form needs a calendar, and our own pauses will do.
fn retry_after(status: StatusCode, headers: &header::HeaderMap) -> Option<Duration> {
    if status.is_success() {
        return None;
    }
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds).min(limits::PAUSE_MAX))
}

/// The innermost cause: the outer ones repeat each other, and may hold the URL.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").field("signer", &self.signer).finish_non_exhaustive()
    }
}
