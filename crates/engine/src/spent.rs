//! Where the time of an answer went: what each asker saw of the flight that it waited for.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use smallvec::SmallVec;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Waiting for a turn: to depart, for a place among the calls under way, for the minute limit.
    Queue,
    /// Setting up a connection to upstream.
    Connect,
    /// Waiting for upstream's first byte.
    Wait,
    /// Reading its reply.
    Body,
    /// Making entries of it.
    Decode,
    /// Asking the tiers.
    Tier,
    /// Reserving and settling credits.
    Store,
}

/// How long an answer took, by what was waited for. What is in none of them is our own work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Waiting for a turn: for the departure of a flight (company, another instance's lease), for a
    /// place among the calls under way, for the minute limit.
    pub queue: Duration,
    /// Setting up the connection that the call travelled on, where there was none (names, TCP,
    /// TLS); also what could not be set up.
    pub connect: Duration,
    /// From a call's sending to its first byte; earlier attempts with all their parts, and the
    /// pauses between attempts, included.
    pub wait: Duration,
    /// Reading the reply.
    pub body: Duration,
    /// Making sense of it.
    pub decode: Duration,
    /// Asking the tiers.
    pub tier: Duration,
    /// Reserving and settling credits.
    pub store: Duration,
}

impl Spent {
    fn add(&mut self, phase: Phase, length: Duration) {
        let part = match phase {
            Phase::Queue => &mut self.queue,
            Phase::Connect => &mut self.connect,
            Phase::Wait => &mut self.wait,
            Phase::Body => &mut self.body,
            Phase::Decode => &mut self.decode,
            Phase::Tier => &mut self.tier,
            Phase::Store => &mut self.store,
        };
        *part = part.saturating_add(length);
    }

    fn absorb(&mut self, other: &Self) {
        self.add(Phase::Queue, other.queue);
        self.add(Phase::Connect, other.connect);
        self.add(Phase::Wait, other.wait);
        self.add(Phase::Body, other.body);
        self.add(Phase::Decode, other.decode);
        self.add(Phase::Tier, other.tier);
        self.add(Phase::Store, other.store);
    }
}

/// What one asker notes of where its time went. A clone is the same page; two are equal if they are
/// the same.
#[derive(Clone, Debug, Default)]
pub struct Course(Arc<Mutex<Spent>>);

impl Course {
    /// What is noted so far.
    #[must_use]
    pub fn spent(&self) -> Spent {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note(&self, phase: Phase, length: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).add(phase, length);
    }

    pub(crate) fn absorb(&self, spent: &Spent) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).absorb(spent);
    }
}

impl PartialEq for Course {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Course {}

/// What a flight did since its departure, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flown(SmallVec<[(Phase, Duration); 8]>);

impl Flown {
    pub(crate) fn push(&mut self, phase: Phase, length: Duration) {
        if !length.is_zero() {
            self.0.push((phase, length));
        }
    }

    /// What somebody saw of it who waited this long until the landing. Who came before the
    /// departure waited for that first; who came later saw only the end.
    pub(crate) fn seen_within(&self, waited: Duration) -> Spent {
        let mut left = waited;
        let mut seen = Spent::default();
        for (phase, length) in self.0.iter().rev() {
            let part = left.min(*length);
            seen.add(*phase, part);
            left -= part;
        }
        seen.add(Phase::Queue, left);
        seen
    }
}

#[cfg(test)]
mod tests;
