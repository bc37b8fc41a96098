//! What a scraper gets, in the format that it reads.

use cmcache::Cmcache;
use http::{HeaderMap, StatusCode, header::ACCEPT};

use crate::{admin::typed, respond::Reply};

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
const OPEN: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The metrics: as OpenMetrics where exemplars are kept and somebody can read them, else as
/// Prometheus always could.
pub(crate) fn metrics(cmcache: &Cmcache, headers: &HeaderMap) -> Reply {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    match is_open_wished(accept).then(|| cmcache.metrics_open_text()).flatten() {
        Some(open) => typed(StatusCode::OK, OPEN, open.into()),
        None => typed(StatusCode::OK, TEXT, cmcache.metrics_text().into()),
    }
}

/// Whether OpenMetrics 1.0 is asked for by name, and not less than the older format.
fn is_open_wished(accept: &str) -> bool {
    let (mut open, mut text) = (0.0, 0.0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let (mut weight, mut is_ours) = (1.0, true);
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                "q" => weight = value.trim().parse().unwrap_or(0.0),
                "version" => is_ours = value.trim() == "1.0.0",
                _ => {}
            }
        }
        if media.eq_ignore_ascii_case("application/openmetrics-text") && is_ours {
            open = f64::max(open, weight);
        } else if media.eq_ignore_ascii_case("text/plain") {
            text = f64::max(text, weight);
        }
    }
    open > 0.0 && open >= text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openmetrics_is_for_those_who_ask_for_it_by_name() {
        // Breaks: a scraper gets what it cannot read, or never an exemplar.
        let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,\
                          application/openmetrics-text;version=0.0.1;q=0.4,\
                          text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        for accept in [
            "application/openmetrics-text",
            "Application/OpenMetrics-Text; version=1.0.0; charset=utf-8",
            prometheus,
        ] {
            assert!(is_open_wished(accept), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/*",
            "text/plain",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;version=2.0.0",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=nonsense",
            "application/openmetrics-text;q=0.3,text/plain;q=0.5",
        ] {
            assert!(!is_open_wished(accept), "{accept}");
        }
    }
}
