//! Memory, Redis, memcached and a database, as a file would set them; and a store that is being
//! moved to. `cargo run -p cmcache --example four_tiers` needs none of the servers: what is away is
//! left alone, and what can be answered is answered.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::time::Duration;

use cmc_sim::{Sim, SimConfig};
use cmcache::{Cmcache, Config, Options};

const FILE: &str = r#"
tiers = ["memory", "redis", "memcached", "postgres", "mariadb"]
tiers_read = "ordered"      # or "race": all but memory at once, the first fresh entry wins
data_dir = ""               # a gateway keeps its journal there

[tier.redis]
url = "redis://127.0.0.1:6379"
retention = "10m"           # no copy stays longer, however long it lives

[tier.memcached]
urls = ["127.0.0.1:11211", "127.0.0.1:11212"]
max_value_bytes = "512KiB"

[tier.postgres]
url = "postgres://cmcache:secret@127.0.0.1/cmcache"

[tier.mariadb]              # gets every write and gives no answer, until it holds enough to swap
url = "mariadb://cmcache:secret@127.0.0.1/cmcache"
shadow = true
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sim = Sim::start(SimConfig::default(), "127.0.0.1:0".parse()?).await?;
    let mut config = Config::load(Some((FILE, "four_tiers")), &[], &[])?;
    config.upstream.url = sim.url();
    config.upstream.key = Some(cmc_sim::DEFAULT_KEY.into());
    for row in config.shown().into_iter().filter(|row| row.key.ends_with(".url")) {
        println!("{} = {}", row.key, row.value);
    }
    let cmcache = Cmcache::start(config, Options::default()).await?;
    for _ in 0..2 {
        let answer = cmcache.get("/v3/cryptocurrency/quotes/latest?id=1").await?;
        println!("{}, {} credits", answer.cache.name(), answer.charged);
    }
    for tier in cmcache.status().tiers {
        println!("{}: {}, shared: {}, {} hits", tier.name, tier.role, tier.shared, tier.hits);
    }
    cmcache.drain(Duration::from_secs(1)).await;
    sim.stop().await;
    Ok(())
}
