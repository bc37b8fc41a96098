//! Three instances over one Redis: `cargo run -p cmcache --example several_instances [redis://…]`.
//! Three hundred askers of one cold coin, spread over them, cost one call; what one of them
//! forgets, all forget. Without a Redis each instance pays for itself.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::time::Duration;

use cmc_sim::{Sim, SimConfig};
use cmcache::{Cmcache, Config, Invalidation, Options};
use tokio::task::JoinSet;

const TARGET: &str = "/v2/cryptocurrency/quotes/latest?id=1";

async fn instance(sim: &Sim, redis: &str) -> Result<Cmcache, Box<dyn std::error::Error>> {
    let settings = [
        "tiers=memory,redis".to_owned(),
        format!("tiers.redis.url={redis}"),
        // Of this run alone: what others left in this Redis is not looked at.
        format!("tiers.redis.prefix=example-{}:", std::process::id()),
        // Both are the default: who loads is agreed upon in Redis, and so is what has changed.
        "shared.leases=auto".to_owned(),
        "shared.notes=auto".to_owned(),
        "data_dir=".to_owned(),
        format!("upstream.url={}", sim.url()),
        format!("upstream.key={}", cmc_sim::DEFAULT_KEY),
    ];
    Ok(Cmcache::start(Config::load(None, &[], &settings)?, Options::default()).await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sim = Sim::start(SimConfig::default(), "127.0.0.1:0".parse()?).await?;
    let redis = std::env::args().nth(1).unwrap_or_else(|| "redis://127.0.0.1:6379".to_owned());
    let mut instances = Vec::new();
    for _ in 0..3 {
        instances.push(instance(&sim, &redis).await?);
    }
    let mut askers = JoinSet::new();
    for n in 0..300 {
        let instance = instances[n % instances.len()].clone();
        askers.spawn(async move { instance.get(TARGET).await.map(|answer| answer.charged.get()) });
    }
    let charged = askers.join_all().await.into_iter().collect::<Result<Vec<u64>, _>>()?;
    println!(
        "{} askers, {} of them paid",
        charged.len(),
        charged.iter().filter(|c| **c > 0).count()
    );
    println!("the simulator's bill: {} credits", sim.bill().credits);

    let forgotten = instances[0].invalidate(&Invalidation::Query(TARGET.to_owned())).await?;
    println!("forgotten: {:?}, others told: {}", forgotten.forgotten, forgotten.told_others);
    tokio::time::sleep(Duration::from_millis(50)).await;
    println!("the second instance now: {}", instances[1].get(TARGET).await?.cache.name());
    for instance in instances {
        instance.drain(Duration::from_secs(1)).await;
    }
    sim.stop().await;
    Ok(())
}
