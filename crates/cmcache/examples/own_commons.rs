//! Leases and a backplane of one's own, beside a tier of one's own: here the ones in memory, which
//! are for instances in one process. Whoever brings a store of his own implements the same traits.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::sync::Arc;

use cmcache::{
    Cmcache, Config, Invalidation, Options,
    cache_tiers::{Far, MemoryBackplane, MemoryLeases, MemoryTier, Tier},
    clock::SystemClock,
    cmc_api::{ScriptedUpstream, scripted},
    engine::Commons,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let upstream = ScriptedUpstream::answering(|_| Ok(scripted::reply(r#"{"value":42}"#, 1)));
    let shelf: Arc<dyn Tier> = Arc::new(Far(MemoryTier::new("shelf", 1 << 20)));
    let leases = Arc::new(MemoryLeases::new(Arc::new(SystemClock)));
    let backplane = MemoryBackplane::new();
    let options = || Options {
        upstream: Some(Arc::new(upstream.clone())),
        tiers: vec![Arc::clone(&shelf)],
        commons: Some(Commons {
            leases: Some(Arc::clone(&leases) as _),
            // One handle each: an instance does not hear itself.
            backplane: Some(Arc::new(backplane.handle())),
            ..Commons::default()
        }),
        ..Options::default()
    };
    let one = Cmcache::start(Config::in_memory(), options()).await?;
    let two = Cmcache::start(Config::in_memory(), options()).await?;
    let target = "/v3/fear-and-greed/latest";
    let (first, second) = tokio::join!(one.get(target), two.get(target));
    let n_calls = || upstream.calls().iter().filter(|call| call.path() == target).count();
    println!("{} and {} at once: {} call", first?.cache.name(), second?.cache.name(), n_calls());

    one.invalidate(&Invalidation::All).await?;
    println!("after one forgot it, the other: {}", two.get(target).await?.cache.name());
    println!("{} calls in all", n_calls());
    Ok(())
}
