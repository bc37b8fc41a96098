//! The record of demand: which questions were asked how often in which minute, on disk, bounded.
//!
//! It is what a what-if is played from. A question is its canonical text: defaults filled in,
//! without keys, headers or names of clients. `docs/guide/credits-reports.md` describes the form.

mod reader;
mod recorder;

use std::path::{Path, PathBuf};

use clock::Timestamp;

pub use reader::{Minute, Minutes, RecordError};
pub(crate) use recorder::{Recorder, RecorderLimits};

/// The version of the form.
const FORMAT: u64 = 1;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
const MINUTES_A_DAY: i64 = 1_440;

/// Where the record lies in a data directory.
#[must_use]
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("demand")
}

/// The name of a day's file: `2026-10-05.jsonl`.
fn file_name(day: i64) -> String {
    let text = Timestamp::from_millis(day.saturating_mul(DAY_MS)).to_string();
    format!("{}.jsonl", &text[..10])
}

/// The day of a file's name, if it is one.
fn day_of(name: &str) -> Option<i64> {
    let date = name.strip_suffix(".jsonl").filter(|date| date.len() == 10)?;
    let start = Timestamp::parse(&format!("{date}T00:00:00Z"))?;
    Some(start.as_millis().div_euclid(DAY_MS))
}

/// The days that there are files of, oldest first, with their sizes.
fn days(folder: &Path) -> std::io::Result<Vec<(i64, u64)>> {
    let mut days = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(day) = entry.file_name().to_str().and_then(day_of) {
            days.push((day, entry.metadata()?.len()));
        }
    }
    days.sort_unstable();
    Ok(days)
}

#[cfg(test)]
mod tests;
