use std::{
    collections::{HashMap, VecDeque},
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use clock::Timestamp;
use serde_json::Value;
use thiserror::Error;

use super::{DAY_MS, FORMAT, MINUTE_MS, MINUTES_A_DAY, days, file_name};

/// What was asked in one minute. A minute may come in several parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minute {
    /// Its first instant.
    pub at: Timestamp,
    /// Questions in canonical form, and how often each was asked.
    pub asked: Vec<(Arc<str>, u64)>,
    /// Requests whose question is not named.
    pub omitted: u64,
}

/// Why the record cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// There is none.
    #[error("{path}: {source}")]
    Read {
        /// Where.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Somebody else wrote it.
    #[error("{path}: format {found}, this version reads up to {FORMAT}")]
    Newer {
        /// Where.
        path: String,
        /// What it says.
        found: u64,
    },
}

/// The minutes of a record, oldest first, read line by line: a long record takes no more memory
/// than its questions.
#[derive(Debug)]
pub struct Minutes {
    folder: PathBuf,
    from: Timestamp,
    until: Timestamp,
    days: VecDeque<i64>,
    open: Option<Open>,
    n_damaged: u64,
}

#[derive(Debug)]
struct Open {
    day: i64,
    path: PathBuf,
    lines: BufReader<File>,
    questions: HashMap<u64, Arc<str>>,
}

/// What a line says.
enum Line {
    Minute(Minute),
    Other,
    End,
}

impl Minutes {
    /// Of the record in `folder`, those that begin at or after `from` and before `until`.
    ///
    /// # Errors
    ///
    /// [`RecordError::Read`]: there is no such folder.
    pub fn read(folder: &Path, from: Timestamp, until: Timestamp) -> Result<Self, RecordError> {
        let days = days(folder).map_err(|source| failed(folder, source))?;
        let last = until.as_millis().saturating_sub(1).div_euclid(DAY_MS);
        let wanted = from.as_millis().div_euclid(DAY_MS)..=last;
        let days = days.into_iter().map(|(day, _)| day).filter(|day| wanted.contains(day));
        let (folder, days) = (folder.to_owned(), days.collect());
        Ok(Self { folder, from, until, days, open: None, n_damaged: 0 })
    }

    /// Lines so far that could not be read, a half one at the end of a day included.
    #[must_use]
    pub const fn n_damaged(&self) -> u64 {
        self.n_damaged
    }

    fn step(&mut self) -> Result<Option<Minute>, RecordError> {
        loop {
            if self.open.is_none() {
                let Some(day) = self.days.pop_front() else { return Ok(None) };
                let path = self.folder.join(file_name(day));
                let file = File::open(&path).map_err(|source| failed(&path, source))?;
                let lines = BufReader::new(file);
                self.open = Some(Open { day, path, lines, questions: HashMap::new() });
            }
            let Some(open) = &mut self.open else { continue };
            match open.line(&mut self.n_damaged)? {
                Line::End => self.open = None,
                Line::Minute(minute) if (self.from..self.until).contains(&minute.at) => {
                    return Ok(Some(minute));
                }
                Line::Minute(_) | Line::Other => {}
            }
        }
    }
}

impl Iterator for Minutes {
    type Item = Result<Minute, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

impl Open {
    fn line(&mut self, n_damaged: &mut u64) -> Result<Line, RecordError> {
        let mut line = Vec::new();
        let read = self.lines.read_until(b'\n', &mut line);
        if read.map_err(|source| failed(&self.path, source))? == 0 {
            return Ok(Line::End);
        }
        let whole = line.ends_with(b"\n");
        let value = serde_json::from_slice::<Value>(&line).ok().filter(|_| whole);
        let Some(value) = value else {
            *n_damaged += 1;
            return Ok(Line::Other);
        };
        if let Some(found) = value["cmcache_demand"].as_u64().filter(|found| *found > FORMAT) {
            return Err(RecordError::Newer { path: self.path.display().to_string(), found });
        }
        if let (Some(number), Some(text)) = (value["q"].as_u64(), value["is"].as_str()) {
            self.questions.insert(number, text.into());
        }
        Ok(value["m"].as_i64().map_or(Line::Other, |minute| self.minute(minute, &value)))
    }

    fn minute(&self, minute: i64, value: &Value) -> Line {
        let minute = self.day.saturating_mul(MINUTES_A_DAY).saturating_add(minute);
        let mut omitted = value["o"].as_u64().unwrap_or(0);
        let mut asked = Vec::new();
        for pair in value["n"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let n = pair[1].as_u64().unwrap_or(0);
            match pair[0].as_u64().and_then(|number| self.questions.get(&number)) {
                Some(text) => asked.push((Arc::clone(text), n)),
                // Its name stood in a line that cannot be read.
                None => omitted += n,
            }
        }
        let at = Timestamp::from_millis(minute.saturating_mul(MINUTE_MS));
        Line::Minute(Minute { at, asked, omitted })
    }
}

fn failed(path: &Path, source: io::Error) -> RecordError {
    RecordError::Read { path: path.display().to_string(), source }
}
