//! How a stack is put together.

use std::{sync::Arc, time::Duration};

use clock::Clock;

use super::{Shared, Stack, behind::Queue, fence::Fences, level::Level, marks::Marks};
use crate::{Guarded, Observer, Tier, limits};

/// How the stack treats one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierPolicy {
    /// A call that takes longer is given up: the look goes down, the put is lost.
    pub deadline: Duration,
    /// How long a copy stays here at most; [`Duration::MAX`] leaves it to the entry. It can only
    /// shorten a life.
    pub retention: Duration,
    /// Larger entries, as encoded, are not kept here; `None` leaves it to the tier.
    pub max_value_bytes: Option<usize>,
    /// It gets every fill and every removal, and gives no answer: what looks find elsewhere is
    /// compared with what it holds, counted, and written to it where it lacks it, as long as
    /// somebody runs [`Stack::write_behind`]. So one moves between stores live: add the new one as
    /// a shadow, wait until most of what is compared is the same, and swap.
    pub shadow: bool,
}

impl Default for TierPolicy {
    fn default() -> Self {
        Self {
            deadline: limits::TIER_DEADLINE,
            retention: Duration::MAX,
            max_value_bytes: None,
            shadow: false,
        }
    }
}

/// Puts tiers on each other, nearest first.
#[derive(Debug)]
pub struct StackBuilder {
    clock: Arc<dyn Clock>,
    levels: Vec<Level>,
    names: Vec<String>,
    is_racing: bool,
}

impl StackBuilder {
    /// The clock serves the breakers and the retention; a look is told the time.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, levels: Vec::new(), names: Vec::new(), is_racing: false }
    }

    /// Below those added before. The tier is guarded: it needs no guard of its own.
    #[must_use]
    pub fn tier(self, tier: Arc<dyn Tier>, policy: TierPolicy) -> Self {
        let guarded = Guarded::new(tier, policy.deadline, Arc::clone(&self.clock));
        self.guarded(guarded, policy)
    }

    /// As [`StackBuilder::tier`], with somebody who is told how long its calls take.
    #[must_use]
    pub fn observed_tier(
        self,
        tier: Arc<dyn Tier>,
        policy: TierPolicy,
        observer: Arc<dyn Observer>,
    ) -> Self {
        let guarded = Guarded::new(tier, policy.deadline, Arc::clone(&self.clock));
        self.guarded(guarded.observed_by(observer), policy)
    }

    fn guarded(mut self, tier: Guarded<Arc<dyn Tier>>, policy: TierPolicy) -> Self {
        self.names.push(tier.name().to_owned());
        self.levels.push(Level::new(tier, policy, Arc::clone(&self.clock)));
        self
    }

    /// Whether tiers that are not local are asked at the same time: the first fresh entry of a key
    /// wins, who is late is dropped. Else they are asked in their order, each for what those before
    /// it have not. A race costs every tier every miss, and hides a slow one.
    #[must_use]
    pub const fn race(mut self, is_racing: bool) -> Self {
        self.is_racing = is_racing;
        self
    }

    /// The stack. Without any tier every look misses.
    #[must_use]
    pub fn build(self) -> Stack {
        Stack(Arc::new(Shared {
            queue: Queue::new(self.levels.len()),
            levels: self.levels,
            names: self.names,
            clock: self.clock,
            is_racing: self.is_racing,
            fences: Fences::default(),
            marks: Marks::default(),
        }))
    }
}
