//! How long the calls to each tier take: kept in the monitor, beside the answers and never among
//! them.

use std::{sync::Arc, time::Duration};

use cache_tiers::{Ended, Observer, Verb};
use clock::Clock;
use monitor::{Monitor, Operation, Sketch, Snapshot};

use crate::timeline::{Quantiles, TierLatency};

/// How the operations of tiers are called in the monitor: `tier:redis`.
const PREFIX: &str = "tier:";
/// How the outcomes of asking a tier begin, whatever came of it.
const GET: &str = "get_";

/// Whether it is one of the operations by which tiers are timed; all others are answers.
pub(crate) fn is_tier(operation: &str) -> bool {
    operation.starts_with(PREFIX)
}

/// The times of one tier, with the handles kept: they are recorded on the way of answers.
#[derive(Debug)]
pub(crate) struct TierTimes {
    clock: Arc<dyn Clock>,
    get_found: Operation,
    get_missing: Operation,
    get_failed: Operation,
    put: Operation,
    put_failed: Operation,
    remove: Operation,
    remove_failed: Operation,
}

impl TierTimes {
    pub(crate) fn new(monitor: &Monitor, tier: &str, clock: Arc<dyn Clock>) -> Self {
        let name = format!("{PREFIX}{tier}");
        let of = |outcome| monitor.operation(&name, outcome);
        Self {
            get_found: of("get_found"),
            get_missing: of("get_missing"),
            get_failed: of("get_failed"),
            put: of("put"),
            put_failed: of("put_failed"),
            remove: of("remove"),
            remove_failed: of("remove_failed"),
            clock,
        }
    }

    const fn operation(&self, verb: Verb, ended: Ended) -> &Operation {
        match (verb, ended) {
            (Verb::Get, Ended::Found | Ended::Done) => &self.get_found,
            (Verb::Get, Ended::Missing) => &self.get_missing,
            (Verb::Get, Ended::Failed) => &self.get_failed,
            (Verb::Put, Ended::Failed) => &self.put_failed,
            (Verb::Put, _) => &self.put,
            (Verb::Remove, Ended::Failed) => &self.remove_failed,
            (Verb::Remove, _) => &self.remove,
        }
    }
}

impl Observer for TierTimes {
    fn called(&self, verb: Verb, ended: Ended, elapsed: Duration) {
        self.operation(verb, ended).record(elapsed, self.clock.now().since_epoch());
    }
}

/// How long each of `names` took to say what it holds; those that were not asked are left out.
/// Writing is not in it: nobody waits for that.
pub(crate) fn latencies(snapshot: &Snapshot, names: &[String]) -> Vec<TierLatency> {
    let of = |name: &String| {
        let mut asked = Sketch::default();
        for (operation, outcome, sketch) in snapshot.iter() {
            if operation.strip_prefix(PREFIX) == Some(name) && outcome.starts_with(GET) {
                asked.merge(sketch);
            }
        }
        Some(TierLatency { name: name.clone(), quantiles: Quantiles::of(&asked)? })
    };
    names.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests;
