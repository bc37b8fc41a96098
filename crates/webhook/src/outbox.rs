mod file;

use std::{
    collections::{HashSet, VecDeque},
    io,
    path::Path,
    sync::Arc,
    time::Duration,
};

use fastrand::Rng;
use resilience::{Backoff, BackoffConfig, Jitter};

use crate::{Letter, limits};

use file::{File, Record};

/// How an outbox behaves.
#[derive(Clone, Copy, Debug)]
pub struct OutboxConfig {
    /// Letters that may wait.
    pub waiting_max: usize,
    /// How long a letter waits before it is given up.
    pub kept_for: Duration,
    /// The pauses between attempts.
    pub pauses: BackoffConfig,
}

impl Default for OutboxConfig {
    fn default() -> Self {
        let pauses = BackoffConfig {
            first: limits::PAUSE_FIRST,
            max: limits::PAUSE_MAX,
            // Some distance is certain: a receiver that restarts is not hit at once by everybody.
            jitter: Jitter::Equal,
        };
        Self { waiting_max: limits::WAITING_MAX, kept_for: limits::KEPT_FOR, pauses }
    }
}

/// Letters until they are delivered, oldest first. Instants are lengths since the Unix epoch.
#[derive(Debug)]
pub struct Outbox {
    config: OutboxConfig,
    waiting: VecDeque<Letter>,
    delivered: VecDeque<Arc<str>>,
    known: HashSet<Arc<str>>,
    /// Attempts in a row that failed: the receiver is away, whichever letter it was.
    n_failed: u32,
    not_before: Duration,
    n_given_up: u64,
    file: Option<File>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Carry this one.
    Now(Letter),
    /// Nothing before this instant.
    At(Duration),
    /// Nothing at all.
    Nothing,
}

impl Outbox {
    /// The outbox in that file, as it was left; without a file, one in memory.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written.
    pub fn open(path: Option<&Path>, config: OutboxConfig) -> io::Result<Self> {
        let mut outbox = Self {
            config,
            waiting: VecDeque::new(),
            delivered: VecDeque::new(),
            known: HashSet::new(),
            n_failed: 0,
            not_before: Duration::ZERO,
            n_given_up: 0,
            file: None,
        };
        if let Some(path) = path {
            for record in file::read(path)? {
                match record {
                    Record::Put(letter) => drop(outbox.take_in(letter)),
                    Record::Done(id) => outbox.settle(&id),
                }
            }
            outbox.file = Some(File::write(path, &outbox.records())?);
        }
        Ok(outbox)
    }

    /// Takes a letter, unless one with its id waits or was delivered. Says whether it was taken.
    pub fn put(&mut self, letter: Letter) -> bool {
        let record = Record::Put(letter.clone());
        if !self.take_in(letter) {
            return false;
        }
        self.note(&record);
        if self.waiting.len() > self.config.waiting_max
            && let Some(oldest) = self.waiting.front().map(|letter| Arc::clone(&letter.id))
        {
            self.give_up(&oldest);
        }
        true
    }

    /// What is to be done at `now`. Letters that have waited too long are given up.
    pub fn due(&mut self, now: Duration) -> Due {
        while let Some(oldest) = self.waiting.front() {
            if now.saturating_sub(oldest.written()) <= self.config.kept_for {
                break;
            }
            let id = Arc::clone(&oldest.id);
            self.give_up(&id);
        }
        match self.waiting.front() {
            None => Due::Nothing,
            Some(_) if now < self.not_before => Due::At(self.not_before),
            Some(letter) => Due::Now(letter.clone()),
        }
    }

    /// The receiver has taken it.
    pub fn delivered(&mut self, id: &str) {
        self.n_failed = 0;
        self.not_before = Duration::ZERO;
        self.done(id);
    }

    /// The receiver has not, and may have said when to come back.
    pub fn failed(&mut self, hint: Option<Duration>, now: Duration, rng: &mut Rng) {
        let pause = Backoff::new(self.config.pauses).delay(self.n_failed, hint, rng);
        self.n_failed = self.n_failed.saturating_add(1);
        self.not_before = now.saturating_add(pause);
    }

    /// Letters that wait.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Letters that were given up: they waited too long, or there were too many.
    #[must_use]
    pub const fn n_given_up(&self) -> u64 {
        self.n_given_up
    }

    fn give_up(&mut self, id: &str) {
        self.n_given_up += 1;
        self.done(id);
    }

    fn done(&mut self, id: &str) {
        self.settle(id);
        self.note(&Record::Done(id.into()));
    }

    fn take_in(&mut self, letter: Letter) -> bool {
        if !self.known.insert(Arc::clone(&letter.id)) {
            return false;
        }
        self.waiting.push_back(letter);
        true
    }

    fn settle(&mut self, id: &str) {
        self.waiting.retain(|letter| &*letter.id != id);
        let id: Arc<str> = id.into();
        self.known.insert(Arc::clone(&id));
        self.delivered.push_back(id);
        if self.delivered.len() > limits::DELIVERED_MAX
            && let Some(oldest) = self.delivered.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// Into the file. A letter that cannot be written is still delivered by this run.
    fn note(&mut self, record: &Record) {
        let Some(file) = &mut self.file else { return };
        if file.add(record).is_ok() && file.has_grown() {
            let records = self.records();
            if let Some(file) = &mut self.file {
                // What cannot be written anew goes on as it is.
                drop(file.write_anew(&records));
            }
        }
    }

    fn records(&self) -> Vec<Record> {
        let done = self.delivered.iter().map(|id| Record::Done(Arc::clone(id)));
        let put = self.waiting.iter().map(|letter| Record::Put(letter.clone()));
        done.chain(put).collect()
    }
}

#[cfg(test)]
mod tests;
