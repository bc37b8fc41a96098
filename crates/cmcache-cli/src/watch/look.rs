//! Asking a gateway for what the screen shows.

use cmcache::{Config, cmc_api::Secret};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::{commands::remote, failure::Failure};

/// Everything that one look brings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looked {
    pub(crate) status: Value,
    pub(crate) credits: Value,
    pub(crate) timeline: Value,
    pub(crate) health: Value,
    pub(crate) ledger: Value,
    pub(crate) slow: Value,
    /// Not every gateway can tell.
    pub(crate) forecast: Option<Value>,
}

/// An event that came over the stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heard {
    pub(crate) kind: String,
    pub(crate) told: Value,
}

/// Where heard events go.
pub(crate) type Tell = mpsc::Sender<Heard>;

/// Asks for everything. One question that cannot be answered fails the look: half a picture would
/// look like a whole one.
pub(crate) async fn look(url: &str, config: &Config) -> Result<Looked, Failure> {
    let ask = |path: &'static str| async move {
        let (status, body) = remote::get(url, path, config).await?;
        match status {
            200 | 503 => Ok(body),
            _ => {
                let why = body["status"]["error_message"].as_str().unwrap_or("no reason given");
                Err(Failure::unavailable(format!("{url}{path}: HTTP {status}: {why}")))
            }
        }
    };
    let (status, credits, timeline, health, ledger, slow) = tokio::try_join!(
        ask("/_cmcache/api/v1/status"),
        ask("/_cmcache/api/v1/credits"),
        ask("/_cmcache/api/v1/timeline?window=15m"),
        ask("/healthz"),
        ask("/_cmcache/api/v1/ledger"),
        ask("/_cmcache/api/v1/slow"),
    )?;
    let forecast = ask("/_cmcache/api/v1/forecast").await.ok();
    Ok(Looked { status, credits, timeline, health, ledger, slow, forecast })
}

/// Listens until the stream ends, and tells every event. Whoever calls connects anew.
pub(crate) async fn follow(url: &str, config: &Config, tell: &Tell) -> Result<(), reqwest::Error> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut request = client.get(format!("{}/_cmcache/api/v1/events", url.trim_end_matches('/')));
    if let Some(token) = config.clients.values().next().map(Secret::expose) {
        request = request.header("X-CMC_PRO_API_KEY", token);
    }
    let mut response = request.send().await?.error_for_status()?;
    let mut waiting = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        waiting.extend_from_slice(&chunk);
        while let Some(end) = waiting.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = waiting.drain(..end + 2).collect();
            // A screen that is slow misses events; it never slows the gateway.
            if let Some(heard) = heard(&String::from_utf8_lossy(&block)) {
                drop(tell.try_send(heard));
            }
        }
        if waiting.len() > EVENT_BYTES_MAX {
            waiting.clear();
        }
    }
    Ok(())
}

/// No event of ours is longer.
const EVENT_BYTES_MAX: usize = 1 << 20;

/// One block of a stream of events, if it holds one.
fn heard(block: &str) -> Option<Heard> {
    let field = |name: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(name));
        lines.map(str::trim).next()
    };
    let told = serde_json::from_str(field("data:")?).ok()?;
    Some(Heard { kind: field("event:").unwrap_or("message").to_owned(), told })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_without_an_event_are_passed_over() {
        // Breaks: a heartbeat ends the stream, or shows up as an event.
        assert_eq!(heard(": still here\n\n"), None);
        assert_eq!(heard("retry: 3000\n\n"), None);
        assert_eq!(heard("event: x\ndata: {not json\n\n"), None);
        let event = heard("id: 7\nevent: tier_down\ndata: {\"kind\":\"tier_down\"}\n\n").unwrap();
        assert_eq!((event.kind.as_str(), &event.told["kind"]), ("tier_down", &"tier_down".into()));
    }
}
