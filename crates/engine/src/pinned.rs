//! What instances keep in common beside entities: short texts under a name, and who is at what.

use std::{future::Future, time::Duration};

use cache_tiers::{Key, Lease};

use crate::{engine::Engine, notes::own_entry};

impl Engine {
    /// Whether other instances see what is pinned here.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.crew.stack.is_shared()
    }

    /// What hangs under `name` where all instances see it, whoever pinned it last. `None`: nothing,
    /// or the shared tiers do not answer.
    pub async fn pinned(&self, name: &str) -> Option<String> {
        let key = self.pin_key(name);
        // Not the copy that this instance holds itself.
        let seen = self.crew.stack.refresh(std::slice::from_ref(&key), self.clock.now()).await;
        let found = seen.into_iter().find_map(|seen| seen.found)?;
        self.crew.versions.observe(found.entry.meta.version);
        String::from_utf8(found.entry.body.to_vec()).ok()
    }

    /// Pins a text for `life`, in place of what hung there. Says whether a shared tier took it.
    pub async fn pin(&self, name: &str, text: String, life: Duration) -> bool {
        let now = self.clock.now();
        let entry = own_entry(text, self.crew.versions.next(now), now, life);
        self.crew.stack.fill_through(&[(self.pin_key(name), entry)]).await
    }

    /// Runs `work` if no other instance is at `name`; `None` if one is. While it runs no other
    /// begins. Where nobody can be asked, each instance works for itself.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it leaves `name` taken for at most [`LEASE_LENGTH`](crate::limits::LEASE_LENGTH).
    pub async fn alone<T: Send>(
        &self,
        name: &str,
        work: impl Future<Output = T> + Send,
    ) -> Option<T> {
        let common = &self.crew.common;
        let key = self.pin_key(name);
        let proposed = self.crew.versions.next(self.clock.now());
        let taken = match common.has_leases() {
            true => common.take(std::slice::from_ref(&key), proposed).await,
            false => None,
        };
        let leases = match taken.and_then(|mut outcomes| outcomes.pop()) {
            Some(Lease::Held { .. }) => return None,
            Some(Lease::Taken { token, .. }) => vec![(key, token)],
            None => Vec::new(),
        };
        let done = tokio::select! {
            done = work => Some(done),
            () = common.renew(&leases) => None,
        };
        common.release(&leases).await;
        done
    }

    /// No entity's key begins like this.
    fn pin_key(&self, name: &str) -> Key {
        Key::new(&format!("{}!{name}", self.crew.namespace))
    }
}
