mod age;
mod behind;
mod dead;
mod fence;
mod look;
mod marks;
mod removes;
mod shadow;

use std::{sync::Arc, time::Duration};

use clock::{Clock, ManualClock, Timestamp};

use super::*;
use crate::{Faults, Faulty, MemoryTier, Meta, Tier, Version};

/// A tier in memory that the test can reach, near or far, with faults.
pub(super) type Part = Arc<Faulty<MemoryTier>>;

/// A stack over parts that the test can reach, on a clock that it moves.
pub(super) struct Bench {
    pub(super) stack: Stack,
    pub(super) clock: ManualClock,
    pub(super) parts: Vec<Part>,
}

/// One tier to be: far or near, its faults, its retention in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) is_far: bool,
    pub(super) faults: Faults,
    pub(super) retention_s: u64,
}

pub(super) const NEAR: Plan = Plan { is_far: false, faults: NO_FAULTS, retention_s: 1 << 40 };
pub(super) const FAR: Plan = Plan { is_far: true, ..NEAR };
const NO_FAULTS: Faults = Faults { refused: 0, done_but_refused: 0, lost: 0, hung: 0 };

pub(super) fn start() -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000)
}

pub(super) fn part(name: &str, faults: Faults) -> Part {
    Arc::new(Faulty::new(MemoryTier::new(name, 16 << 20), faults, 1))
}

pub(super) fn bench(plans: &[Plan]) -> Bench {
    let clock = ManualClock::at(start());
    let mut builder = StackBuilder::new(Arc::new(clock.clone()));
    let mut parts = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        let part = part(&format!("tier-{index}"), plan.faults);
        let tier: Arc<dyn Tier> = if plan.is_far {
            Arc::new(crate::Far(Arc::clone(&part)))
        } else {
            Arc::<Faulty<MemoryTier>>::clone(&part)
        };
        let policy = TierPolicy {
            deadline: Duration::from_millis(20),
            retention: Duration::from_secs(plan.retention_s),
            ..TierPolicy::default()
        };
        builder = builder.tier(tier, policy);
        parts.push(part);
    }
    Bench { stack: builder.build(), clock, parts }
}

/// Loaded at `fetched_at`; the body says which version it is.
pub(super) fn entry(version: u16, fetched_at: Timestamp, ttl_s: u64, grace_s: u64) -> Entry {
    let fresh_until = fetched_at.after(Duration::from_secs(ttl_s));
    let meta = Meta {
        version: Version::at(start(), version),
        fetched_at,
        fresh_until,
        usable_until: fresh_until.after(Duration::from_secs(grace_s)),
        ..Meta::default()
    };
    Entry { body: version.to_string().into(), meta }
}

/// The fence of a removal, on the scale of [`entry`].
pub(super) fn fence(version: u16) -> Version {
    Version::at(start(), version)
}

impl Bench {
    pub(super) async fn look(&self, key: &Key) -> Option<Found> {
        self.stack.look(std::slice::from_ref(key), self.clock.now()).await.remove(0)
    }

    pub(super) async fn remove(&self, key: &Key, version: u16) {
        self.stack.remove(std::slice::from_ref(key), fence(version)).await;
    }

    pub(super) fn held(&self, tier: usize, key: &Key) -> Option<Entry> {
        self.parts[tier].inner().peek(key)
    }

    /// Puts into one tier, past the stack.
    pub(super) async fn plant(&self, tier: usize, key: &Key, entry: Entry) {
        self.parts[tier].inner().put_many(&[(key.clone(), entry)]).await.unwrap();
    }

    pub(super) async fn uproot(&self, tier: usize, key: &Key) {
        self.parts[tier].inner().remove_many(std::slice::from_ref(key)).await.unwrap();
    }

    pub(super) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}
