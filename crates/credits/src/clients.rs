mod journal;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
};

use clock::Clock;

use crate::{
    Account, AccountParts, Budget, Client, Credits, Denied, Hold, Journal, Ledger, Meter,
    MeterError, NoJournal, OpenError, Party, Policy, Priority, Purpose, Quota, ShareOf, Splitter,
    Window,
    client::{self, Common, client_account, lock},
};
use journal::EndsOnly;

/// What the accounts of clients are made of.
#[derive(Clone, Debug)]
pub struct ClientsParts {
    /// The account of the key, whose budget they share.
    pub key: Account,
    /// Counts for all of them.
    pub meter: Arc<dyn Meter>,
    /// Remembers their shares until the ledger has them.
    pub journal: Arc<dyn Journal>,
    /// How the meter is asked: as for the key.
    pub policy: Policy,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// The clients of one key, and what they leave to each other. Clones are the same.
///
/// Where parts of the key's budget are reserved, it is divided: each part is an account with a
/// limit, and so is the rest. A client pays out of its own part first and then out of the rest, so
/// that nobody else can use its part up; the parts and the rest together are the key's budget.
#[derive(Clone, Debug)]
pub struct Clients(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: ClientsParts,
    house: Arc<House>,
    known: Mutex<BTreeMap<Arc<str>, Client>>,
    /// Those that are gone, until all of their shares are in the ledger.
    leaving: Mutex<Vec<Client>>,
    splitter: Mutex<Splitter>,
}

/// What all clients have in common.
#[derive(Debug)]
pub(crate) struct House {
    clock: Arc<dyn Clock>,
    /// What is reserved for nobody.
    pub(crate) rest: Account,
    /// Whether anything is reserved for anybody.
    divided: AtomicBool,
    floor: AtomicU8,
}

impl House {
    pub(crate) fn is_divided(&self) -> bool {
        self.divided.load(Ordering::Relaxed)
    }

    pub(crate) fn admits(&self, priority: Priority) -> Result<(), Denied> {
        let floor = self.floor();
        if priority >= floor { Ok(()) } else { Err(client::withheld(floor, self.clock.now())) }
    }

    fn floor(&self) -> Priority {
        let floor = self.floor.load(Ordering::Relaxed);
        Priority::ALL.into_iter().find(|known| *known as u8 == floor).unwrap_or_default()
    }
}

impl Clients {
    /// None yet.
    #[must_use]
    pub fn new(parts: ClientsParts) -> Self {
        let house = Arc::new(House {
            clock: Arc::clone(&parts.clock),
            rest: part_of(&parts, "unreserved"),
            divided: AtomicBool::new(false),
            floor: AtomicU8::new(Priority::Low as u8),
        });
        Self(Arc::new(Inner {
            parts,
            house,
            known: Mutex::default(),
            leaving: Mutex::default(),
            splitter: Mutex::default(),
        }))
    }

    /// The client called `name`, with this quota from now on; a new one goes on where an earlier
    /// run of that name ended.
    ///
    /// # Errors
    /// Without the journal nobody knows what it paid.
    pub async fn open(
        &self,
        name: &str,
        quota: Quota,
        ledger: &dyn Ledger,
    ) -> Result<Client, OpenError> {
        if let Some(client) = self.get(name) {
            client.set_quota(quota);
            self.divide();
            return Ok(client);
        }
        let parts = &self.0.parts;
        let own = AccountParts {
            name: client_account(parts.key.name(), name),
            meter: Arc::clone(&parts.meter),
            journal: Arc::new(EndsOnly(Arc::clone(&parts.journal))),
            budget: quota.budget(parts.key.budget().anchor),
            policy: parts.policy,
            clock: Arc::clone(&parts.clock),
        };
        let own = Account::open_ahead(own, ledger).await?;
        let reserved = part_of(parts, &format!("reserved:{name}"));
        let client = Client::new(name.into(), (own, reserved), quota, Arc::clone(&self.0.house));
        // Of two that open the same one, the first one's is everybody's.
        let client = lock(&self.0.known).entry(name.into()).or_insert(client).clone();
        self.divide();
        self.learn_used().await?;
        Ok(client)
    }

    /// Takes a client from the list. Its calls under way are still booked as its own.
    pub fn close(&self, name: &str) {
        let gone = lock(&self.0.known).remove(name);
        lock(&self.0.leaving).extend(gone);
        self.divide();
    }

    /// The client called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Client> {
        lock(&self.0.known).get(name).cloned()
    }

    /// All of them, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Client> {
        lock(&self.0.known).values().cloned().collect()
    }

    /// From now on only clients of this priority or a higher one may spend; the others get what is
    /// cached. [`Priority::Low`] is everybody.
    pub fn set_floor(&self, floor: Priority) {
        self.0.house.floor.store(floor as u8, Ordering::Relaxed);
    }

    /// The lowest priority that may spend.
    #[must_use]
    pub fn floor(&self) -> Priority {
        self.0.house.floor()
    }

    /// Divides the key's budget anew: after it has changed.
    pub fn divide(&self) {
        let budget = self.0.parts.key.budget();
        let mut left = budget;
        let mut is_divided = false;
        for client in self.all() {
            let quota = client.quota();
            is_divided |= !quota.reserved.is_none();
            let part = |whole: Option<Credits>| whole.map(|whole| quota.reserved.of(whole));
            let own = Budget { minute_calls: None, day: part(budget.day), ..budget };
            let own = Budget { month: part(budget.month), ..own };
            left.day = without(left.day, own.day);
            left.month = without(left.month, own.month);
            client.account().set_budget(quota.budget(budget.anchor));
            client.reserved_account().set_budget(own);
        }
        self.0.house.rest.set_budget(Budget { minute_calls: None, ..left });
        self.0.house.divided.store(is_divided, Ordering::Relaxed);
    }

    /// Tells the parts what was spent before they were counted, and by others. A client is taken to
    /// have used its own part first.
    ///
    /// # Errors
    /// The meter does not answer.
    pub async fn learn_used(&self) -> Result<(), MeterError> {
        if !self.0.house.is_divided() {
            return Ok(());
        }
        let (mut day, mut month) = (Credits::ZERO, Credits::ZERO);
        for client in self.all() {
            let paid = client.usage().await?;
            let part = client.reserved_account();
            let most = |limit: Option<Credits>, used: Credits| limit.map_or(used, |l| l.min(used));
            let budget = part.budget();
            let before = client.reserved_usage().await?;
            let of_day = most(budget.day, paid.day).max(before.day);
            let of_month = most(budget.month, paid.month).max(before.month);
            part.raise(Window::Day, of_day.get()).await?;
            part.raise(Window::Month, of_month.get()).await?;
            day = day.saturating_add(of_day);
            month = month.saturating_add(of_month);
        }
        let all = self.0.parts.key.usage().await?;
        let rest = &self.0.house.rest;
        // First what it knows itself: told after the raise, it would count twice.
        rest.usage().await?;
        rest.raise(Window::Day, all.day.saturating_sub(day).get()).await?;
        rest.raise(Window::Month, all.month.saturating_sub(month).get()).await
    }

    /// Holds `price` for a call that nobody in particular asked for, within what is reserved for
    /// nobody.
    ///
    /// # Errors
    /// [`Denied`]; nothing is held then.
    pub async fn hold_for_house(&self, price: Credits, purpose: &Purpose) -> Result<Hold, Denied> {
        let mut hold = Hold { client: None, common: Common::Undivided, held: Vec::new() };
        if price.is_zero() {
            return Ok(hold);
        }
        let house = &self.0.house;
        house.admits(Priority::Normal)?;
        if house.is_divided() {
            hold.held.push(house.rest.reserve(price, purpose.clone()).await?);
            hold.common = Common::Of(house.rest.clone());
        }
        Ok(hold)
    }

    /// Books the share of a call that is nobody's in particular.
    pub fn book_for_house(&self, share: Credits, purpose: &Purpose, of: ShareOf) {
        if self.0.house.is_divided() && !share.is_zero() {
            self.0.house.rest.charge(share, purpose.clone(), of);
        }
    }

    /// The shares of a charge; see [`Splitter::split`].
    #[must_use]
    pub fn split(&self, charge: Credits, parties: &[(Party, u64)]) -> Vec<Credits> {
        lock(&self.0.splitter).split(charge, parties)
    }

    /// Shares that wait for the ledger.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.everybody().iter().map(|client| client.account().n_waiting()).sum()
    }

    /// Writes the shares that wait into `ledger`, and reads there what is still to be read.
    ///
    /// # Errors
    /// As [`Account::catch_up`]; nothing is lost.
    pub async fn catch_up(&self, ledger: &dyn Ledger) -> Result<usize, OpenError> {
        self.0.house.rest.sweep().await;
        self.0.house.rest.forget_postings();
        let mut n_written = 0;
        for client in self.everybody() {
            n_written += client.catch_up(ledger).await?;
        }
        lock(&self.0.leaving).retain(|client| !client.is_forgotten());
        Ok(n_written)
    }

    /// Gives back what is leased ahead.
    pub async fn give_back(&self) {
        for client in self.everybody() {
            client.account().give_back().await;
            client.reserved_account().give_back().await;
        }
        self.0.house.rest.give_back().await;
    }

    fn everybody(&self) -> Vec<Client> {
        let mut all = self.all();
        all.extend(lock(&self.0.leaving).iter().cloned());
        all
    }
}

/// An account for a part of the key's budget: its spending is on record elsewhere.
fn part_of(parts: &ClientsParts, what: &str) -> Account {
    Account::new(AccountParts {
        name: format!("{}/{what}", parts.key.name()).into(),
        meter: Arc::clone(&parts.meter),
        journal: Arc::new(NoJournal),
        budget: Budget { minute_calls: None, ..parts.key.budget() },
        policy: parts.policy,
        clock: Arc::clone(&parts.clock),
    })
}

fn without(left: Option<Credits>, part: Option<Credits>) -> Option<Credits> {
    Some(left?.saturating_sub(part.unwrap_or_default()))
}

#[cfg(test)]
mod tests;
