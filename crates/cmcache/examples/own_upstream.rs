//! An upstream of one's own: a recorded answer instead of the network. Anything that implements
//! `Upstream` will do: another client, a recorder, a test double.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::sync::Arc;

use bytes::Bytes;
use cmcache::{
    Cmcache, Config, Options,
    cmc_api::{Call, Reply, Upstream, UpstreamError},
};

/// Answers every call with the same recording.
#[derive(Debug)]
struct Recording(Bytes);

#[async_trait::async_trait]
impl Upstream for Recording {
    async fn call(&self, _call: &Call) -> Result<Reply, UpstreamError> {
        // Reads the envelope as it would have come over the wire, charge included.
        Reply::read(200, self.0.clone())
    }
}

const RECORDED: &str = r#"{"status":{"timestamp":"2026-10-05T09:14:31.207Z","error_code":0,
"error_message":null,"elapsed":9,"credit_count":1},"data":{"btc_dominance":58.10}}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let upstream = Arc::new(Recording(Bytes::from_static(RECORDED.as_bytes())));
    let options = Options { upstream: Some(upstream), ..Options::default() };
    let cmcache = Cmcache::start(Config::in_memory(), options).await?;
    for _ in 0..2 {
        let answer = cmcache.get("/v1/global-metrics/quotes/latest").await?;
        let data = String::from_utf8_lossy(&answer.data);
        println!("{data}, {}, {} credits", answer.cache.name(), answer.charged);
    }
    Ok(())
}
