//! The port [`Leases`].
//!
//! One item per key holds the last token; how long the server still keeps it says the rest, so that
//! the server's clock decides and no other: a lease is in force while more than
//! [`limits::TOKEN_MEMORY`] of the item's life is left and nobody has marked it stale. Then the
//! token is only remembered.
//!
//! | step | command |
//! | --- | --- |
//! | take | `mg … v c t N<life>`: makes an empty item where there is none, then `ms … C<cas>` |
//! | renew | `mg … v c t`, then `ms … C<cas>` |
//! | release | `mg … v c t`, then `md … I T<memory> C<cas>`: stale, but remembered |

mod held;
mod taking;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use cache_tiers::{Key, Lease, Leases, TierError, Version, limits::TOKEN_MEMORY};

use crate::{
    life, limits,
    names::{self, Name},
    pool::Pool,
    store::NAME,
};

/// Leases of keys on memcached servers.
#[derive(Clone, Debug)]
pub struct MemcachedLeases {
    pool: Arc<Pool>,
}

impl MemcachedLeases {
    pub(crate) const fn new(pool: Arc<Pool>) -> Self {
        Self { pool }
    }

    fn names<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Vec<Name> {
        keys.map(|key| names::lease(&self.pool.config.prefix, key)).collect()
    }
}

#[async_trait]
impl Leases for MemcachedLeases {
    fn name(&self) -> &str {
        NAME
    }

    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError> {
        let due = self.pool.due();
        let names = self.names(keys.iter());
        let wish = taking::Wish { proposed, length, life: life_of(length) };
        let taken = self.pool.spread(&names, |server, share| {
            let wanted = share.into_iter().map(|at| (&names[at], &keys[at])).collect();
            taking::take(server, wanted, wish, &self.pool.counters, due)
        });
        let taken = taken.await;
        self.pool.conclude(&taken)?;
        // Nobody can be asked about these: as if there were no leases, each loads for itself.
        let alone = Lease::Taken { token: proposed, after_another: false };
        Ok(taken.into_iter().map(|taken| taken.unwrap_or(alone)).collect())
    }

    async fn renew_many(
        &self,
        held: &[(Key, Version)],
        length: Duration,
    ) -> Result<Vec<bool>, TierError> {
        let due = self.pool.due();
        let names = self.names(held.iter().map(|(key, _)| key));
        let life = life_of(length);
        let renewed = self.pool.spread(&names, |server, share| {
            let share = share.into_iter().map(|at| (&names[at], &held[at])).collect();
            held::renew(server, share, life, due)
        });
        let renewed = renewed.await;
        self.pool.conclude(&renewed)?;
        Ok(renewed.into_iter().map(|renewed| renewed.unwrap_or(false)).collect())
    }

    async fn release_many(&self, held: &[(Key, Version)]) -> Result<(), TierError> {
        let due = self.pool.due();
        let names = self.names(held.iter().map(|(key, _)| key));
        let released = self.pool.spread(&names, |server, share| {
            let share = share.into_iter().map(|at| (&names[at], &held[at])).collect();
            held::release(server, share, due)
        });
        self.pool.conclude(&released.await)
    }
}

/// How long a server keeps the item of a lease of that length.
fn life_of(length: Duration) -> u32 {
    life::seconds(length.min(limits::LEASE_LENGTH_MAX)) + memory_secs()
}

/// What is left of the life of an item when its lease ends.
fn memory_secs() -> u32 {
    life::seconds(TOKEN_MEMORY)
}
