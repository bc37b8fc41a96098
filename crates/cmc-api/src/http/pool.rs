//! A bound on the requests under way, and gauges of how it is used.

use std::sync::atomic::{AtomicUsize, Ordering};

use metrics::{Gauge, gauge};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::metrics::{Counted, POOL_IN_USE, POOL_LIMIT, POOL_WAITING};

/// How the connections are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUsage {
    /// Requests under way.
    pub in_use: usize,
    /// Calls waiting for their turn.
    pub waiting: usize,
    /// The most requests that may be under way.
    pub limit: usize,
}

pub(super) struct Pool {
    permits: Semaphore,
    limit: usize,
    n_waiting: AtomicUsize,
    in_use: Gauge,
    waiting: Gauge,
}

/// A place among the requests under way.
#[must_use = "dropping it gives the place to the next"]
pub(super) struct Slot<'a> {
    _permit: SemaphorePermit<'a>,
    _in_use: Counted,
}

impl Pool {
    pub(super) fn new(limit: usize) -> Self {
        let limit = limit.clamp(1, u32::MAX as usize >> 3);
        gauge!(POOL_LIMIT).set(f64::from(u32::try_from(limit).unwrap_or(u32::MAX)));
        Self {
            permits: Semaphore::new(limit),
            limit,
            n_waiting: AtomicUsize::new(0),
            in_use: gauge!(POOL_IN_USE),
            waiting: gauge!(POOL_WAITING),
        }
    }

    /// Waits for a place; first come, first served.
    pub(super) async fn enter(&self) -> Slot<'_> {
        let waiting = Waiting::among(self);
        let permit = self.permits.acquire().await.expect("the semaphore is never closed");
        drop(waiting);
        Slot { _permit: permit, _in_use: Counted::in_gauge(self.in_use.clone()) }
    }

    pub(super) fn usage(&self) -> PoolUsage {
        PoolUsage {
            in_use: self.limit.saturating_sub(self.permits.available_permits()),
            waiting: self.n_waiting.load(Ordering::Relaxed),
            limit: self.limit,
        }
    }
}

/// One who waits, also counted out if its future is dropped.
struct Waiting<'a> {
    pool: &'a Pool,
    _gauge: Counted,
}

impl<'a> Waiting<'a> {
    fn among(pool: &'a Pool) -> Self {
        pool.n_waiting.fetch_add(1, Ordering::Relaxed);
        Self { pool, _gauge: Counted::in_gauge(pool.waiting.clone()) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.pool.n_waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
