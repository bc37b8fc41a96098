//! Writes to remote tiers, off the answer's path: a bounded queue and the work that empties it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use metrics::Gauge;
use tokio::sync::Notify;

use super::{Shared, fence::Since, level::Level};
use crate::{
    Entry, Key,
    limits::{WRITE_BEHIND_BATCH_MAX, WRITE_BEHIND_BYTES_MAX},
    metrics::write_behind_bytes,
};

type Items = Vec<(Key, Entry)>;

/// What waits. Takes nothing unless somebody empties it.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
    bytes: Gauge,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    n_bytes: usize,
    is_claimed: bool,
    is_closed: bool,
}

#[derive(Debug)]
struct Job {
    tier: usize,
    items: Items,
    since: Since,
    n_bytes: usize,
}

impl Queue {
    /// Gives the items back if nobody would write them.
    pub(super) fn push(
        &self,
        tier: usize,
        items: Items,
        since: Since,
        levels: &[Level],
    ) -> Result<(), Items> {
        let n_bytes = items.iter().map(|(key, entry)| entry.weight(key)).sum();
        let mut waiting = self.waiting();
        if !waiting.is_claimed || waiting.is_closed {
            return Err(items);
        }
        waiting.n_bytes += n_bytes;
        waiting.jobs.push_back(Job { tier, items, since, n_bytes });
        while waiting.n_bytes > WRITE_BEHIND_BYTES_MAX {
            let Some(oldest) = waiting.pop() else { break };
            levels[oldest.tier].counters().put_dropped.increment(oldest.items.len() as u64);
        }
        self.show(&waiting);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    pub(super) fn close(&self) {
        self.waiting().is_closed = true;
        self.changed.notify_one();
    }

    #[cfg(test)]
    pub(super) fn n_bytes(&self) -> usize {
        self.waiting().n_bytes
    }

    /// The next jobs of one tier as one.
    fn next(&self) -> Next {
        let mut waiting = self.waiting();
        let Some(mut job) = waiting.pop() else {
            return if waiting.is_closed { Next::Ended } else { Next::Empty };
        };
        while waiting.jobs.front().is_some_and(|next| next.joins(&job)) {
            let Some(next) = waiting.pop() else { break };
            job.items.extend(next.items);
            job.since = job.since.min(next.since);
        }
        self.show(&waiting);
        Next::Job(job)
    }

    fn show(&self, waiting: &Waiting) {
        // A gauge is a float; the bound is far below where that matters.
        self.bytes.set(u32::try_from(waiting.n_bytes).unwrap_or(u32::MAX));
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self { waiting: Mutex::default(), changed: Notify::new(), bytes: write_behind_bytes() }
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("n_bytes", &self.waiting().n_bytes).finish_non_exhaustive()
    }
}

impl Waiting {
    fn pop(&mut self) -> Option<Job> {
        let job = self.jobs.pop_front()?;
        self.n_bytes -= job.n_bytes;
        Some(job)
    }
}

impl Job {
    fn joins(&self, other: &Self) -> bool {
        self.tier == other.tier && self.items.len() + other.items.len() <= WRITE_BEHIND_BATCH_MAX
    }
}

enum Next {
    Job(Job),
    Empty,
    Ended,
}

/// The work that empties the queue of a [`Stack`](crate::Stack).
#[derive(Debug)]
pub struct WriteBehind(Arc<Shared>);

impl WriteBehind {
    pub(super) fn claim(shared: &Arc<Shared>) -> Option<Self> {
        let mut waiting = shared.queue.waiting();
        if waiting.is_claimed || waiting.is_closed {
            return None;
        }
        waiting.is_claimed = true;
        Some(Self(Arc::clone(shared)))
    }

    /// Writes until [`Stack::close`](crate::Stack::close), and then what still waits.
    ///
    /// # Cancel safety
    /// Dropped, what waits is lost, which is a loss of copies only; the stack waits for its remote
    /// tiers again.
    pub async fn run(self) {
        loop {
            match self.0.queue.next() {
                Next::Job(job) => self.0.write(job.tier, job.items, job.since).await,
                Next::Empty => self.0.queue.changed.notified().await,
                Next::Ended => return,
            }
        }
    }
}

impl Drop for WriteBehind {
    fn drop(&mut self) {
        let mut waiting = self.0.queue.waiting();
        waiting.is_claimed = false;
        while let Some(job) = waiting.pop() {
            let counters = self.0.levels[job.tier].counters();
            counters.put_dropped.increment(job.items.len() as u64);
        }
        self.0.queue.show(&waiting);
    }
}
