//! A tier that fails on purpose (feature `testing`).

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{Capability, Entry, Key, Tier, TierError, TierErrorKind};

/// How often which fault happens, in thousandths of the calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The work was not done, and the caller is told.
    pub refused: u16,
    /// The work was done, and the caller is told that it was not: a lost answer.
    pub done_but_refused: u16,
    /// The work was not done, and the caller is told that it was: a lost write, a miss that is
    /// none.
    pub lost: u16,
    /// Nothing ever comes back.
    pub hung: u16,
}

impl Faults {
    /// Every call is refused.
    pub const DEAD: Self = Self { refused: 1_000, done_but_refused: 0, lost: 0, hung: 0 };
    /// Every call hangs.
    pub const HUNG: Self = Self { refused: 0, done_but_refused: 0, lost: 0, hung: 1_000 };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Fine,
    Refused,
    DoneButRefused,
    Lost,
    Hung,
}

/// Any tier with faults that depend on nothing but the seed and the number of the call.
#[derive(Debug)]
pub struct Faulty<T> {
    inner: T,
    faults: Faults,
    seed: u64,
    n_calls: AtomicU64,
}

impl<T: Tier> Faulty<T> {
    /// Lays faults over a tier.
    pub const fn new(inner: T, faults: Faults, seed: u64) -> Self {
        Self { inner, faults, seed, n_calls: AtomicU64::new(0) }
    }

    /// How often it was called.
    pub fn n_calls(&self) -> u64 {
        self.n_calls.load(Ordering::Relaxed)
    }

    /// The tier inside, which has no faults.
    pub const fn inner(&self) -> &T {
        &self.inner
    }

    async fn fate(&self) -> Fate {
        let number = self.n_calls.fetch_add(1, Ordering::Relaxed);
        let mut draw = xxh3_64_with_seed(&number.to_le_bytes(), self.seed) % 1_000;
        for (share, fate) in [
            (self.faults.refused, Fate::Refused),
            (self.faults.done_but_refused, Fate::DoneButRefused),
            (self.faults.lost, Fate::Lost),
            (self.faults.hung, Fate::Hung),
        ] {
            match draw.checked_sub(share.into()) {
                Some(rest) => draw = rest,
                None if fate == Fate::Hung => std::future::pending().await,
                None => return fate,
            }
        }
        Fate::Fine
    }

    fn refusal<R>(&self) -> Result<R, TierError> {
        Err(TierError::new(self.name(), TierErrorKind::Unavailable))
    }
}

#[async_trait]
impl<T: Tier> Tier for Faulty<T> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capability(&self) -> Capability {
        self.inner.capability()
    }

    fn peek(&self, key: &Key) -> Option<Entry> {
        self.inner.peek(key)
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        match self.fate().await {
            Fate::Fine => self.inner.get_many(keys).await,
            Fate::Lost => Ok(vec![None; keys.len()]),
            Fate::Refused | Fate::DoneButRefused | Fate::Hung => self.refusal(),
        }
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        match self.fate().await {
            Fate::Fine => self.inner.put_many(items).await,
            Fate::DoneButRefused => self.inner.put_many(items).await.and(self.refusal()),
            Fate::Lost => Ok(()),
            Fate::Refused | Fate::Hung => self.refusal(),
        }
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        match self.fate().await {
            Fate::Fine => self.inner.remove_many(keys).await,
            Fate::DoneButRefused => self.inner.remove_many(keys).await.and(self.refusal()),
            Fate::Lost => Ok(()),
            Fate::Refused | Fate::Hung => self.refusal(),
        }
    }
}

#[cfg(test)]
mod tests;
