//! Small files in the data directory that are replaced as a whole.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

/// A file that holds one value as JSON; or nothing, where nothing is kept.
#[derive(Debug)]
pub(crate) struct Keeping(Option<PathBuf>);

impl Keeping {
    /// The file of that name in `dir`; nowhere, if that is empty.
    pub(crate) fn of(dir: &Path, name: &str) -> Self {
        Self((!dir.as_os_str().is_empty()).then(|| dir.join(name)))
    }

    /// What it holds. A file that cannot be read is told of and counts as empty: what is kept here
    /// can be found out again.
    pub(crate) fn read<T: DeserializeOwned + Default>(&self) -> T {
        let Some(path) = &self.0 else { return T::default() };
        let read = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return T::default(),
            Err(error) => Err(error),
        };
        read.unwrap_or_else(|error| {
            tracing::warn!(%error, file = %path.display(), "what was kept cannot be read");
            T::default()
        })
    }

    /// Replaces it: a reader, and a run after a sudden end, finds the old or the new, never a part.
    pub(crate) fn write(&self, value: &impl Serialize) {
        let Some(path) = &self.0 else { return };
        let written = serde_json::to_vec_pretty(value).map_err(io::Error::other);
        let written = written.and_then(|bytes| replace(path, &bytes));
        if let Err(error) = written {
            tracing::warn!(%error, file = %path.display(), "what should be kept cannot be written");
        }
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}
