//! The reference: what a tier is, in as few lines as it takes.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use crate::{Capability, Entry, Key, Tier, TierError, limits::KEY_BYTES_MAX};

/// A map with a bound in bytes that forgets the oldest put first. For tests, examples and small
/// programs; under load take a store with shards and a better rule of eviction.
#[derive(Debug)]
pub struct MemoryTier {
    name: String,
    max_bytes: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    entries: HashMap<Key, (u64, Entry)>,
    /// Puts in their order. A number that the map does not have was overwritten or removed.
    order: VecDeque<(u64, Key)>,
    n_puts: u64,
    n_bytes: usize,
}

impl MemoryTier {
    /// Holds at most `max_bytes`, counted as [`Entry::weight`].
    #[must_use]
    pub fn new(name: &str, max_bytes: usize) -> Self {
        Self { name: name.to_owned(), max_bytes, held: Mutex::default() }
    }

    /// What it weighs now.
    pub fn n_bytes(&self) -> usize {
        self.held().n_bytes
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn put(&mut self, key: &Key, entry: &Entry) {
        let newer =
            self.entries.get(key).filter(|(_, held)| held.meta.version > entry.meta.version);
        if newer.is_some() {
            return;
        }
        self.remove(key);
        self.n_puts += 1;
        self.n_bytes += entry.weight(key);
        self.order.push_back((self.n_puts, key.clone()));
        self.entries.insert(key.clone(), (self.n_puts, entry.clone()));
    }

    fn remove(&mut self, key: &Key) {
        if let Some((_, entry)) = self.entries.remove(key) {
            self.n_bytes -= entry.weight(key);
        }
    }

    fn shrink(&mut self, max_bytes: usize) {
        while self.n_bytes > max_bytes {
            let Some((number, key)) = self.order.pop_front() else { return };
            if self.entries.get(&key).is_some_and(|(held, _)| *held == number) {
                self.remove(&key);
            }
        }
        // Overwriting leaves numbers behind; without this they would be the one thing unbounded.
        if self.order.len() > 2 * self.entries.len() + 64 {
            let Self { order, entries, .. } = self;
            order.retain(|(number, key)| entries.get(key).is_some_and(|(held, _)| held == number));
        }
    }
}

#[async_trait]
impl Tier for MemoryTier {
    fn name(&self) -> &str {
        &self.name
    }

    fn capability(&self) -> Capability {
        Capability {
            local: true,
            shared: false,
            persistent: false,
            max_key_bytes: KEY_BYTES_MAX,
            max_value_bytes: self.max_bytes / 2,
        }
    }

    fn peek(&self, key: &Key) -> Option<Entry> {
        self.held().entries.get(key).map(|(_, entry)| entry.clone())
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        Ok(keys.iter().map(|key| self.peek(key)).collect())
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        let capability = self.capability();
        let mut held = self.held();
        for (key, entry) in items.iter().filter(|(key, entry)| capability.takes(key, entry)) {
            held.put(key, entry);
            held.shrink(self.max_bytes);
        }
        Ok(())
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        let mut held = self.held();
        keys.iter().for_each(|key| held.remove(key));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
