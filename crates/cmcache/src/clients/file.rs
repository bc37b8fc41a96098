//! The file of clients: names, hashes and quotas, never a token.
//!
//! It is replaced as a whole, under a lock, so that a reader sees the old list or the new one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use clock::Timestamp;
use cmc_api::Secret;
use credits::{Part, Quota};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::token::{self, Hash};

/// Its name in the data directory.
pub(super) const NAME: &str = "clients.toml";
/// Clients in one file: every request is compared with all of them.
pub const CLIENTS_MAX: usize = 1_024;
/// Longest name, in bytes: it is part of the name of an account.
pub const NAME_BYTES_MAX: usize = 64;
/// Only its owner reads it.
const MODE: u32 = 0o600;

/// The file of clients.
#[derive(Clone, Debug)]
pub struct ClientFile {
    path: PathBuf,
}

/// One client, as it is kept.
#[derive(Clone, Debug)]
pub struct ClientEntry {
    /// Its name.
    pub name: String,
    /// Since when.
    pub created: Timestamp,
    /// What it may do.
    pub quota: Quota,
    pub(crate) hash: Hash,
}

/// A client that was added. Its token is shown here and nowhere else, ever.
#[derive(Debug)]
pub struct Added {
    /// The client.
    pub entry: ClientEntry,
    /// What it has to send.
    pub token: Secret,
}

/// Why the file of clients cannot be read or changed.
#[derive(Debug, Error)]
pub enum ClientFileError {
    /// The system does not let us.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It is not as it was written.
    #[error("{path}: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// There is one of that name.
    #[error("there is a client `{0}` already")]
    Taken(String),
    /// There is none of that name.
    #[error("there is no client `{0}`")]
    Unknown(String),
    /// It cannot be a name.
    #[error("a client's name has 1 to {NAME_BYTES_MAX} letters, digits, `.`, `_` or `-`")]
    Name,
    /// Too many.
    #[error("there are {CLIENTS_MAX} clients already")]
    Full,
    /// More is reserved than there is.
    #[error("more than the whole budget would be reserved: {0} already is")]
    Reserved(Part),
    /// No token can be made.
    #[error("the system has no randomness: {0}")]
    Chance(#[source] io::Error),
}

/// Tells one state of the file from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp(Option<(u64, u64, i64, i64)>);

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    client: Vec<WrittenClient>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClient {
    name: String,
    hash: String,
    created: String,
    #[serde(default)]
    quota: Quota,
}

impl ClientFile {
    /// The file at `path`, which need not be there yet.
    #[must_use]
    pub const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everybody in it, in the order in which they came; `None` if there is no file.
    ///
    /// # Errors
    ///
    /// [`ClientFileError`]
    pub fn read(&self) -> Result<Option<Vec<ClientEntry>>, ClientFileError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.io(error)),
        };
        let written: Written =
            toml::from_str(&text).map_err(|error| self.unreadable(error.message()))?;
        written
            .client
            .into_iter()
            .map(|client| self.entry(client))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Adds a client, and makes its token.
    ///
    /// # Errors
    ///
    /// [`ClientFileError`]; nothing has changed then.
    pub fn add(&self, name: &str, quota: Quota, now: Timestamp) -> Result<Added, ClientFileError> {
        if !is_name(name) {
            return Err(ClientFileError::Name);
        }
        let token = token::fresh().map_err(ClientFileError::Chance)?;
        let hash = token::hash(token.expose().as_bytes());
        let entry = ClientEntry { name: name.to_owned(), created: now, quota, hash };
        self.change(|all| {
            if all.iter().any(|other| other.name == name) {
                return Err(ClientFileError::Taken(name.to_owned()));
            }
            if all.len() >= CLIENTS_MAX {
                return Err(ClientFileError::Full);
            }
            let reserved: u32 = all.iter().map(|other| u32::from(other.quota.reserved.get())).sum();
            if reserved + u32::from(quota.reserved.get()) > u32::from(Part::WHOLE.get()) {
                let reserved = u16::try_from(reserved).unwrap_or(Part::WHOLE.get());
                return Err(ClientFileError::Reserved(Part::permille(reserved)));
            }
            all.push(entry.clone());
            Ok(())
        })?;
        Ok(Added { entry, token })
    }

    /// Takes a client out; its token is refused from then on.
    ///
    /// # Errors
    ///
    /// [`ClientFileError`]; nothing has changed then.
    pub fn revoke(&self, name: &str) -> Result<(), ClientFileError> {
        self.change(|all| {
            let before = all.len();
            all.retain(|client| client.name != name);
            match all.len() < before {
                true => Ok(()),
                false => Err(ClientFileError::Unknown(name.to_owned())),
            }
        })
    }

    /// Tells its present state from another.
    pub(super) fn stamp(&self) -> Stamp {
        let state = fs::metadata(&self.path).ok();
        Stamp(state.map(|state| (state.ino(), state.size(), state.mtime(), state.mtime_nsec())))
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Vec<ClientEntry>) -> Result<(), ClientFileError>,
    ) -> Result<(), ClientFileError> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| self.io(error))?;
        }
        // Held until it is dropped.
        let lock = private(&self.beside("lock")).map_err(|error| self.io(error))?;
        lock.lock().map_err(|error| self.io(error))?;
        let mut all = self.read()?.unwrap_or_default();
        change(&mut all)?;
        self.write(&all).map_err(|error| self.io(error))
    }

    fn write(&self, all: &[ClientEntry]) -> io::Result<()> {
        let client = all.iter().map(|entry| WrittenClient {
            name: entry.name.clone(),
            hash: entry.hash.to_hex(),
            created: entry.created.to_string(),
            quota: entry.quota,
        });
        let written = Written { client: client.collect() };
        let text = toml::to_string(&written).map_err(io::Error::other)?;
        let fresh = self.beside("new");
        let mut file = private(&fresh)?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)
    }

    fn entry(&self, written: WrittenClient) -> Result<ClientEntry, ClientFileError> {
        let WrittenClient { name, hash, created, quota } = written;
        if !is_name(&name) {
            return Err(self.unreadable("a client's name is none"));
        }
        let hash = Hash::from_hex(&hash).ok_or_else(|| self.unreadable("a hash is none"))?;
        let created = Timestamp::parse(&created);
        let created = created.ok_or_else(|| self.unreadable("an instant is none"))?;
        Ok(ClientEntry { name, created, quota, hash })
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".");
        name.push(ending);
        name.into()
    }

    fn io(&self, source: io::Error) -> ClientFileError {
        ClientFileError::Io { path: self.path.display().to_string(), source }
    }

    fn unreadable(&self, why: &str) -> ClientFileError {
        let path = self.path.display().to_string();
        ClientFileError::Unreadable { path, why: why.trim().to_owned() }
    }
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(MODE).open(path)
}

fn is_name(name: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(is_fit)
}

#[cfg(test)]
mod tests;
