//! Do several gateways that share a store cost what one costs?

mod flights;
mod pages;
mod redis;
mod redis_budget;

use cmc_sim::{Bill, Control};
use harness::{Gateway, GatewaySpec, Reply, Sim};

/// As many gateways, each with a data folder of its own.
async fn gateways(n: usize, spec: impl Fn() -> GatewaySpec) -> Vec<Gateway> {
    let mut gateways = Vec::new();
    for _ in 0..n {
        gateways.push(spec().start().await);
    }
    gateways
}

fn slow(sim: &Sim, latency_ms: u64) {
    sim.change(Control { latency_ms: Some(latency_ms), ..Control::default() });
}

/// Calls for quotes.
fn n_calls(bill: &Bill) -> u64 {
    let quotes = |path: &str| path.contains("quotes/latest") && !path.contains("global");
    let lines = bill.operations.iter().filter(|(path, _)| quotes(path));
    lines.map(|(_, line)| line.calls).sum()
}

fn target(coin: u64) -> String {
    format!("/v3/cryptocurrency/quotes/latest?id={coin}")
}

#[track_caller]
fn all_served(replies: &[Reply]) {
    for reply in replies {
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
}
