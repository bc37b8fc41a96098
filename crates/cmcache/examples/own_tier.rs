//! A tier of one's own below the memory: here a map that outlives the cache, as a shared store
//! would. The second cache finds there what the first one paid for.
//!
//! Whether it keeps the contract is not a matter of opinion: the exam that every tier has to pass
//! is one line at the end of this file, for `cargo test --example own_tier`.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use cmcache::{
    Cmcache, Config, Options,
    cache_tiers::{Capability, Entry, Key, Tier, TierError},
    cmc_api::{ScriptedUpstream, scripted},
};

/// Keeps entries in a map. A tier returns what it holds and judges nothing.
#[derive(Debug, Default)]
struct Shelf(Mutex<HashMap<Key, Entry>>);

impl Shelf {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Key, Entry>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait::async_trait]
impl Tier for Shelf {
    fn name(&self) -> &str {
        "shelf"
    }

    fn capability(&self) -> Capability {
        Capability {
            local: false,
            shared: true,
            persistent: true,
            max_key_bytes: 250,
            max_value_bytes: 1 << 20,
        }
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        Ok(self.with(|shelf| keys.iter().map(|key| shelf.get(key).cloned()).collect()))
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.with(|shelf| {
            let capability = self.capability();
            for (key, entry) in items.iter().filter(|(key, entry)| capability.takes(key, entry)) {
                let newer = shelf.get(key).is_some_and(|h| h.meta.version > entry.meta.version);
                if !newer {
                    shelf.insert(key.clone(), entry.clone());
                }
            }
        });
        Ok(())
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.with(|shelf| keys.iter().for_each(|key| drop(shelf.remove(key))));
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shelf = Arc::new(Shelf::default());
    for round in ["first", "second"] {
        let upstream = ScriptedUpstream::answering(|_| Ok(scripted::reply(r#"{"value":42}"#, 1)));
        let options = Options {
            upstream: Some(Arc::new(upstream)),
            tiers: vec![Arc::clone(&shelf) as Arc<dyn Tier>],
            ..Options::default()
        };
        let cmcache = Cmcache::start(Config::in_memory(), options).await?;
        let answer = cmcache.get("/v3/fear-and-greed/latest").await?;
        println!("the {round} cache: {}, {} credits", answer.cache.name(), answer.charged);
        // Tiers that are not local are written behind the answer; a drain waits for them.
        cmcache.drain(std::time::Duration::from_secs(1)).await;
    }
    Ok(())
}

#[cfg(test)]
mod shelf {
    use super::Shelf;

    cmcache::cache_tiers::tier_conformance!(Shelf::default());
}
