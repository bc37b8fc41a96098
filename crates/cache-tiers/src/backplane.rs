//! The port: what instances that share a store tell each other.

mod memory;

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;

use crate::{Key, Mark, TierError, Version};

pub use memory::MemoryBackplane;

/// What one instance tells the others. It carries no values: who wants one reads the shared store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The shared store holds this version of the key now.
    Filled(Key, Version),
    /// Nobody loads the key any more, and nothing came: who waits may try.
    Released(Key),
    /// The key was removed; whatever was loaded before this version is dead.
    Removed(Key, Version),
    /// Whatever the mark covers is dead.
    Marked(Mark),
    /// The key has changed, in a way that nobody told: look into the shared store.
    Changed(Key),
    /// Notes may have been missed before this one: look into the shared store for what is held.
    Gap,
}

/// Tells and hears notes.
///
/// # Contract
/// - A note reaches every other instance that listens and is connected, usually within
///   milliseconds; one's own notes do not come back.
/// - Notes of one instance come in the order in which they were told, or are missing.
/// - What cannot be read is counted and left out: a newer release may say more.
#[async_trait]
pub trait Backplane: Debug + Send + Sync + 'static {
    /// The store's name in metrics.
    fn name(&self) -> &str;

    /// Tells the others.
    ///
    /// # Errors
    /// When it could not be told; the others learn of it when the life of their copy ends.
    async fn tell(&self, notes: &[Note]) -> Result<(), TierError>;

    /// One who hears, from now on.
    fn listen(&self) -> Box<dyn Listener>;
}

/// Hears what others tell. It connects, and connects again, by itself: with growing, jittered
/// pauses, so that many instances do not storm a store that comes back.
#[async_trait]
pub trait Listener: Debug + Send + 'static {
    /// The next notes, at least one. The first after each connecting, but for the very first, is
    /// [`Note::Gap`].
    ///
    /// # Cancel safety
    /// Dropped, it loses nothing that it has not given out.
    async fn hear(&mut self) -> Vec<Note>;
}

#[async_trait]
impl<T: Backplane + ?Sized> Backplane for Arc<T> {
    fn name(&self) -> &str {
        (**self).name()
    }

    async fn tell(&self, notes: &[Note]) -> Result<(), TierError> {
        (**self).tell(notes).await
    }

    fn listen(&self) -> Box<dyn Listener> {
        (**self).listen()
    }
}

/// Fails to compile if the ports stop being usable as `dyn`.
const _: fn(&dyn Backplane, &mut dyn Listener) = |_, _| {};
