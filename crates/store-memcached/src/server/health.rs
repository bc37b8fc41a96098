//! Whether a server is worth asking: it rests after failures in a row, and then is tried by one.

use std::time::Duration;

use crate::limits::{SERVER_FAILURES_TO_REST, SERVER_REST};

/// What is remembered of a server's answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Health {
    n_failed: u32,
    has_answered: bool,
    /// Counted from whatever all instants here are counted from.
    rests_until: Option<Duration>,
}

/// Whether to ask now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Ask.
    Ask,
    /// Do not.
    Rest,
}

impl Health {
    /// The last exchange went well.
    pub(super) const fn is_alive(&self) -> bool {
        self.has_answered && self.n_failed == 0
    }

    pub(super) const fn is_resting(&self) -> bool {
        self.n_failed >= SERVER_FAILURES_TO_REST
    }

    /// After a rest one asks, and the others wait for what it finds.
    pub(super) fn turn(&mut self, now: Duration) -> Turn {
        if !self.is_resting() {
            return Turn::Ask;
        }
        if self.rests_until.is_some_and(|until| now < until) {
            return Turn::Rest;
        }
        self.rests_until = Some(now + SERVER_REST);
        Turn::Ask
    }

    /// Says whether that ended a rest.
    pub(super) const fn went_well(&mut self) -> bool {
        let was_resting = self.is_resting();
        self.n_failed = 0;
        self.has_answered = true;
        was_resting
    }

    /// Says whether that began a rest.
    pub(super) fn went_wrong(&mut self, now: Duration) -> bool {
        let was_resting = self.is_resting();
        self.n_failed = self.n_failed.saturating_add(1);
        if self.is_resting() {
            self.rests_until = Some(now + SERVER_REST);
        }
        self.is_resting() && !was_resting
    }
}

#[cfg(test)]
mod tests;
