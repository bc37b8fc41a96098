use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use clock::Timestamp;
use tokio::sync::watch;

use super::{Event, Kinds, REMEMBERED_MAX, Severity, Subscription, Switches, What};
use crate::metrics;

/// One who is handed every event before whoever published it goes on.
pub(crate) type Sink = Arc<dyn Fn(&Event) + Send + Sync>;

/// The bus. Clones are the same one; publishing is a short lock and never waits for a subscriber.
#[derive(Clone)]
pub struct Events(pub(super) Arc<Bus>);

pub(super) struct Bus {
    run: u64,
    told: Kinds,
    ring: Mutex<Ring>,
    sink: OnceLock<Sink>,
    /// The place of the newest event; subscribers wait for it to change.
    pub(super) newest: watch::Sender<u64>,
}

/// The latest events, and how many there were before.
#[derive(Default)]
pub(super) struct Ring {
    pub(super) events: VecDeque<Arc<Event>>,
    /// The place of the first that is still there; places count from 1.
    pub(super) first: u64,
    pub(super) is_closed: bool,
}

impl Events {
    /// An empty bus. `run` tells the ids of this run from those of any other: a random number.
    #[must_use]
    pub fn new(run: u64, switches: Switches) -> Self {
        let ring = Mutex::new(Ring { first: 1, ..Ring::default() });
        let (newest, _) = watch::channel(0);
        Self(Arc::new(Bus { run, told: switches.0, ring, sink: OnceLock::new(), newest }))
    }

    /// Tells everybody who listens, unless this kind is switched off.
    pub fn publish(&self, at: Timestamp, what: What) {
        self.put(at, None, what);
    }

    /// As [`Events::publish`], under an id that other instances would give it, too.
    pub fn publish_as(&self, id: impl Into<Arc<str>>, at: Timestamp, what: What) {
        self.put(at, Some(id.into()), what);
    }

    /// Whether events of this kind are told at all: who has to work for one can ask before.
    #[must_use]
    pub fn tells(&self, kind: super::Kind) -> bool {
        self.0.told.has(kind)
    }

    /// What happens from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        let next = self.0.ring().next();
        Subscription::new(Arc::clone(&self.0), next)
    }

    /// What is remembered, then what happens from now on.
    #[must_use]
    pub fn replay(&self) -> Subscription {
        let first = self.0.ring().first;
        Subscription::new(Arc::clone(&self.0), first)
    }

    /// What happened after the event with this [token](Events::token), as far as it is remembered.
    /// What is not is told as lost; so is everything, if the token is of another run.
    #[must_use]
    pub fn replay_after(&self, token: &str) -> Subscription {
        let place = token.split_once('-').filter(|(run, _)| *run == format!("{:x}", self.0.run));
        match place.and_then(|(_, seq)| seq.parse::<u64>().ok()) {
            Some(seq) if seq < self.0.ring().next() => {
                Subscription::new(Arc::clone(&self.0), seq + 1)
            }
            _ => self.replay().after_another_run(),
        }
    }

    /// Where an event stands: what to give to [`Events::replay_after`].
    #[must_use]
    pub fn token(&self, event: &Event) -> String {
        format!("{:x}-{}", self.0.run, event.seq)
    }

    /// Ends all subscriptions, once they have read what is there.
    pub fn close(&self) {
        self.0.ring().is_closed = true;
        self.0.newest.send_modify(|_| {});
    }

    /// Hands every event to `sink`, too, on the publisher's way: it must be quick. Only the first
    /// one is taken.
    pub(crate) fn hand_to(&self, sink: Sink) {
        drop(self.0.sink.set(sink));
    }

    fn put(&self, at: Timestamp, id: Option<Arc<str>>, what: What) {
        if !self.tells(what.kind()) {
            return;
        }
        let event = {
            let mut ring = self.0.ring();
            let seq = ring.next();
            let id = id.unwrap_or_else(|| format!("{:x}-{seq}", self.0.run).into());
            let event = Arc::new(Event { seq, id, at, what });
            ring.push(Arc::clone(&event));
            self.0.newest.send_replace(seq);
            event
        };
        if let Some(sink) = self.0.sink.get() {
            sink(&event);
        }
        metrics::event(event.what.kind());
        log(&event);
    }
}

impl Bus {
    pub(super) fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    /// The place of the next event.
    pub(super) fn next(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    fn push(&mut self, event: Arc<Event>) {
        self.events.push_back(event);
        if self.events.len() > REMEMBERED_MAX {
            self.events.pop_front();
            self.first += 1;
        }
    }
}

/// Into the log, at the level of its severity.
fn log(event: &Event) {
    let kind = event.what.kind().name();
    match event.what.severity() {
        Severity::Detail => tracing::debug!(kind, id = %event.id, told = ?event.what, "event"),
        Severity::Info => tracing::info!(kind, id = %event.id, told = ?event.what, "event"),
        Severity::Warning => tracing::warn!(kind, id = %event.id, told = ?event.what, "event"),
        Severity::Critical => tracing::error!(kind, id = %event.id, told = ?event.what, "event"),
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = self.0.ring().next();
        f.debug_struct("Events").field("next", &next).finish_non_exhaustive()
    }
}
