use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::PathBuf,
    time::Duration,
};

use clock::Timestamp;
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_128;

use super::{DAY_MS, FORMAT, MINUTE_MS, MINUTES_A_DAY, days, file_name};

/// Questions that a day's file names; what comes beyond is only counted.
const QUERIES_A_DAY_MAX: usize = 100_000;
/// Questions in one line; the rarer ones are only counted.
const QUERIES_A_MINUTE_MAX: usize = 10_000;
/// Longest question that is named, in bytes.
const QUERY_BYTES_MAX: usize = 4_096;

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecorderLimits {
    /// For how long.
    pub(crate) retention: Duration,
    /// All days together; then the oldest go, and the present one stops growing.
    pub(crate) bytes_max: u64,
}

/// Writes the record of demand. One writer a folder: the lock of the journal sees to that.
#[derive(Debug)]
pub(crate) struct Recorder {
    folder: PathBuf,
    limits: RecorderLimits,
    open: Option<Day>,
    /// Bytes of the days before.
    older: u64,
}

/// The file of one day, open at its end.
#[derive(Debug)]
struct Day {
    day: i64,
    file: File,
    bytes: u64,
    /// The numbers of questions, by the hash of their text.
    numbers: HashMap<u128, u64>,
}

impl Recorder {
    /// Opens the folder, which is made if it is not there.
    pub(crate) fn open(folder: PathBuf, limits: RecorderLimits) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, limits, open: None, older: 0 })
    }

    /// Adds what was asked in the minute of `at`, and how much more that is not named. Every line
    /// is written whole; a death in between leaves half a line, which nobody reads.
    pub(crate) fn record(
        &mut self,
        at: Timestamp,
        asked: &[(&str, u64)],
        omitted: u64,
    ) -> io::Result<()> {
        let minute = at.as_millis().div_euclid(MINUTE_MS);
        let day = minute.div_euclid(MINUTES_A_DAY);
        self.turn_to(day)?;
        let room = self.limits.bytes_max.saturating_sub(self.older);
        let Some(open) = &mut self.open else { return Ok(()) };
        if open.bytes >= room {
            return Ok(());
        }
        let lines = open.lines(minute.rem_euclid(MINUTES_A_DAY), asked, omitted);
        open.file.write_all(lines.as_bytes())?;
        open.bytes += lines.len() as u64;
        Ok(())
    }

    /// Removes days that are too old, and the oldest ones while all together are too large.
    pub(crate) fn tidy(&mut self, now: Timestamp) {
        if let Err(error) = self.remove_old(now) {
            tracing::warn!(%error, "old days of the record of demand stay for now");
        }
    }

    fn remove_old(&mut self, now: Timestamp) -> io::Result<()> {
        let current = self.open.as_ref().map(|open| open.day);
        let first = now.before(self.limits.retention).as_millis().div_euclid(DAY_MS);
        let mut days = days(&self.folder)?;
        let mut bytes: u64 = days.iter().map(|(_, bytes)| bytes).sum();
        days.retain(|(day, _)| Some(*day) != current);
        for (day, size) in days {
            if day < first || bytes > self.limits.bytes_max {
                std::fs::remove_file(self.folder.join(file_name(day)))?;
                bytes -= size;
            }
        }
        self.older = bytes - self.open.as_ref().map_or(0, |open| open.bytes).min(bytes);
        Ok(())
    }

    /// Opens the file of `day`, unless it is open.
    fn turn_to(&mut self, day: i64) -> io::Result<()> {
        if self.open.as_ref().is_some_and(|open| open.day == day) {
            return Ok(());
        }
        self.open = None;
        let all = days(&self.folder)?;
        let others = all.iter().filter(|(known, _)| *known != day);
        self.older = others.map(|(_, bytes)| bytes).sum();
        self.open = Some(Day::open(&self.folder.join(file_name(day)), day)?);
        Ok(())
    }
}

impl Day {
    /// Opens it, cuts off half a line at its end, and reads which questions it names.
    fn open(path: &std::path::Path, day: i64) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        let mut numbers = HashMap::new();
        let mut bytes = 0;
        let mut line = Vec::new();
        let mut reader = BufReader::new(&mut file);
        while reader.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            bytes += line.len() as u64;
            if let Ok(value) = serde_json::from_slice::<Value>(&line)
                && let (Some(number), Some(text)) = (value["q"].as_u64(), value["is"].as_str())
            {
                numbers.insert(xxh3_128(text.as_bytes()), number);
            }
            line.clear();
        }
        file.set_len(bytes)?;
        file.seek(SeekFrom::End(0))?;
        if bytes == 0 {
            let head = format!("{}\n", json!({ "cmcache_demand": FORMAT, "day": day }));
            file.write_all(head.as_bytes())?;
            bytes = head.len() as u64;
        }
        Ok(Self { day, file, bytes, numbers })
    }

    /// The lines of a minute: new questions first, then how often each was asked.
    fn lines(&mut self, minute: i64, asked: &[(&str, u64)], omitted: u64) -> String {
        let mut omitted = omitted;
        let mut asked: Vec<_> = asked.iter().filter(|(_, n)| *n > 0).collect();
        asked.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        let mut lines = String::new();
        let mut counts: Vec<(u64, u64)> = Vec::with_capacity(asked.len());
        for (place, (text, n)) in asked.into_iter().enumerate() {
            let hash = xxh3_128(text.as_bytes());
            let is_known = self.numbers.contains_key(&hash);
            let has_room = self.numbers.len() < QUERIES_A_DAY_MAX && text.len() <= QUERY_BYTES_MAX;
            if place >= QUERIES_A_MINUTE_MAX || !(is_known || has_room) {
                omitted += n;
                continue;
            }
            let next = self.numbers.len() as u64;
            let number = *self.numbers.entry(hash).or_insert(next);
            if !is_known {
                lines += &format!("{}\n", json!({ "q": number, "is": text }));
            }
            counts.push((number, *n));
        }
        lines += &format!("{}\n", json!({ "m": minute, "n": counts, "o": omitted }));
        lines
    }
}
