//! How long the calls to one tier take.

use std::{cell::Cell, fmt, sync::Arc, time::Duration};

use metrics::{Histogram, histogram};

use crate::{Ended, Observer, Verb, limits::PEEK_SAMPLE, metrics::CALL_SECONDS};

/// A histogram for each verb, looked up once, and whoever else wants to know.
pub(super) struct Timings {
    by_verb: [Histogram; Verb::ALL.len()],
    observer: Option<Arc<dyn Observer>>,
}

impl Timings {
    pub(super) fn new(tier: &str, observer: Option<Arc<dyn Observer>>) -> Self {
        let of =
            |verb: Verb| histogram!(CALL_SECONDS, "tier" => tier.to_owned(), "verb" => verb.name());
        Self { by_verb: Verb::ALL.map(of), observer }
    }

    pub(super) fn record(&self, verb: Verb, ended: Ended, elapsed: Duration) {
        self.by_verb[verb as usize].record(elapsed.as_secs_f64());
        if let Some(observer) = &self.observer {
            observer.called(verb, ended, elapsed);
        }
    }
}

/// Whether it is the turn of a peek of this thread to be timed: one takes less than timing it does.
pub(super) fn is_turn_of_peek() -> bool {
    thread_local!(static TURN: Cell<u32> = const { Cell::new(0) });
    let turn = TURN.get();
    TURN.set((turn + 1) % PEEK_SAMPLE);
    turn == 0
}

impl fmt::Debug for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timings").field("observer", &self.observer).finish_non_exhaustive()
    }
}
