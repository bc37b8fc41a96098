//! Memory before Redis: `cargo run -p cmcache --example memory_redis [redis://…]`. The second cache
//! finds in Redis what the first one paid for. Without a Redis both pay, and nobody gets an error.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::time::Duration;

use cmc_sim::{Sim, SimConfig};
use cmcache::{Cmcache, Config, Options};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sim = Sim::start(SimConfig::default(), "127.0.0.1:0".parse()?).await?;
    let redis = std::env::args().nth(1).unwrap_or_else(|| "redis://127.0.0.1:6379".to_owned());
    for round in ["first", "second"] {
        let settings = [
            "tiers=memory,redis".to_owned(),
            format!("tiers.redis.url={redis}"),
            "data_dir=".to_owned(),
            format!("upstream.url={}", sim.url()),
            format!("upstream.key={}", cmc_sim::DEFAULT_KEY),
        ];
        let cmcache =
            Cmcache::start(Config::load(None, &[], &settings)?, Options::default()).await?;
        let answer = cmcache.get("/v2/cryptocurrency/quotes/latest?id=1,1027").await?;
        println!("the {round} cache: {}, {} credits", answer.cache.name(), answer.charged);
        for tier in cmcache.status().tiers {
            println!("  {}: {}, breaker {}", tier.name, tier.role, tier.breaker);
        }
        // Redis is written behind the answer; a drain waits for it.
        cmcache.drain(Duration::from_secs(1)).await;
    }
    println!("the simulator's bill: {} credits", sim.bill().credits);
    sim.stop().await;
    Ok(())
}
