//! Writes to remote tiers, off the answer's path: the work that empties the queue.

mod queue;

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::time::timeout;

use super::Shared;
use crate::limits::OWED_PAUSE;
use queue::Next;

pub(super) use queue::Queue;

/// The work that empties the queue of a [`Stack`](crate::Stack).
#[derive(Debug)]
pub struct WriteBehind(Arc<Shared>);

impl WriteBehind {
    pub(super) fn claim(shared: &Arc<Shared>) -> Option<Self> {
        shared.queue.claim().then(|| Self(Arc::clone(shared)))
    }

    /// Writes until [`Stack::close`](crate::Stack::close), and then what still waits. Each tier
    /// has a lane of its own, so that a slow one holds up no other; and is told of removals that it
    /// has missed as soon as it can be reached.
    ///
    /// # Cancel safety
    /// Dropped, what waits is lost, which is a loss of copies only; the stack waits for its remote
    /// tiers again.
    pub async fn run(self) {
        let lanes = (0..self.0.levels.len()).map(|tier| self.0.empty_lane(tier));
        join_all(lanes).await;
    }
}

impl Drop for WriteBehind {
    fn drop(&mut self) {
        self.0.queue.release(&self.0.levels);
    }
}

impl Shared {
    async fn empty_lane(&self, tier: usize) {
        let level = &self.levels[tier];
        loop {
            // Before any put: removals are not to wait behind copies.
            while level.recover().await {}
            match self.queue.next(tier) {
                Next::Puts(items, since) => {
                    self.write(tier, items, since).await;
                }
                Next::Sightings(sightings) => self.compare(tier, sightings).await,
                Next::Empty if level.is_owing() => {
                    // What it waits for is the time; that something comes is as good.
                    let _is_late = timeout(OWED_PAUSE, self.queue.changed(tier)).await.is_err();
                }
                Next::Empty => self.queue.changed(tier).await,
                Next::Ended => return,
            }
        }
    }
}
