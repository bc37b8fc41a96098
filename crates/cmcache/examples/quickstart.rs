//! The whole in front of the simulated API: ask for two coins, then for three, and see the bill.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::time::Duration;

use cmc_sim::{Sim, SimConfig};
use cmcache::{Cmcache, Config, Options};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // In real life: the default URL, and the key from wherever you keep it.
    let sim = Sim::start(SimConfig::default(), "127.0.0.1:0".parse()?).await?;
    let mut config = Config::in_memory();
    config.upstream.url = sim.url();
    config.upstream.key = Some(cmc_sim::DEFAULT_KEY.into());

    let cmcache = Cmcache::start(config, Options::default()).await?;
    for target in [
        "/v2/cryptocurrency/quotes/latest?symbol=BTC,ETH",
        "/v3/cryptocurrency/quotes/latest?id=1027,1",
        "/v1/cryptocurrency/quotes/latest?slug=bitcoin,solana&convert=USD",
    ] {
        let answer = cmcache.get(target).await?;
        let (cache, n_bytes) = (answer.cache.name(), answer.data.len());
        println!("{cache:>7}, {} credits, {n_bytes} bytes: {target}", answer.charged);
    }
    let credits = cmcache.credits().await;
    println!("on record: {} credits in {} calls", credits.ledger.credits, credits.ledger.calls);
    println!("the simulator's bill: {} credits", sim.bill().credits);

    cmcache.drain(Duration::from_secs(5)).await;
    sim.stop().await;
    Ok(())
}
