//! Who was removed since when: keeps copies that are under way from bringing removed keys back.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{Entry, Key, Version, limits::FENCE_KEYS_MAX};

/// A point in the order of removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Since(u64);

/// The last removes, numbered from 1, and the version before which each killed. When the list is
/// full the oldest number is forgotten, and whatever is older than that counts as fenced: a copy
/// less, never a dead key alive.
#[derive(Debug, Default)]
pub(super) struct Fences {
    raised: AtomicU64,
    recent: Mutex<Recent>,
}

#[derive(Debug, Default)]
struct Recent {
    order: VecDeque<(u64, Key)>,
    /// The last number of each key in the order, and its greatest fence.
    fences: HashMap<Key, (u64, Version)>,
}

impl Fences {
    /// Now, in the order of removes.
    pub(super) fn since(&self) -> Since {
        Since(self.raised.load(Ordering::Acquire))
    }

    /// Writes down that what is older than `fence` is being removed: before it is.
    pub(super) fn raise(&self, keys: &[Key], fence: Version) {
        let mut recent = self.recent();
        for key in keys {
            let number = self.raised.fetch_add(1, Ordering::AcqRel) + 1;
            recent.push(number, key, fence);
        }
    }

    /// Whether a remove that is remembered has killed what was loaded at that version.
    pub(super) fn cover(&self, key: &Key, version: Version) -> bool {
        self.since() != Since(0)
            && self.recent().fences.get(key).is_some_and(|(_, fence)| version < *fence)
    }

    /// Drops the items that a remove has killed since their load began, and, if removes since that
    /// point have been forgotten, all.
    pub(super) fn retain(&self, items: &mut Vec<(Key, Entry)>, since: Since) {
        if self.since() == Since(0) {
            return;
        }
        let recent = self.recent();
        match recent.order.front() {
            Some((oldest, _)) if *oldest > since.0 + 1 => items.clear(),
            _ => items.retain(|(key, entry)| {
                let fence = recent.fences.get(key);
                fence.is_none_or(|(_, fence)| entry.meta.version >= *fence)
            }),
        }
    }

    /// The keys of the items that [`Fences::retain`] would drop.
    pub(super) fn cut(&self, mut items: Vec<(Key, Entry)>, since: Since) -> Vec<Key> {
        let keys: Vec<Key> = items.iter().map(|(key, _)| key.clone()).collect();
        self.retain(&mut items, since);
        if items.len() == keys.len() {
            return Vec::new();
        }
        keys.into_iter().filter(|key| items.iter().all(|(other, _)| other != key)).collect()
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn push(&mut self, number: u64, key: &Key, fence: Version) {
        if self.order.len() == FENCE_KEYS_MAX
            && let Some((oldest, key)) = self.order.pop_front()
            && self.fences.get(&key).is_some_and(|(number, _)| *number == oldest)
        {
            self.fences.remove(&key);
        }
        self.order.push_back((number, key.clone()));
        let (last, before) = self.fences.entry(key.clone()).or_insert((number, fence));
        *last = number;
        *before = fence.max(*before);
    }
}
