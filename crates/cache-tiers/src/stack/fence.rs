//! Who was removed since when: keeps copies that are under way from bringing removed keys back.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{Entry, Key, limits::FENCE_KEYS_MAX};

/// A point in the order of removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Since(u64);

/// The last removes, numbered from 1. When the list is full the oldest number is forgotten, and
/// whatever is older than that counts as fenced: a copy less, never a dead key alive.
#[derive(Debug, Default)]
pub(super) struct Fences {
    raised: AtomicU64,
    recent: Mutex<VecDeque<(u64, Key)>>,
}

impl Fences {
    /// Now, in the order of removes.
    pub(super) fn since(&self) -> Since {
        Since(self.raised.load(Ordering::Acquire))
    }

    /// Writes down that these keys are being removed: before they are.
    pub(super) fn raise(&self, keys: &[Key]) {
        let mut recent = self.recent();
        for key in keys {
            let number = self.raised.fetch_add(1, Ordering::AcqRel) + 1;
            if recent.len() == FENCE_KEYS_MAX {
                recent.pop_front();
            }
            recent.push_back((number, key.clone()));
        }
    }

    /// Drops the items whose key was removed after that point.
    pub(super) fn retain(&self, items: &mut Vec<(Key, Entry)>, since: Since) {
        if self.since() == since {
            return;
        }
        let recent = self.recent();
        match recent.front() {
            Some((oldest, _)) if *oldest > since.0 + 1 => items.clear(),
            _ => {
                let newer = recent.partition_point(|(number, _)| *number <= since.0);
                items.retain(|(key, _)| recent.range(newer..).all(|(_, other)| other != key));
            }
        }
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<(u64, Key)>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
