//! One place for a connection: empty, being filled by one for all who wait, or filled.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cache_tiers::{Clock, SystemClock, Timestamp};
use futures_util::future::{BoxFuture, FutureExt as _, Shared};
use redis::{ErrorKind, RedisError, RedisResult};

use super::{Link, Opened, Wire, timed_out, wire};
use crate::limits::{CONNECT_PAUSE_MAX, CONNECT_PAUSE_MIN};

#[derive(Default)]
pub(super) struct Slot(Mutex<State>);

#[derive(Default)]
struct State {
    wire: Option<Wire>,
    opening: Option<Shared<BoxFuture<'static, Opened>>>,
    /// Tells one connection from the next.
    generation: u64,
    /// Attempts to connect that failed since the last that did not.
    n_failed: u32,
    not_before: Option<Timestamp>,
}

impl Slot {
    /// The connection, and which it is. Whoever waits for the same attempt shares its outcome.
    pub(super) async fn wire(&self, link: &Link) -> RedisResult<(Wire, u64)> {
        let (opening, generation) = {
            let mut state = self.state();
            if let Some(wire) = &state.wire {
                return Ok((wire.clone(), state.generation));
            }
            if state.is_resting() {
                return Err(left_alone());
            }
            let generation = state.generation;
            let opening = state.opening.get_or_insert_with(|| open(link));
            (opening.clone(), generation)
        };
        let opened = opening.await;
        self.settle(opened, generation, link)
    }

    pub(super) fn is_open(&self) -> bool {
        self.state().wire.is_some()
    }

    /// Whether it is not to be tried yet.
    pub(super) fn is_resting(&self) -> bool {
        let state = self.state();
        state.wire.is_none() && state.is_resting()
    }

    /// Whether the connection is kept, by what a call on it has come to.
    pub(super) fn judge(&self, generation: u64, error: Option<&RedisError>) {
        let mut state = self.state();
        if state.generation != generation {
            return;
        }
        if error.is_some_and(wire::is_dead) {
            state.wire = None;
            state.generation += 1;
        }
    }

    /// The next call opens another connection.
    pub(super) fn give_up(&self) {
        let mut state = self.state();
        state.wire = None;
        state.generation += 1;
    }

    pub(super) fn close(&self) {
        let mut state = self.state();
        state.wire = None;
        state.generation += 1;
        state.not_before = Some(Timestamp::MAX);
    }

    fn settle(&self, opened: Opened, generation: u64, link: &Link) -> RedisResult<(Wire, u64)> {
        let mut state = self.state();
        let is_first = state.opening.take().is_some();
        match opened {
            Ok(wire) => {
                if is_first
                    && state.generation == generation
                    && state.not_before.is_none_or(is_past)
                {
                    state.wire = Some(wire.clone());
                    (state.n_failed, state.not_before) = (0, None);
                    link.counters.opened.increment(1);
                }
                Ok((wire, generation))
            }
            Err(error) => {
                // Who has closed it wants no further attempt.
                if is_first && state.not_before != Some(Timestamp::MAX) {
                    state.n_failed = state.n_failed.saturating_add(1);
                    state.not_before = Some(SystemClock.now().after(pause(state.n_failed)));
                    link.counters.failed.increment(1);
                }
                Err((*error).clone())
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_resting(&self) -> bool {
        self.not_before.is_some_and(|at| !is_past(at))
    }
}

fn is_past(at: Timestamp) -> bool {
    at <= SystemClock.now()
}

/// Half of it is certain, half is chance.
pub(crate) fn pause(n_failed: u32) -> Duration {
    let grown = CONNECT_PAUSE_MIN.saturating_mul(1 << n_failed.saturating_sub(1).min(16));
    let most = grown.min(CONNECT_PAUSE_MAX);
    let millis = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(fastrand::u64(millis / 2..=millis))
}

fn open(link: &Link) -> Shared<BoxFuture<'static, Opened>> {
    let opener = link.opener();
    async move {
        let opened = tokio::time::timeout(opener.patience(), opener.open());
        opened.await.unwrap_or_else(|_| Err(timed_out())).map_err(Arc::new)
    }
    .boxed()
    .shared()
}

fn left_alone() -> RedisError {
    RedisError::from((ErrorKind::Io, "left alone for a moment after it could not be reached"))
}
