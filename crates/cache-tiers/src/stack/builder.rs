//! How a stack is put together.

use std::{sync::Arc, time::Duration};

use clock::Clock;

use super::{Shared, Stack, behind::Queue, fence::Fences, level::Level};
use crate::{Guarded, Tier, limits};

/// How the stack treats one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierPolicy {
    /// A call that takes longer is given up: the look goes down, the put is lost.
    pub deadline: Duration,
    /// How long a copy stays here at most; [`Duration::MAX`] leaves it to the entry. It can only
    /// shorten a life.
    pub retention: Duration,
}

impl Default for TierPolicy {
    fn default() -> Self {
        Self { deadline: limits::TIER_DEADLINE, retention: Duration::MAX }
    }
}

/// Puts tiers on each other, nearest first.
#[derive(Debug)]
pub struct StackBuilder {
    clock: Arc<dyn Clock>,
    levels: Vec<Level>,
    names: Vec<String>,
}

impl StackBuilder {
    /// The clock serves the breakers and the retention; a look is told the time.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, levels: Vec::new(), names: Vec::new() }
    }

    /// Below those added before. The tier is guarded: it needs no guard of its own.
    #[must_use]
    pub fn tier(mut self, tier: Arc<dyn Tier>, policy: TierPolicy) -> Self {
        self.names.push(tier.name().to_owned());
        let guarded = Guarded::new(tier, policy.deadline, Arc::clone(&self.clock));
        self.levels.push(Level::new(guarded, policy));
        self
    }

    /// The stack. Without any tier every look misses.
    #[must_use]
    pub fn build(self) -> Stack {
        Stack(Arc::new(Shared {
            levels: self.levels,
            names: self.names,
            clock: self.clock,
            fences: Fences::default(),
            queue: Queue::default(),
        }))
    }
}
