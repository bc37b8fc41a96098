//! A backplane within one process: the reference.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use async_trait::async_trait;
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

use super::{Backplane, Listener, Note};
use crate::{TierError, TierErrorKind, limits::NOTES_WAITING_MAX};

/// A backplane in memory, for instances in one process: each has a handle of its own.
#[derive(Debug)]
pub struct MemoryBackplane {
    hub: Arc<Hub>,
    origin: u64,
}

#[derive(Debug)]
struct Hub {
    sender: Sender<Told>,
    n_handles: AtomicU64,
    is_cut: AtomicBool,
}

#[derive(Clone, Debug)]
struct Told {
    origin: u64,
    notes: Arc<[Note]>,
}

impl MemoryBackplane {
    /// A new one, with nobody else.
    #[must_use]
    pub fn new() -> Self {
        let (sender, _) = broadcast::channel(NOTES_WAITING_MAX);
        let n_handles = AtomicU64::new(1);
        Self { hub: Arc::new(Hub { sender, n_handles, is_cut: AtomicBool::new(false) }), origin: 0 }
    }

    /// The same backplane as another instance.
    #[must_use]
    pub fn handle(&self) -> Self {
        let origin = self.hub.n_handles.fetch_add(1, Ordering::Relaxed);
        Self { hub: Arc::clone(&self.hub), origin }
    }

    /// From now on nothing reaches anybody.
    pub fn cut(&self) {
        self.hub.is_cut.store(true, Ordering::Release);
    }

    /// From now on notes arrive again, the first of which says that some may be missing.
    pub fn heal(&self) {
        self.hub.is_cut.store(false, Ordering::Release);
        self.hub.tell(u64::MAX, &[Note::Gap]);
    }
}

impl Default for MemoryBackplane {
    fn default() -> Self {
        Self::new()
    }
}

impl Hub {
    fn tell(&self, origin: u64, notes: &[Note]) {
        // An error says that nobody listens, which is fine.
        drop(self.sender.send(Told { origin, notes: notes.into() }));
    }
}

#[async_trait]
impl Backplane for MemoryBackplane {
    fn name(&self) -> &str {
        "memory"
    }

    async fn tell(&self, notes: &[Note]) -> Result<(), TierError> {
        if self.hub.is_cut.load(Ordering::Acquire) {
            return Err(TierError::new("memory", TierErrorKind::Unavailable));
        }
        self.hub.tell(self.origin, notes);
        Ok(())
    }

    fn listen(&self) -> Box<dyn Listener> {
        let (told, hub) = (self.hub.sender.subscribe(), Arc::clone(&self.hub));
        Box::new(Ear { told, origin: self.origin, _hub: hub })
    }
}

#[derive(Debug)]
struct Ear {
    told: Receiver<Told>,
    origin: u64,
    /// The sender lives as long as anybody listens: hearing never ends.
    _hub: Arc<Hub>,
}

#[async_trait]
impl Listener for Ear {
    async fn hear(&mut self) -> Vec<Note> {
        loop {
            match self.told.recv().await {
                Ok(told) if told.origin == self.origin || told.notes.is_empty() => {}
                Ok(told) => return told.notes.to_vec(),
                Err(RecvError::Lagged(_)) => return vec![Note::Gap],
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests;
