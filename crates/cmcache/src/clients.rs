//! Who may ask: tokens, kept as hashes, and the accounts behind them.
//!
//! Clients stand in the configuration, or in a file beside the books that `cmcache client` changes
//! while the gateway runs. Of two with one name, the configured one counts.

mod file;
mod minute;
mod token;

use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use clock::Timestamp;
use cmc_api::Secret;
use credits::{Client, Clients, Ledger, OpenError, Quota};
use subtle::ConstantTimeEq;

use crate::{StartError, config::Config};

use file::Stamp;
pub use file::{Added, CLIENTS_MAX, ClientEntry, ClientFile, ClientFileError, NAME_BYTES_MAX};
use minute::Minutes;
pub(crate) use token::{Hash, hash};

/// A client that was let in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Caller {
    client: Client,
    minutes: Arc<Minutes>,
}

impl Caller {
    /// Its account and its quota.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Counts a request, and says how many it has made in this minute.
    #[must_use]
    pub fn count(&self, now: Timestamp) -> u64 {
        self.minutes.count(now)
    }

    /// How many requests it has made in this minute.
    #[must_use]
    pub fn n_requests(&self, now: Timestamp) -> u64 {
        self.minutes.read(now)
    }
}

/// All who are known by a token.
#[derive(Debug)]
pub(crate) struct Roster {
    set: Vec<Known>,
    file: Option<ClientFile>,
    /// The state of the file that was read last.
    seen: Mutex<Option<Stamp>>,
    /// Nobody was ever given a token. Beside the door, since every request asks.
    open: AtomicBool,
    now: RwLock<Arc<Door>>,
}

/// Where a client stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    Config,
    File,
}

#[derive(Clone)]
struct Known {
    name: String,
    hash: Hash,
    quota: Quota,
    from: Listed,
}

/// Without the hash: it is nobody's business.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Who is let in at this instant.
type Door = Vec<(Known, Caller)>;

impl Roster {
    /// Reads who there is, and opens their accounts.
    pub(crate) async fn open(
        config: &Config,
        clients: &Clients,
        ledger: &dyn Ledger,
    ) -> Result<Self, StartError> {
        let roster = Self::read(config)?;
        match roster.refresh(config, clients, ledger).await {
            Ok(()) => Ok(roster),
            Err(RosterError::File(error)) => Err(error.into()),
            Err(RosterError::Account(error)) => Err(error.into()),
        }
    }

    /// Reads who there is, without opening their accounts.
    fn read(config: &Config) -> Result<Self, ClientFileError> {
        let quota = |name: &str| config.quotas.get(name).copied().unwrap_or_default();
        let known = |(name, token): (&String, &Secret)| Known {
            name: name.clone(),
            hash: hash(token.expose().as_bytes()),
            quota: quota(name),
            from: Listed::Config,
        };
        let set = config.clients.iter().map(known).collect();
        let file = config.clients_file().map(ClientFile::at);
        if let Some(file) = &file {
            file.read()?;
        }
        let (seen, open, now) = (Mutex::default(), AtomicBool::default(), RwLock::default());
        Ok(Self { set, file, seen, open, now })
    }

    /// Opens and closes accounts as the file says, if it has changed.
    pub(crate) async fn refresh(
        &self,
        config: &Config,
        clients: &Clients,
        ledger: &dyn Ledger,
    ) -> Result<(), RosterError> {
        let stamp = self.file.as_ref().map_or_else(Stamp::default, ClientFile::stamp);
        if *self.seen.lock().unwrap_or_else(PoisonError::into_inner) == Some(stamp) {
            return Ok(());
        }
        let kept = self.file.as_ref().map(ClientFile::read).transpose()?.flatten();
        let is_open = self.set.is_empty() && kept.is_none();
        let mut wanted: BTreeMap<String, Known> = BTreeMap::new();
        for entry in kept.into_iter().flatten() {
            let quota = config.quotas.get(&entry.name).copied().unwrap_or(entry.quota);
            let ClientEntry { name, hash, .. } = entry;
            wanted.insert(name.clone(), Known { name, hash, quota, from: Listed::File });
        }
        wanted.extend(self.set.iter().map(|known| (known.name.clone(), known.clone())));
        self.seat(is_open, wanted, clients, ledger).await?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(stamp);
        Ok(())
    }

    async fn seat(
        &self,
        is_open: bool,
        wanted: BTreeMap<String, Known>,
        clients: &Clients,
        ledger: &dyn Ledger,
    ) -> Result<(), OpenError> {
        let before = self.door();
        let mut callers = Vec::with_capacity(wanted.len());
        for known in wanted.into_values() {
            let client = clients.open(&known.name, known.quota, ledger).await?;
            let earlier = before.iter().find(|(other, _)| other.name == known.name);
            let minutes = earlier.map(|(_, caller)| Arc::clone(&caller.minutes));
            callers.push((known, Caller { client, minutes: minutes.unwrap_or_default() }));
        }
        let gone = before.iter().map(|(known, _)| &known.name);
        let gone: Vec<String> = gone
            .filter(|name| !callers.iter().any(|(known, _)| known.name == **name))
            .cloned()
            .collect();
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(callers);
        self.open.store(is_open, Ordering::Release);
        // Only now: until here their tokens were good.
        gone.iter().for_each(|name| clients.close(name));
        Ok(())
    }

    /// Whether anybody is let in.
    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// Whose token that is. Every known one is compared, so that time tells nothing of which one
    /// came close.
    pub(crate) fn find(&self, key: &[u8]) -> Option<Caller> {
        let hash = hash(key);
        let door = self.door();
        let found = door.iter().fold(None, |found, (known, caller)| {
            if bool::from(known.hash.as_bytes().ct_eq(hash.as_bytes())) {
                Some(caller)
            } else {
                found
            }
        });
        found.cloned()
    }

    /// All of them, by name.
    pub(crate) fn all(&self) -> Vec<(String, Listed, Caller)> {
        let door = self.door();
        let all = door.iter();
        all.map(|(known, caller)| (known.name.clone(), known.from, caller.clone())).collect()
    }

    fn door(&self) -> Arc<Door> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The clients could not be brought up to date; those known before go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RosterError {
    #[error(transparent)]
    File(#[from] ClientFileError),
    #[error("the account of a client cannot be opened: {0}")]
    Account(#[from] OpenError),
}

impl Config {
    /// The file of clients that are added while the gateway runs; none where nothing is kept.
    #[must_use]
    pub fn clients_file(&self) -> Option<PathBuf> {
        if !self.shared.clients.as_os_str().is_empty() {
            return Some(self.shared.clients.clone());
        }
        self.is_kept().then(|| self.data_dir.join(file::NAME))
    }
}

#[cfg(test)]
mod tests;
