//! How the tiers are, for people and reports.

use resilience::State;

use super::Stack;
use crate::{Capability, Tier};

/// How one tier of a stack is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierState {
    /// Its name.
    pub name: String,
    /// What it is and what it can take.
    pub capability: Capability,
    /// It gets all that is written, and gives no answers.
    pub is_shadow: bool,
    /// Whether its breaker lets calls through: `closed`, `open` or `half-open`.
    pub breaker: &'static str,
    /// It has missed removals, and is still to be told of them.
    pub is_owing: bool,
}

impl Stack {
    /// How each tier is, nearest first.
    #[must_use]
    pub fn states(&self) -> Vec<TierState> {
        self.0.levels.iter().map(super::Level::state).collect()
    }
}

impl super::Level {
    fn state(&self) -> TierState {
        TierState {
            name: self.guarded().name().to_owned(),
            capability: self.guarded().capability(),
            is_shadow: self.is_shadow(),
            breaker: match self.guarded().state() {
                State::Closed => "closed",
                State::Open { .. } => "open",
                State::HalfOpen { .. } => "half-open",
            },
            is_owing: self.is_owing(),
        }
    }
}
