use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use clock::Timestamp;

use crate::{
    Account, Credits, Denied, Ledger, MeterError, OpenError, Priority, Purpose, Quota, Reservation,
    ShareOf, Usage, clients::House,
};

/// The account of the client called `name` below the key's account: under this name its shares are
/// in the ledger.
#[must_use]
pub fn client_account(key: &str, name: &str) -> Arc<str> {
    format!("{key}{CLIENT}{name}").into()
}

/// The client whose `account` that is, if it is one's below the key's account.
#[must_use]
pub fn client_of<'a>(key: &str, account: &'a str) -> Option<&'a str> {
    account.strip_prefix(key)?.strip_prefix(CLIENT)
}

const CLIENT: &str = "/client:";

/// Who asks, and pays its share: an account with a quota. Clones are the same client.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    house: Arc<House>,
    /// All that it paid.
    own: Account,
    /// Of this, what came out of the part that is reserved for it.
    reserved: Account,
    quota: Mutex<Quota>,
    /// Its use when somebody looked last.
    seen: Mutex<Usage>,
}

/// Out of which part of the key's budget something is paid.
#[derive(Clone, Debug)]
pub(crate) enum Common {
    /// Nothing is reserved for anybody.
    Undivided,
    /// What is reserved for a client, or what is reserved for nobody.
    Of(Account),
}

/// The most that the share of one who asks may become, held for as long as its calls are under
/// way; dropped, it is given back. What the share is in the end is [booked](Hold::book) beside it.
#[must_use = "dropped, nothing is held"]
#[derive(Debug)]
pub struct Hold {
    pub(crate) client: Option<Client>,
    pub(crate) common: Common,
    pub(crate) held: Vec<Reservation>,
}

impl Client {
    pub(crate) fn new(
        name: Arc<str>,
        (own, reserved): (Account, Account),
        quota: Quota,
        house: Arc<House>,
    ) -> Self {
        let (quota, seen) = (Mutex::new(quota), Mutex::default());
        Self(Arc::new(Inner { name, house, own, reserved, quota, seen }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// What it may do.
    #[must_use]
    pub fn quota(&self) -> Quota {
        *lock(&self.0.quota)
    }

    /// Its account, with all that it paid.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.0.own
    }

    /// What it used, at this instant.
    ///
    /// # Errors
    /// The meter does not answer.
    pub async fn usage(&self) -> Result<Usage, MeterError> {
        let usage = self.0.own.usage().await?;
        *lock(&self.0.seen) = usage;
        Ok(usage)
    }

    /// What it had used when [`Client::usage`] was asked last: for those who cannot wait.
    #[must_use]
    pub fn seen(&self) -> Usage {
        *lock(&self.0.seen)
    }

    /// Holds `price`, the most that a share may become, within the quota, the part reserved for
    /// this client, and what is reserved for nobody.
    ///
    /// # Errors
    /// [`Denied`]; nothing is held then.
    ///
    /// # Cancel safety
    /// A future dropped half-way holds nothing.
    pub async fn hold(&self, price: Credits, purpose: &Purpose) -> Result<Hold, Denied> {
        let mut hold =
            Hold { client: Some(self.clone()), common: Common::Undivided, held: Vec::new() };
        if price.is_zero() {
            return Ok(hold);
        }
        self.0.house.admits(self.quota().priority)?;
        hold.held.push(self.0.own.reserve(price, purpose.clone()).await?);
        if !self.0.house.is_divided() {
            return Ok(hold);
        }
        let own_part = !self.quota().reserved.is_none();
        if own_part && let Ok(held) = self.0.reserved.reserve(price, purpose.clone()).await {
            hold.held.push(held);
            hold.common = Common::Of(self.0.reserved.clone());
            return Ok(hold);
        }
        hold.held.push(self.0.house.rest.reserve(price, purpose.clone()).await?);
        hold.common = Common::Of(self.0.house.rest.clone());
        Ok(hold)
    }

    /// What was paid out of the reserved part, with what is held of it.
    pub(crate) async fn reserved_usage(&self) -> Result<Usage, MeterError> {
        self.0.reserved.usage().await
    }

    pub(crate) fn reserved_account(&self) -> &Account {
        &self.0.reserved
    }

    pub(crate) fn set_quota(&self, quota: Quota) {
        *lock(&self.0.quota) = quota;
    }

    /// Whether only its list still knows of it, and nothing of it waits.
    pub(crate) fn is_forgotten(&self) -> bool {
        Arc::strong_count(&self.0) == 1 && self.0.own.n_waiting() == 0
    }

    /// Writes what waits into `ledger`, and reads there what is still to be read.
    pub(crate) async fn catch_up(&self, ledger: &dyn Ledger) -> Result<usize, OpenError> {
        self.0.reserved.sweep().await;
        self.0.reserved.forget_postings();
        let n_written = self.0.own.catch_up(ledger).await?;
        self.usage().await?;
        Ok(n_written)
    }
}

impl Hold {
    /// For whom.
    #[must_use]
    pub const fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// Books a share of a call. Written down at once; nothing is awaited.
    pub fn book(&self, share: Credits, purpose: &Purpose, of: ShareOf) {
        if share.is_zero() {
            return;
        }
        if let Some(client) = &self.client {
            client.0.own.charge(share, purpose.clone(), of);
        }
        if let Common::Of(account) = &self.common {
            account.charge(share, purpose.clone(), of);
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.held.drain(..).for_each(Reservation::give_back);
    }
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Client {}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("name", &self.0.name)
            .field("quota", &self.quota())
            .finish_non_exhaustive()
    }
}

pub(crate) fn withheld(floor: Priority, now: Timestamp) -> Denied {
    Denied::Withheld { floor, retry_at: now.after(crate::limits::WITHHELD_FOR) }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
