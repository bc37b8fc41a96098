//! The outbox on disk: one record a line, added as things happen.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{Letter, limits};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Record {
    Put(Letter),
    Done(Arc<str>),
}

#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    file: fs::File,
    n_added: u64,
}

/// What the file holds. A line that a sudden end has torn is left out.
pub(super) fn read(path: &Path) -> io::Result<Vec<Record>> {
    match fs::read(path) {
        Ok(bytes) => {
            let lines = bytes.split(|byte| *byte == b'\n');
            Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

impl File {
    /// A file with exactly these records.
    pub(super) fn write(path: &Path, records: &[Record]) -> io::Result<Self> {
        let beside = path.with_extension("new");
        let mut text = Vec::new();
        for record in records {
            text.extend(line(record)?);
        }
        fs::write(&beside, text)?;
        fs::rename(&beside, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self { path: path.to_owned(), file, n_added: 0 })
    }

    pub(super) fn add(&mut self, record: &Record) -> io::Result<()> {
        let line = line(record)?;
        self.n_added += line.len() as u64;
        self.file.write_all(&line)
    }

    pub(super) const fn has_grown(&self) -> bool {
        self.n_added > limits::FILE_GROWTH_BYTES
    }

    pub(super) fn write_anew(&mut self, records: &[Record]) -> io::Result<()> {
        *self = Self::write(&self.path, records)?;
        Ok(())
    }
}

fn line(record: &Record) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(record).map_err(io::Error::other)?;
    line.push(b'\n');
    Ok(line)
}
