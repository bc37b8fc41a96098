//! The typed client over the cache: exact prices, their age, and what they cost.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::time::Duration;

use cmc_sim::{Sim, SimConfig};
use cmcache::{Cmcache, Config, Options};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sim = Sim::start(SimConfig::default(), "127.0.0.1:0".parse()?).await?;
    let mut config = Config::in_memory();
    config.upstream.url = sim.url();
    config.upstream.key = Some(cmc_sim::DEFAULT_KEY.into());
    let cmcache = Cmcache::start(config, Options::default()).await?;

    let client = cmcache.client();
    for _ in 0..2 {
        let coins = client.quotes_latest().ids([1, 1027]).converts(["USD"]).send().await?;
        for coin in &coins.data {
            let price = coin.quote.get("USD").and_then(|quote| quote.price.as_ref());
            let exact = price.and_then(|price| price.as_decimal());
            println!("{:>8} {}", coin.symbol, exact.map_or("-".into(), |price| price.to_string()));
        }
        println!("{} credits, {:?} old", coins.status.credit_count, coins.age);
    }
    cmcache.drain(Duration::from_secs(5)).await;
    sim.stop().await;
    Ok(())
}
