//! One measurement that stands for many, with the trace that tells more of it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

type Current = dyn Fn() -> Option<u128> + Send + Sync;
type Now = dyn Fn() -> Duration + Send + Sync;

/// Knows in which trace this thread is, and what time it is. Exemplars are made with it.
#[derive(Clone)]
pub struct Traces {
    current: Arc<Current>,
    now: Arc<Now>,
}

impl Traces {
    /// `current` is the id of the trace that the calling thread is in, if that trace is recorded;
    /// `now` is the time since the Unix epoch.
    pub fn new(
        current: impl Fn() -> Option<u128> + Send + Sync + 'static,
        now: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        Self { current: Arc::new(current), now: Arc::new(now) }
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").finish_non_exhaustive()
    }
}

/// A value, and the trace in which it was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) trace: u128,
    pub(crate) value: f64,
    /// Since the Unix epoch.
    pub(crate) at: Duration,
}

impl fmt::Display for Exemplar {
    /// As OpenMetrics writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trace, value, at } = self;
        write!(f, "{{trace_id=\"{trace:032x}\"}} {value} {:.3}", at.as_secs_f64())
    }
}

/// The latest of one series: there is never more than that one.
#[derive(Debug, Default)]
pub(crate) struct Latest(Mutex<Option<Exemplar>>);

impl Latest {
    /// Keeps `value` if this thread is in a trace.
    pub(crate) fn offer(&self, value: f64, traces: &Traces) {
        if let Some(trace) = (traces.current)() {
            let exemplar = Exemplar { trace, value, at: (traces.now)() };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(exemplar);
        }
    }

    #[cfg(feature = "prometheus")]
    pub(crate) fn get(&self) -> Option<Exemplar> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
