//! Finished slots of one series: four rings, each fed by the one below.

use std::collections::VecDeque;
use std::time::Duration;

use crate::histogram::Sketch;
use crate::limits::SLOT_SECS;
use crate::window::Window;

/// One ring: slots of equal length, newest last; empty slots are not stored.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// In slots of the finest ring.
    length: u64,
    /// Finished slots that a window of this ring looks at.
    n_shown: u64,
    /// Finished slots kept: enough for the window and to fill one slot of the next ring.
    n_kept: u64,
}

const SHAPES: [Shape; 4] = [
    Shape { length: 1, n_shown: 6, n_kept: 6 },
    Shape { length: 6, n_shown: 5, n_kept: 10 },
    Shape { length: 60, n_shown: 6, n_kept: 6 },
    Shape { length: 360, n_shown: 24, n_kept: 24 },
];

/// The number of the finest slot that `now` lies in.
pub(crate) const fn slot_of(now: Duration) -> u64 {
    now.as_secs() / SLOT_SECS
}

/// When the window seen from `slot` begins.
pub(crate) const fn beginning_of(window: Window, slot: u64) -> Duration {
    let shape = SHAPES[window as usize];
    let oldest = (slot / shape.length).saturating_sub(shape.n_shown);
    Duration::from_secs(oldest * shape.length * SLOT_SECS)
}

/// The finished slots of a series.
#[derive(Debug, Default)]
pub(crate) struct Rings {
    /// The slot now being recorded into.
    slot: u64,
    rings: [VecDeque<(u64, Sketch)>; 4],
    /// All finished slots ever, without buckets to keep: count and sum for counters.
    finished_count: u64,
    finished_sum: Duration,
}

impl Rings {
    pub(crate) const fn slot(&self) -> u64 {
        self.slot
    }

    /// The slot under recording is finished with `sketch`; `target` is the new one.
    pub(crate) fn advance(&mut self, target: u64, sketch: Sketch) {
        if sketch.count() > 0 {
            self.finished_count = self.finished_count.saturating_add(sketch.count());
            self.finished_sum = self.finished_sum.saturating_add(sketch.sum());
            self.rings[0].push_back((self.slot, sketch));
        }
        for upper in 1..SHAPES.len() {
            self.fold_into(upper, target);
        }
        for (ring, shape) in self.rings.iter_mut().zip(SHAPES) {
            let oldest = (target / shape.length).saturating_sub(shape.n_kept);
            while ring.front().is_some_and(|(slot, _)| *slot < oldest) {
                ring.pop_front();
            }
        }
        self.slot = target;
    }

    /// Everything finished that lies in `window`.
    pub(crate) fn read_into(&self, window: Window, sketch: &mut Sketch) {
        let level = window as usize;
        let shape = SHAPES[level];
        let oldest = (self.slot / shape.length).saturating_sub(shape.n_shown);
        for (_, part) in self.rings[level].iter().filter(|(slot, _)| *slot >= oldest) {
            sketch.merge(part);
        }
        // What the rings below have not yet handed up belongs to the unfinished slot of this one.
        for lower in 0..level {
            for (_, part) in self.unfolded(lower, self.slot) {
                sketch.merge(part);
            }
        }
    }

    /// Count and sum over the whole life of what is finished.
    pub(crate) const fn finished(&self) -> (u64, Duration) {
        (self.finished_count, self.finished_sum)
    }

    /// If `target` lies beyond the upper slot now being filled, that slot is finished.
    fn fold_into(&mut self, upper: usize, target: u64) {
        let length = SHAPES[upper].length;
        let finished = self.slot / length;
        if target / length <= finished {
            return;
        }
        let mut sum = Sketch::default();
        for (_, part) in self.unfolded(upper - 1, self.slot) {
            sum.merge(part);
        }
        if sum.count() > 0 {
            self.rings[upper].push_back((finished, sum));
        }
    }

    /// Slots of ring `lower` that belong to the same slot of the ring above as `slot`.
    fn unfolded(&self, lower: usize, slot: u64) -> impl Iterator<Item = &(u64, Sketch)> {
        let (length, above) = (SHAPES[lower].length, SHAPES[lower + 1].length);
        self.rings[lower].iter().filter(move |(at, _)| at * length / above == slot / above)
    }
}

#[cfg(test)]
mod tests;
