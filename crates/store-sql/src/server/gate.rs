//! The gate before a server: shut until its tables are those of this release.

use std::{
    error::Error,
    fmt, io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use crate::limits;

/// Connects and migrates, once.
pub(crate) type Opening = Box<dyn Fn() -> BoxFuture<'static, sqlx::Result<()>> + Send + Sync>;

type Attempt = Shared<BoxFuture<'static, Result<(), Unready>>>;

/// Ends by itself.
type Pause = Shared<BoxFuture<'static, ()>>;

/// Shut at first. Whoever wants to pass takes part in the one attempt to open it, which lives on
/// when he gives up; after a failure it is left alone for a while, and everybody is sent away.
pub(crate) struct Gate {
    opening: Opening,
    is_open: AtomicBool,
    state: Mutex<State>,
}

enum State {
    Shut,
    Opening(Attempt),
    Resting(Pause, Unready),
}

impl Gate {
    pub(crate) fn new(opening: Opening) -> Self {
        Self { opening, is_open: AtomicBool::new(false), state: Mutex::new(State::Shut) }
    }

    /// Waits until it is open, or failed to open.
    pub(crate) async fn open(&self) -> Result<(), Unready> {
        if self.is_open.load(Ordering::Acquire) {
            return Ok(());
        }
        let attempt = self.attempt()?;
        let outcome = attempt.clone().await;
        self.conclude(&attempt, &outcome);
        outcome
    }

    /// The same, for those who only know of the driver's errors.
    pub(crate) async fn pass(&self) -> sqlx::Result<()> {
        let opened = self.open().await;
        opened.map_err(|error| sqlx::Error::Io(io::Error::new(io::ErrorKind::NotConnected, error)))
    }

    fn attempt(&self) -> Result<Attempt, Unready> {
        let mut state = self.state();
        match &*state {
            State::Opening(attempt) => return Ok(attempt.clone()),
            State::Resting(pause, error) if pause.clone().now_or_never().is_none() => {
                return Err(error.clone());
            }
            State::Shut | State::Resting(..) => {}
        }
        let opened = tokio::time::timeout(limits::OPENING_MAX, (self.opening)());
        let opened = opened.map(|outcome| match outcome {
            Ok(outcome) => outcome.map_err(|error| Unready(Arc::new(error))),
            Err(_) => Err(Unready(Arc::new(sqlx::Error::PoolTimedOut))),
        });
        let attempt = opened.boxed().shared();
        *state = State::Opening(attempt.clone());
        Ok(attempt)
    }

    /// The first of those who took part tells the others.
    fn conclude(&self, attempt: &Attempt, outcome: &Result<(), Unready>) {
        let mut state = self.state();
        if !matches!(&*state, State::Opening(current) if current.ptr_eq(attempt)) {
            return;
        }
        *state = match outcome {
            Ok(()) => {
                self.is_open.store(true, Ordering::Release);
                State::Shut
            }
            Err(error) => {
                let pause = tokio::time::sleep(limits::OPENING_PAUSE).boxed().shared();
                State::Resting(pause, error.clone())
            }
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("is_open", &self.is_open).finish_non_exhaustive()
    }
}

/// The gate is shut, and why.
#[derive(Clone, Debug)]
pub(crate) struct Unready(Arc<sqlx::Error>);

impl Unready {
    pub(crate) fn cause(&self) -> &sqlx::Error {
        &self.0
    }
}

impl fmt::Display for Unready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the database could not be opened: {}", self.0)
    }
}

impl Error for Unready {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
