//! Writes exchanges to the end of a file.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::{Exchange, RecordingError};
use crate::core::Arrival;
use crate::reply::Reply;
use crate::time::Millis;

/// Off until it is given a file; then every exchange is one line of it.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    /// So that nobody waits while nothing is recorded.
    is_on: AtomicBool,
    tape: Mutex<Option<Tape>>,
}

#[derive(Debug)]
struct Tape {
    file: File,
    report: RecordReport,
}

/// What is recorded, as control prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RecordReport {
    file: String,
    pub(super) exchanges: u64,
    /// Why nothing is written any more.
    failure: Option<String>,
}

impl Recorder {
    /// Records to the end of this file from now on.
    pub(crate) fn start(&self, path: &Path) -> Result<(), RecordingError> {
        let name = path.display().to_string();
        let opened = File::options().append(true).create(true).open(path);
        let file = opened.map_err(|error| RecordingError::File {
            file: name.clone(),
            reason: error.to_string(),
        })?;
        let report = RecordReport { file: name, exchanges: 0, failure: None };
        *self.lock() = Some(Tape { file, report });
        self.is_on.store(true, Ordering::Release);
        Ok(())
    }

    pub(crate) fn stop(&self) {
        self.is_on.store(false, Ordering::Release);
        *self.lock() = None;
    }

    pub(crate) fn report(&self) -> Option<RecordReport> {
        self.lock().as_ref().map(|tape| tape.report.clone())
    }

    pub(crate) fn note(&self, arrival: &Arrival<'_>, now: Millis, reply: &Reply) {
        if !self.is_on.load(Ordering::Acquire) {
            return;
        }
        let exchange = Exchange::new(arrival, now, reply);
        let mut line = serde_json::to_vec(&exchange).expect("exchanges have string keys only");
        line.push(b'\n');
        let mut tape = self.lock();
        let Some(tape) = tape.as_mut().filter(|tape| tape.report.failure.is_none()) else {
            return;
        };
        match tape.file.write_all(&line) {
            Ok(()) => tape.report.exchanges += 1,
            Err(error) => tape.report.failure = Some(error.to_string()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Tape>> {
        self.tape.lock().expect("no recording panics")
    }
}
