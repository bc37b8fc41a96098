//! Where traces and metrics are sent.

use std::{collections::HashMap, time::Duration};

use cmc_api::Secret;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::{
    Config, ConfigError, Length, Warning,
    validate::{host, is_loopback, refuse},
};

/// More often is a load for the collector and tells nothing more.
const INTERVAL_MIN: Duration = Duration::from_secs(1);

/// What a collector of OpenTelemetry gets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OtelConfig {
    /// Base URL of the collector. Empty: nothing is sent.
    pub endpoint: String,
    /// Sent with every request: `name=value,name2=value2`.
    pub headers: Option<Secret>,
    /// Under which name.
    pub service_name: String,
    /// Which share of the traces that begin here, 0 to 1.
    pub sample: f64,
    /// Whether traces are sent.
    pub traces: bool,
    /// Whether metrics are sent.
    pub metrics: bool,
    /// How often metrics are sent.
    pub metrics_interval: Length,
    /// Whether `/metrics` points at traces, for scrapers that read OpenMetrics.
    pub exemplars: bool,
}

impl Default for OtelConfig {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            headers: None,
            service_name: "cmcache".to_owned(),
            sample: 1.0,
            traces: true,
            metrics: true,
            metrics_interval: Length::from_secs(60),
            exemplars: false,
        }
    }
}

impl OtelConfig {
    /// Whether anything is to be sent.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        !self.endpoint.is_empty() && (self.traces || self.metrics)
    }

    /// The headers by name; what cannot be one is left out, which [`Config::validate`] refuses.
    #[must_use]
    pub fn header_map(&self) -> HashMap<String, String> {
        pairs(self.headers.as_ref()).flatten().collect()
    }
}

/// `name=value` with commas between, values percent-encoded, as the standard writes them.
fn pairs(headers: Option<&Secret>) -> impl Iterator<Item = Option<(String, String)>> {
    let text = headers.map_or("", Secret::expose);
    text.split(',').map(str::trim).filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let name = name.trim().to_lowercase();
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?.into_owned();
        let is_value = !value.is_empty() && value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        (!name.is_empty() && name.bytes().all(is_name) && is_value).then_some((name, value))
    })
}

impl Config {
    pub(super) fn check_otel(&self) -> Result<(), ConfigError> {
        let otel = &self.otel;
        let is_plain = !otel.endpoint.contains(['@', '?', '#']);
        let has_host = host(&otel.endpoint).is_some_and(|host| !host.is_empty());
        let is_usable = otel.endpoint.is_empty() || (is_plain && has_host);
        if !is_usable {
            // Not repeated: it may hold a password.
            return refuse(
                "otel.endpoint: it must be https://host[:port][/path] (or http://), without user, \
                 query or fragment",
            );
        }
        if pairs(otel.headers.as_ref()).any(|pair| pair.is_none()) {
            return refuse("otel.headers: it must be name=value, with commas between several");
        }
        if !(0.0..=1.0).contains(&otel.sample) {
            return refuse("otel.sample: a share lies between 0 and 1");
        }
        if otel.metrics_interval.get() < INTERVAL_MIN {
            return refuse("otel.metrics_interval: at least 1s");
        }
        Ok(())
    }

    /// What others can read.
    pub(super) fn otel_warning(&self) -> Option<Warning> {
        let otel = &self.otel;
        let is_bare = otel.endpoint.starts_with("http://") && !is_loopback(&otel.endpoint);
        (is_bare && otel.headers.is_some()).then(|| {
            let why = "otel.endpoint begins with http://: otel.headers are sent in clear text";
            Warning(why.to_owned())
        })
    }
}
