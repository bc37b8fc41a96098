//! Where alerts go.

use cmc_api::Secret;
use serde::{Deserialize, Serialize};

use super::{
    Config, ConfigError, Length, Warning,
    validate::{is_loopback, refuse},
};
use crate::{
    delivery,
    events::{Kind, Kinds},
};

/// The receiver of alerts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookConfig {
    /// Where to. A secret: whoever knows the address of some receivers may write there.
    pub url: Option<Secret>,
    /// Signs what is sent.
    pub secret: Option<Secret>,
    /// Which kinds of events. Absent: those that are alerts.
    pub events: Option<Vec<String>>,
    /// What is sent.
    pub format: WebhookFormat,
    /// For one attempt.
    pub timeout: Length,
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            url: None,
            secret: None,
            events: None,
            format: WebhookFormat::default(),
            timeout: Length::from_secs(10),
        }
    }
}

/// What the receiver of alerts reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WebhookFormat {
    /// The event, as in the stream.
    #[default]
    Json,
    /// A sentence, as Slack, Mattermost, Discord (`/slack`) and others take it.
    Slack,
}

impl WebhookFormat {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Slack => "slack",
        }
    }
}

impl WebhookConfig {
    /// The kinds that are sent.
    #[must_use]
    pub fn kinds(&self) -> Kinds {
        match &self.events {
            Some(names) => Kinds::of(names.iter().filter_map(|name| Kind::parse(name))),
            None => Kinds::of(Kind::ALL.iter().copied().filter(|kind| kind.is_alert())),
        }
    }

    /// Their names.
    pub(super) fn shown_kinds(&self) -> String {
        let kinds = self.kinds();
        let names = Kind::ALL.iter().filter(|kind| kinds.has(**kind)).map(|kind| kind.name());
        names.collect::<Vec<_>>().join(",")
    }
}

impl Config {
    pub(super) fn check_webhook(&self) -> Result<(), ConfigError> {
        let webhook = &self.webhook;
        let names = webhook.events.iter().flatten();
        if let Some(wrong) = names.clone().find(|name| Kind::parse(name).is_none()) {
            let all: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            return refuse(format!(
                "webhook.events: no kind `{wrong}`; there are {}",
                all.join(", ")
            ));
        }
        let told = self.switches().0;
        let silent = names.filter_map(|name| Kind::parse(name)).find(|kind| !told.has(*kind));
        if let Some(kind) = silent {
            return refuse(format!("webhook.events: `{kind}` is switched off by `events.{kind}`"));
        }
        if webhook.timeout.get().is_zero() {
            return refuse("webhook.timeout: no answer comes within 0 s");
        }
        if webhook.url.is_none() && webhook.secret.is_some() {
            return refuse("webhook.secret: there is no `webhook.url` to sign for");
        }
        delivery::check(webhook)
    }

    /// What a receiver cannot trust, or others can read.
    pub(super) fn webhook_warnings(&self) -> Vec<Warning> {
        let webhook = &self.webhook;
        let Some(url) = &webhook.url else { return Vec::new() };
        let mut warnings = Vec::new();
        if webhook.secret.is_none() && webhook.format == WebhookFormat::Json {
            let why = "webhook.secret is not set: a receiver cannot tell who has written";
            warnings.push(Warning(why.to_owned()));
        }
        if url.expose().starts_with("http://") && !is_loopback(url.expose()) {
            let why = "webhook.url begins with http://: alerts are sent in clear text";
            warnings.push(Warning(why.to_owned()));
        }
        warnings
    }
}
