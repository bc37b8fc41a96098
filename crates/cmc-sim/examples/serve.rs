//! Serves a simulator until it is told to stop: `cargo run -p cmc-sim --example serve -- 8090`.

use std::net::{Ipv4Addr, SocketAddr};

use cmc_sim::{Sim, SimConfig};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8090);
    let sim =
        Sim::start(SimConfig::default(), SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    assert_eq!(sim.addr().port(), port, "a given port is taken as it is");
    tokio::signal::ctrl_c().await?;
    sim.stop().await;
    Ok(())
}
