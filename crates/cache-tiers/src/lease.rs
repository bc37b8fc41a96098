//! The port: which instance loads a key, so that the others need not.

mod guarded;
mod memory;

use std::{fmt::Debug, sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::{Key, TierError, Version};

pub use guarded::GuardedLeases;
pub use memory::MemoryLeases;

/// The answer to one who wants to load a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lease {
    /// It is yours until its length is over, unless it is renewed.
    Taken {
        /// Names the holding, and is the version of what will be loaded: greater than that of every
        /// holder before, so that a late one cannot overwrite what a later one has brought.
        token: Version,
        /// Somebody held it not long ago: what is wanted may have come meanwhile.
        after_another: bool,
    },
    /// Another one is loading it.
    Held {
        /// It ends by then, if its holder does not live to renew it.
        left: Duration,
    },
}

/// Leases of keys, between instances that share a store.
///
/// # Contract
/// - A key has one holder at most until its length is over; the store's own clock decides.
/// - Tokens of a key grow, and are never below the one that the taker proposes: the clocks of
///   instances may differ. They are remembered for at least [`limits::TOKEN_MEMORY`] after the
///   lease ended.
/// - Renewing or releasing with a token that is no longer in force changes nothing.
/// - Every future may be dropped at any await: a lease taken unseen ends by its length.
///
/// [`limits::TOKEN_MEMORY`]: crate::limits::TOKEN_MEMORY
#[async_trait]
pub trait Leases: Debug + Send + Sync + 'static {
    /// The store's name in metrics.
    fn name(&self) -> &str;

    /// Tries to take each key for `length`; one outcome per key, in the order of the keys.
    ///
    /// # Errors
    /// When nobody can be asked: then each instance loads for itself.
    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError>;

    /// Lengthens leases to `length` from now; says of each whether it was still in force.
    ///
    /// # Errors
    /// When nobody can be asked.
    async fn renew_many(
        &self,
        held: &[(Key, Version)],
        length: Duration,
    ) -> Result<Vec<bool>, TierError>;

    /// Ends leases: their keys have been loaded, or will not be.
    ///
    /// # Errors
    /// When nobody can be asked; they end by their length.
    async fn release_many(&self, held: &[(Key, Version)]) -> Result<(), TierError>;
}

#[async_trait]
impl<T: Leases + ?Sized> Leases for Arc<T> {
    fn name(&self) -> &str {
        (**self).name()
    }

    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError> {
        (**self).take_many(keys, proposed, length).await
    }

    async fn renew_many(
        &self,
        held: &[(Key, Version)],
        length: Duration,
    ) -> Result<Vec<bool>, TierError> {
        (**self).renew_many(held, length).await
    }

    async fn release_many(&self, held: &[(Key, Version)]) -> Result<(), TierError> {
        (**self).release_many(held).await
    }
}

/// Fails to compile if the port stops being usable as `dyn`.
const _: fn(&dyn Leases) -> &str = |leases| leases.name();
