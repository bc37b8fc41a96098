use std::{fmt, sync::Arc};

use tokio::sync::watch;

use super::{Event, Kind, Kinds, bus::Bus};
use crate::metrics;

/// One who listens.
pub struct Subscription {
    bus: Arc<Bus>,
    newest: watch::Receiver<u64>,
    next: u64,
    only: Kinds,
    is_from_another_run: bool,
}

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Something happened.
    Event(Arc<Event>),
    /// Events, of whatever kind, that were forgotten before this subscriber read them. `None`: it
    /// cannot be told how many, since the last one that it knew is of another run.
    Lost(Option<u64>),
}

/// What is there without waiting.
enum Look {
    Heard(Heard),
    Nothing,
    Closed,
}

impl Subscription {
    pub(super) fn new(bus: Arc<Bus>, next: u64) -> Self {
        let newest = bus.newest.subscribe();
        Self { bus, newest, next, only: Kinds::ALL, is_from_another_run: false }
    }

    /// Says first that something was lost.
    pub(super) fn after_another_run(mut self) -> Self {
        self.is_from_another_run = true;
        self
    }

    /// Hears only of these kinds.
    #[must_use]
    pub fn only(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        self.only = Kinds::of(kinds);
        self
    }

    /// The next thing to hear; `None` when the bus has been closed. May be dropped at any await:
    /// nothing is lost by it.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            // Before the look: what comes after it will be seen as a change.
            self.newest.mark_unchanged();
            match self.look() {
                Look::Heard(heard) => return Some(heard),
                Look::Closed => return None,
                Look::Nothing => self.newest.changed().await.ok()?,
            }
        }
    }

    fn look(&mut self) -> Look {
        if std::mem::take(&mut self.is_from_another_run) {
            return Look::Heard(Heard::Lost(None));
        }
        let ring = self.bus.ring();
        if self.next < ring.first {
            let n_lost = ring.first - self.next;
            self.next = ring.first;
            metrics::events_lost(n_lost);
            return Look::Heard(Heard::Lost(Some(n_lost)));
        }
        let skip = usize::try_from(self.next - ring.first).unwrap_or(usize::MAX);
        let wanted = ring.events.iter().skip(skip).find(|e| self.only.has(e.what.kind()));
        match wanted {
            Some(event) => {
                self.next = event.seq + 1;
                Look::Heard(Heard::Event(Arc::clone(event)))
            }
            None => {
                self.next = ring.next();
                if ring.is_closed { Look::Closed } else { Look::Nothing }
            }
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("next", &self.next)
            .field("only", &self.only)
            .finish_non_exhaustive()
    }
}
