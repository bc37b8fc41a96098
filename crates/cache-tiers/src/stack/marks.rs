//! The marks that are in force.

use std::sync::{
    PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use crate::{Key, Mark, Meta, Scope, limits::MARKS_MAX};

/// At most [`MARKS_MAX`] marks. An entry newer than all of them is told by one atomic load.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The greatest fence, as bits; 0 without marks.
    top: AtomicU64,
    list: RwLock<Vec<Mark>>,
}

impl Marks {
    /// Whether an entry of that key and meta is dead by one of them.
    pub(super) fn cover(&self, key: &Key, meta: &Meta) -> bool {
        if meta.version.to_bits() >= self.top.load(Ordering::Acquire) {
            return false;
        }
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
        list.iter().any(|mark| mark.covers(key, meta))
    }

    /// Says whether it covers anything that those before it do not.
    pub(super) fn add(&self, mark: Mark) -> bool {
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        if list.iter().any(|known| known.includes(&mark)) {
            return false;
        }
        list.retain(|known| !mark.includes(known));
        let place = list.partition_point(|known| known.fence <= mark.fence);
        list.insert(place, mark);
        while list.len() > MARKS_MAX {
            join_oldest(&mut list);
        }
        let top = list.last().map_or(0, |mark| mark.fence.to_bits());
        self.top.store(top, Ordering::Release);
        true
    }

    pub(super) fn all(&self) -> Vec<Mark> {
        self.list.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The two oldest become one that covers everything: more is forgotten than was asked for, but
/// never less. The list is in the order of fences.
fn join_oldest(list: &mut Vec<Mark>) {
    let fence = list[1].fence;
    let joint = Mark { scope: Scope::Prefix(String::new()), fence };
    list.retain(|known| !joint.includes(known));
    list.insert(0, joint);
}
