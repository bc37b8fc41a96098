//! Where to, under which name, and how much of it.

use std::{collections::HashMap, fmt, time::Duration};

/// What is exported, and to whom.
#[derive(Clone)]
pub struct OtelConfig {
    /// The collector's base URL (`http://127.0.0.1:4318`); the paths of the signals are added.
    pub endpoint: String,
    /// Sent with every request. Secrets.
    pub headers: HashMap<String, String>,
    /// `service.name`
    pub service_name: String,
    /// `service.version`
    pub service_version: String,
    /// Which share of the traces that begin here is sent, 0 to 1; a caller's own decision is kept.
    pub sample: f64,
    /// Whether traces are sent.
    pub traces: bool,
    /// Whether metrics are sent.
    pub metrics: bool,
    /// How often metrics are sent.
    pub metrics_interval: Duration,
}

impl OtelConfig {
    /// Everything to that endpoint, metrics once a minute.
    #[must_use]
    pub fn to(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            headers: HashMap::new(),
            service_name: "cmcache".to_owned(),
            service_version: env!("CARGO_PKG_VERSION").to_owned(),
            sample: 1.0,
            traces: true,
            metrics: true,
            metrics_interval: Duration::from_secs(60),
        }
    }

    /// The URL of one signal.
    pub(crate) fn url(&self, signal: &str) -> String {
        format!("{}/v1/{signal}", self.endpoint.trim_end_matches('/'))
    }
}

impl fmt::Debug for OtelConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtelConfig")
            .field("service_name", &self.service_name)
            .field("sample", &self.sample)
            .field("n_headers", &self.headers.len())
            .finish_non_exhaustive()
    }
}

/// Why nothing can be exported. Holds no URL and no header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtelError(pub(crate) &'static str);

impl fmt::Display for OtelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for OtelError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_header_and_no_address() {
        // Debug ends in logs; headers of a collector are its credentials.
        let mut config = OtelConfig::to("http://canary.test");
        config.headers.insert("authorization".to_owned(), "canary".to_owned());
        assert!(!format!("{config:?}").contains("canary"));
    }

    #[test]
    fn the_path_of_a_signal_follows_whatever_base_there_is() {
        // Collectors behind a path would get 404 for ever, silently.
        assert_eq!(OtelConfig::to("http://c:4318").url("traces"), "http://c:4318/v1/traces");
        assert_eq!(OtelConfig::to("http://c/otlp/").url("metrics"), "http://c/otlp/v1/metrics");
    }
}
