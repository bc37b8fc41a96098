//! The simulated clock: where it starts, how fast it runs, whether it stands still.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::time::Millis;

/// Simulated time = an anchor + the real time since then × speed.
#[derive(Debug)]
pub(crate) struct SimClock {
    speed: f64,
    state: Mutex<Anchor>,
}

#[derive(Debug, Clone, Copy)]
struct Anchor {
    at_ms: Millis,
    since: Instant,
    is_frozen: bool,
}

impl SimClock {
    /// Starts at `frozen_at` and stands still, or starts at `starts_at` or the real time and runs.
    pub(crate) fn new(speed: f64, frozen_at: Option<Millis>, starts_at: Option<Millis>) -> Self {
        let anchor = Anchor {
            at_ms: frozen_at.or(starts_at).unwrap_or_else(wall_ms),
            since: monotonic(),
            is_frozen: frozen_at.is_some(),
        };
        Self { speed, state: Mutex::new(anchor) }
    }

    pub(crate) fn freeze(&self, is_frozen: bool) {
        self.replace(|anchor| anchor.is_frozen = is_frozen);
    }

    pub(crate) fn set(&self, at_ms: Millis) {
        self.replace(|anchor| anchor.at_ms = at_ms);
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by_ms = Millis::try_from(by.as_millis()).unwrap_or(Millis::MAX / 4);
        self.replace(|anchor| anchor.at_ms = anchor.at_ms.saturating_add(by_ms));
    }

    pub(crate) fn now_ms(&self) -> Millis {
        self.reading(*self.state.lock().expect("no holder of the clock panics"))
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.state.lock().expect("no holder of the clock panics").is_frozen
    }

    fn replace(&self, change: impl FnOnce(&mut Anchor)) {
        let mut anchor = self.state.lock().expect("no holder of the clock panics");
        anchor.at_ms = self.reading(*anchor);
        anchor.since = monotonic();
        change(&mut anchor);
    }

    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a run fit in an i64")]
    fn reading(&self, anchor: Anchor) -> Millis {
        if anchor.is_frozen {
            return anchor.at_ms;
        }
        let elapsed = monotonic().saturating_duration_since(anchor.since).as_secs_f64();
        anchor.at_ms.saturating_add((elapsed * 1000.0 * self.speed) as Millis)
    }
}

#[expect(clippy::disallowed_methods, reason = "the simulator's clock is driven by the real one")]
fn monotonic() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "the simulator's clock starts at the real time")]
fn wall_ms() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
