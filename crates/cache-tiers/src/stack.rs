//! The ordered tiers: look down, fill up.

mod behind;
mod builder;
mod fence;
mod level;
mod marks;
mod owed;
mod read;
mod shadow;
mod state;
mod walk;
mod write;

use std::sync::Arc;

use clock::Clock;

use crate::{Entry, Freshness, Key, Mark, Meta, Version};
use behind::Queue;
use fence::Fences;
use level::Level;
use marks::Marks;

pub use behind::WriteBehind;
pub use builder::{StackBuilder, TierPolicy};
pub use state::TierState;

/// What a look found under one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The best entry that any tier holds, unchanged.
    pub entry: Entry,
    /// Which tier held it: an index into [`Stack::names`].
    pub tier: usize,
    /// What it may be used for; never [`Freshness::Expired`].
    pub freshness: Freshness,
}

/// What a refresh has learned of one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Refreshed {
    /// The best entry that any tier holds, unchanged.
    pub found: Option<Found>,
    /// The newest version that any tier has shown, alive or removed: what is older is dead.
    pub newest: Version,
}

/// The ordered tiers, nearest first. Cheap to clone.
///
/// A tier that fails, hangs or talks nonsense is a miss and a count. No copy between tiers moves
/// the times of an entry, none replaces a newer entry, and none brings back what was removed.
#[derive(Clone, Debug)]
pub struct Stack(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    levels: Vec<Level>,
    names: Vec<String>,
    clock: Arc<dyn Clock>,
    is_racing: bool,
    fences: Fences,
    marks: Marks,
    queue: Queue,
}

impl Stack {
    /// The tiers' names, nearest first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0.names
    }

    /// Whether other instances see what a tier of this stack holds.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.0.levels.iter().any(Level::is_awaited)
    }

    /// Whatever the mark covers is a miss from now on, in every tier; copies of it that are under
    /// way arrive nowhere. Says whether that is new: else a mark that is as strong is known.
    pub fn mark(&self, mark: Mark) -> bool {
        self.0.marks.add(mark)
    }

    /// The marks that are in force, oldest fence first, at most [`MARKS_MAX`]: for an instance that
    /// has just come, and has heard of none.
    ///
    /// [`MARKS_MAX`]: crate::limits::MARKS_MAX
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        self.0.marks.all()
    }

    /// The work that writes to remote tiers behind the answers: to be run by the one who owns the
    /// tasks. There is one; while it lives, fills and copies no longer wait for remote tiers.
    #[must_use]
    pub fn write_behind(&self) -> Option<WriteBehind> {
        WriteBehind::claim(&self.0)
    }

    /// Lets [`WriteBehind::run`] end as soon as everything that waits has been written; from now
    /// on writes wait for remote tiers again.
    pub fn close(&self) {
        self.0.queue.close();
    }
}

impl Shared {
    /// The tiers of which that holds, nearest first.
    fn tiers(&self, holds: impl Fn(&Level) -> bool) -> Vec<usize> {
        (0..self.levels.len()).filter(|&tier| holds(&self.levels[tier])).collect()
    }

    /// Whether an entry that this tier holds is dead, though the tier does not know it.
    fn is_dead(&self, tier: usize, key: &Key, meta: &Meta) -> bool {
        !meta.is_tombstone()
            && (self.marks.cover(key, meta)
                || self.fences.cover(key, meta.version)
                || self.levels[tier].owes(key, meta.version))
    }
}

#[cfg(test)]
mod tests;
