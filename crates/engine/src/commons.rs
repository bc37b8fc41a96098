//! What instances share beside the tiers: who loads a key, and what they tell each other.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cache_tiers::{Backplane, GuardedLeases, Key, Lease, Leases, Note, Version};
use clock::Clock;
use tokio::sync::Notify;

use crate::{entity::Entity, limits};

/// What several instances have in common. Nothing of it is needed: without leases each loads for
/// itself, without a backplane each learns from the shared tiers.
#[derive(Clone, Debug, Default)]
pub struct Commons {
    /// Who loads a key, so that the others need not.
    pub leases: Option<Arc<dyn Leases>>,
    /// What they tell each other.
    pub backplane: Option<Arc<dyn Backplane>>,
    /// How long the store of leases may take to answer before this instance loads for itself;
    /// [`limits::LEASE_DEADLINE`] unless set.
    pub lease_deadline: Option<Duration>,
}

/// The commons, and what this instance remembers for them.
#[derive(Debug)]
pub(crate) struct Common {
    leases: Option<GuardedLeases>,
    backplane: Option<Arc<dyn Backplane>>,
    /// Keys that others load and somebody here waits for, and how many wait.
    followed: Mutex<HashMap<Key, usize>>,
    /// Rung when something was told about a followed key.
    news: Notify,
    /// Entities that cannot be read from their key, by key.
    names: Mutex<HashMap<Key, Entity>>,
}

impl Common {
    pub(crate) fn new(commons: Commons, clock: &Arc<dyn Clock>) -> Self {
        let deadline = commons.lease_deadline.unwrap_or(limits::LEASE_DEADLINE);
        let guarded = |leases| GuardedLeases::new(leases, deadline, Arc::clone(clock));
        Self {
            leases: commons.leases.map(guarded),
            backplane: commons.backplane,
            followed: Mutex::default(),
            news: Notify::new(),
            names: Mutex::default(),
        }
    }

    pub(crate) const fn has_leases(&self) -> bool {
        self.leases.is_some()
    }

    /// Whether no other instance waits for anything of this one.
    pub(crate) const fn is_alone(&self) -> bool {
        self.leases.is_none() && self.backplane.is_none()
    }

    pub(crate) const fn backplane(&self) -> Option<&Arc<dyn Backplane>> {
        self.backplane.as_ref()
    }

    /// Tries to take `keys`; `None` if nobody can be asked in time.
    pub(crate) async fn take(&self, keys: &[Key], proposed: Version) -> Option<Vec<Lease>> {
        self.leases.as_ref()?.take_many(keys, proposed, limits::LEASE_LENGTH).await.ok()
    }

    /// Renews for ever; to be dropped with what it is for.
    pub(crate) async fn renew(&self, held: &[(Key, Version)]) {
        let Some(leases) = self.leases.as_ref().filter(|_| !held.is_empty()) else {
            return std::future::pending().await;
        };
        loop {
            tokio::time::sleep(limits::LEASE_LENGTH / 3).await;
            // What is not renewed ends: somebody else loads it once more, and the fence decides.
            drop(leases.renew_many(held, limits::LEASE_LENGTH).await);
        }
    }

    /// Ends leases. What cannot be told ends by its length.
    pub(crate) async fn release(&self, held: &[(Key, Version)]) {
        let Some(leases) = self.leases.as_ref().filter(|_| !held.is_empty()) else { return };
        drop(leases.release_many(held).await);
    }

    /// Tells the other instances, if that is possible in time.
    pub(crate) async fn tell(&self, notes: &[Note]) {
        let Some(backplane) = self.backplane.as_ref().filter(|_| !notes.is_empty()) else { return };
        drop(tokio::time::timeout(limits::LEASE_DEADLINE, backplane.tell(notes)).await);
    }

    /// While what is given out lives, news about `keys` wake those who wait for [`Common::news`].
    pub(crate) fn follow(&self, keys: Vec<Key>) -> Following<'_> {
        let mut followed = self.followed();
        for key in &keys {
            *followed.entry(key.clone()).or_default() += 1;
        }
        drop(followed);
        Following { common: self, keys }
    }

    /// Something was told about `key`.
    pub(crate) fn ring(&self, key: &Key) {
        if self.followed().contains_key(key) {
            self.news.notify_waiters();
        }
    }

    /// Waits for news, at most that long.
    pub(crate) async fn news(&self, patience: Duration) {
        let waited = tokio::time::timeout(patience, self.news.notified()).await;
        // Either way the caller looks for itself.
        drop(waited);
    }

    /// Remembers whose key it is, where the key does not tell.
    pub(crate) fn remember(&self, key: &Key, entity: &Entity) {
        if self.backplane.is_none() || entity.is_in_its_key() {
            return;
        }
        let mut names = self.names();
        if names.len() >= limits::NAMES_MAX {
            names.clear();
        }
        names.insert(key.clone(), entity.clone());
    }

    /// Whose key it is, if that is known here.
    pub(crate) fn entity_of(&self, key: &Key, namespace: &str) -> Option<Entity> {
        let own = key.as_str().strip_prefix(namespace)?;
        Entity::read(own).or_else(|| self.names().get(key).cloned())
    }

    fn followed(&self) -> MutexGuard<'_, HashMap<Key, usize>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn names(&self) -> MutexGuard<'_, HashMap<Key, Entity>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keys that somebody here waits for.
#[derive(Debug)]
pub(crate) struct Following<'a> {
    common: &'a Common,
    keys: Vec<Key>,
}

impl Drop for Following<'_> {
    fn drop(&mut self) {
        let mut followed = self.common.followed();
        for key in &self.keys {
            if let Some(n) = followed.get_mut(key) {
                *n -= 1;
                if *n == 0 {
                    followed.remove(key);
                }
            }
        }
    }
}
