//! The port: what a store has to do to be a level of the stack.

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;

use crate::{Entry, Key, TierError, TierErrorKind};

/// What a tier is and what it can take. Differences between stores are read here, never guessed
/// from a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// In this process: `peek` answers, nothing is awaited for long.
    pub local: bool,
    /// Other instances see the same entries.
    pub shared: bool,
    /// Entries outlive the process.
    pub persistent: bool,
    /// Longest key in bytes.
    pub max_key_bytes: usize,
    /// Largest encoded entry in bytes ([`Entry::encoded_len`]).
    pub max_value_bytes: usize,
}

impl Capability {
    /// Whether it takes such an entry under such a key.
    #[must_use]
    pub fn takes(&self, key: &Key, entry: &Entry) -> bool {
        key.as_str().len() <= self.max_key_bytes && entry.encoded_len() <= self.max_value_bytes
    }
}

/// One level of the stack. It returns what it holds and judges nothing: freshness is decided once,
/// by the stack, from the times of the entry.
///
/// # Contract
/// - Entries come back byte for byte, with all their times unchanged.
/// - A put never replaces a newer entry ([`Version`](crate::Version)); one of the same version is
///   replaced. This holds between concurrent writers, too.
/// - The store's own expiry is only garbage collection: it may forget an entry from `usable_until`
///   on, and must not lengthen anything.
/// - An item that is over the [`Capability`] is skipped, the rest of its batch is done.
/// - What cannot be decoded is a miss, counted in
///   [`TierCounters::undecodable`](crate::TierCounters).
/// - An error means that the whole call failed; a failure of some keys is `None` and a count.
/// - Every future may be dropped at any await: a put then happened or not, per key, never by half.
#[async_trait]
pub trait Tier: Debug + Send + Sync + 'static {
    /// Its name in metrics and answers.
    fn name(&self) -> &str;

    /// What it is and what it can take.
    fn capability(&self) -> Capability;

    /// What it holds, at once. Local tiers only; must not block.
    fn peek(&self, key: &Key) -> Option<Entry> {
        let _ = key;
        None
    }

    /// What it holds, one outcome per key, in the order of the keys.
    ///
    /// # Errors
    /// When the call failed as a whole.
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError>;

    /// Keeps each entry unless it holds a newer one.
    ///
    /// # Errors
    /// When the call failed as a whole; it may have happened nevertheless.
    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError>;

    /// Forgets.
    ///
    /// # Errors
    /// When the call failed as a whole; it may have happened nevertheless.
    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError>;
}

macro_rules! tier_through_a_pointer {
    ($pointer:ident) => {
        #[async_trait]
        impl<T: Tier + ?Sized> Tier for $pointer<T> {
            fn name(&self) -> &str {
                (**self).name()
            }

            fn capability(&self) -> Capability {
                (**self).capability()
            }

            fn peek(&self, key: &Key) -> Option<Entry> {
                (**self).peek(key)
            }

            async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
                (**self).get_many(keys).await
            }

            async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
                (**self).put_many(items).await
            }

            async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
                (**self).remove_many(keys).await
            }
        }
    };
}

tier_through_a_pointer!(Arc);
tier_through_a_pointer!(Box);

/// Comfort for callers with one key. Sealed: a tier implements [`Tier`] only.
#[expect(async_fn_in_trait, reason = "sealed, and every implementation's future is Send")]
pub trait TierExt: sealed::Sealed {
    /// What it holds under one key.
    ///
    /// # Errors
    /// As [`Tier::get_many`].
    async fn get(&self, key: &Key) -> Result<Option<Entry>, TierError>;

    /// Keeps one entry unless it holds a newer one.
    ///
    /// # Errors
    /// As [`Tier::put_many`].
    async fn put(&self, key: &Key, entry: Entry) -> Result<(), TierError>;

    /// Forgets one key.
    ///
    /// # Errors
    /// As [`Tier::remove_many`].
    async fn remove(&self, key: &Key) -> Result<(), TierError>;
}

impl<T: Tier + ?Sized> TierExt for T {
    async fn get(&self, key: &Key) -> Result<Option<Entry>, TierError> {
        let mut held = self.get_many(std::slice::from_ref(key)).await?;
        held.pop().ok_or_else(|| TierError::new(self.name(), TierErrorKind::Broken))
    }

    async fn put(&self, key: &Key, entry: Entry) -> Result<(), TierError> {
        self.put_many(&[(key.clone(), entry)]).await
    }

    async fn remove(&self, key: &Key) -> Result<(), TierError> {
        self.remove_many(std::slice::from_ref(key)).await
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T: super::Tier + ?Sized> Sealed for T {}
}

/// Fails to compile if the port stops being usable as `dyn`.
const _: fn(&dyn Tier) -> &str = |tier| tier.name();
