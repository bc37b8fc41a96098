//! Events on their way to the webhook.

mod sentence;

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clock::Timestamp;
use cmc_api::Secret;
use webhook::{
    Carry, Courier, CourierConfig, CourierError, Due, Letter, Outbox, OutboxConfig, Receipt, Signer,
};

use crate::{
    config::{Config, ConfigError, WebhookConfig, WebhookFormat},
    error::StartError,
    events::{Event, Kinds, What},
    metrics,
};

/// The file of letters that nobody has taken yet.
const FILE: &str = "webhook.jsonl";
/// How soon a new letter goes out, and how often one looks when nothing else is known.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The letters of one receiver.
pub(crate) struct Delivery {
    outbox: Mutex<Outbox>,
    courier: Arc<dyn Carry>,
    kinds: Kinds,
    format: WebhookFormat,
}

impl Delivery {
    /// As configured; `None` without a receiver.
    pub(crate) fn open(config: &Config) -> Result<Option<Self>, StartError> {
        let Some(courier) = courier(&config.webhook)? else { return Ok(None) };
        Self::by(config, Arc::new(courier)).map(Some)
    }

    /// The same, carried by somebody else.
    pub(crate) fn by(config: &Config, courier: Arc<dyn Carry>) -> Result<Self, StartError> {
        let file = config.is_kept().then(|| Path::new(&config.data_dir).join(FILE));
        let path = || config.data_dir.display().to_string();
        if config.is_kept() {
            std::fs::create_dir_all(&config.data_dir)
                .map_err(|source| StartError::DataDir { path: path(), source })?;
        }
        let outbox = Outbox::open(file.as_deref(), OutboxConfig::default())
            .map_err(|source| StartError::DataDir { path: path(), source })?;
        metrics::letters_waiting(outbox.n_waiting());
        let kinds = config.webhook.kinds();
        Ok(Self { outbox: Mutex::new(outbox), courier, kinds, format: config.webhook.format })
    }

    /// Puts an event into the outbox, if it is one to be told. At once and on disk: what was told
    /// here is told there, whatever happens next.
    pub(crate) fn put(&self, event: &Event) {
        if !self.kinds.has(event.what.kind()) {
            return;
        }
        let mut outbox = self.outbox();
        outbox.put(letter(event, self.format));
        metrics::letters_waiting(outbox.n_waiting());
    }

    /// Makes the attempt that is due, if any, and says how long to wait for the next look.
    pub(crate) async fn step(&self, now: Timestamp, rng: &mut fastrand::Rng) -> Duration {
        let now = now.since_epoch();
        let due = self.outbox().due(now);
        let letter = match due {
            Due::Now(letter) => letter,
            Due::At(at) => return at.saturating_sub(now).min(LOOK_EVERY),
            Due::Nothing => return LOOK_EVERY,
        };
        let carried = self.courier.carry(&letter, now).await;
        let mut outbox = self.outbox();
        match carried {
            Ok(receipt) if receipt.is_taken() => {
                outbox.delivered(&letter.id);
                metrics::letter("delivered");
                metrics::letters_waiting(outbox.n_waiting());
                return Duration::ZERO;
            }
            Ok(Receipt { status, retry_after, .. }) => {
                tracing::warn!(id = %letter.id, status, "the webhook does not take an event yet");
                outbox.failed(retry_after, now, rng);
            }
            Err(error) => {
                tracing::warn!(id = %letter.id, %error, "an event waits for the webhook");
                outbox.failed(None, now, rng);
            }
        }
        metrics::letter("failed");
        metrics::letters_given_up(outbox.n_given_up());
        LOOK_EVERY
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A courier to the configured receiver, if there is one.
fn courier(config: &WebhookConfig) -> Result<Option<Courier>, ConfigError> {
    let Some(url) = &config.url else { return Ok(None) };
    let signer = config.secret.as_ref().map(|secret| Signer::new(secret.expose())).transpose();
    let signer = signer.map_err(|error| ConfigError(format!("webhook.secret: {error}")))?;
    let courier = CourierConfig {
        timeout: config.timeout.get(),
        signer,
        user_agent: concat!("cmcache/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let wrong = |error: CourierError| ConfigError(format!("webhook.url: {error}"));
    Courier::to(url.expose(), courier).map(Some).map_err(wrong)
}

/// What is wrong with the receiver, if anything is.
pub(crate) fn check(config: &WebhookConfig) -> Result<(), ConfigError> {
    courier(config).map(drop)
}

/// An event as its receiver reads it.
fn letter(event: &Event, format: WebhookFormat) -> Letter {
    let body = match format {
        WebhookFormat::Json => event.json(),
        WebhookFormat::Slack => {
            let severity = event.what.severity();
            let text = format!("*cmcache {severity}*: {}", event.what);
            serde_json::json!({ "text": text }).to_string()
        }
    };
    Letter::new(Arc::clone(&event.id), body, event.at.since_epoch())
}

/// What a trial of the webhook came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// What was sent.
    pub body: String,
    /// The HTTP status.
    pub status: u16,
    /// The beginning of what the receiver said.
    pub answer: String,
    /// Whether an event would count as delivered.
    pub is_taken: bool,
    /// Whether it was signed.
    pub is_signed: bool,
}

/// Sends a trial event to the configured webhook, past the outbox, once.
///
/// # Errors
///
/// [`TrialError`]
pub async fn try_webhook(config: &Config, now: Timestamp, run: u64) -> Result<Trial, TrialError> {
    let courier = courier(&config.webhook)?.ok_or(TrialError::Nowhere)?;
    let note = "a trial: if you can read this, alerts arrive";
    let id = format!("test-{run:x}").into();
    let event = Event { seq: 0, id, at: now, what: What::Test { note: note.into() } };
    let letter = letter(&event, config.webhook.format);
    let receipt = courier.carry(&letter, now.since_epoch()).await?;
    Ok(Trial {
        body: letter.body.to_string(),
        status: receipt.status,
        is_taken: receipt.is_taken(),
        answer: receipt.answer,
        is_signed: config.webhook.secret.as_ref().map(Secret::expose).is_some(),
    })
}

/// Why a trial came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// There is no receiver.
    #[error("no webhook is set; set `webhook.url`")]
    Nowhere,
    /// What is set cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The receiver says nothing.
    #[error(transparent)]
    Away(#[from] CourierError),
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("courier", &self.courier).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
