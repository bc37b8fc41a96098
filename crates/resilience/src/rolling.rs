//! Two counters over a rolling window, in ten slots.

use std::time::Duration;

const N_SLOTS: u32 = 10;

/// What was counted in a slot, or in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) all: u64,
    pub(crate) marked: u64,
}

/// Counts of the last `window`, exact to a tenth of it.
#[derive(Debug, Clone)]
pub(crate) struct Rolling {
    slot_length: Duration,
    slots: [Counts; N_SLOTS as usize],
    /// The number of the newest slot since the origin of time.
    newest: u128,
}

impl Rolling {
    pub(crate) fn new(window: Duration) -> Self {
        let slot_length = (window / N_SLOTS).max(Duration::from_nanos(1));
        Self { slot_length, slots: Default::default(), newest: 0 }
    }

    pub(crate) fn add(&mut self, now: Duration, all: u64, marked: u64) {
        self.advance(now);
        let slot = &mut self.slots[Self::place(self.newest)];
        slot.all = slot.all.saturating_add(all);
        slot.marked = slot.marked.saturating_add(marked);
    }

    pub(crate) fn sum(&mut self, now: Duration) -> Counts {
        self.advance(now);
        self.slots.iter().fold(Counts::default(), |sum, slot| Counts {
            all: sum.all.saturating_add(slot.all),
            marked: sum.marked.saturating_add(slot.marked),
        })
    }

    pub(crate) fn clear(&mut self) {
        self.slots = Default::default();
    }

    /// A clock that steps back stays in the newest slot, so nothing counted is forgotten early.
    fn advance(&mut self, now: Duration) {
        let target = now.as_nanos() / self.slot_length.as_nanos();
        if target.saturating_sub(self.newest) >= u128::from(N_SLOTS) {
            self.clear();
            self.newest = target;
        }
        while self.newest < target {
            self.newest += 1;
            self.slots[Self::place(self.newest)] = Counts::default();
        }
    }

    fn place(slot: u128) -> usize {
        usize::try_from(slot % u128::from(N_SLOTS)).expect("a remainder below ten fits")
    }
}

#[cfg(test)]
mod tests;
