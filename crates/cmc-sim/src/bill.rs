//! The simulator's own bill: what it served, refused and charged, by operation and by key.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Totals since the start or the last reset. Every call is counted once in the totals, once in
/// `operations` and once in `keys`, so the three always agree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Credits charged.
    pub credits: u64,
    /// Answered with data, charged or free.
    pub calls: u64,
    /// Everything else.
    pub refused: u64,
    /// By path, without the keyless prefix; paths nobody serves are `unknown`.
    pub operations: IndexMap<String, Line>,
    /// By key; `ip:…` for callers without one, `none` where no account is known.
    pub keys: IndexMap<String, Line>,
}

/// One line of a [`Bill`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Credits charged.
    pub credits: u64,
    /// Answered with data.
    pub calls: u64,
    /// Everything else.
    pub refused: u64,
}

impl Bill {
    pub(crate) fn served(&mut self, path: &str, account: &str, credits: u64) {
        self.credits += credits;
        self.calls += 1;
        for line in self.lines(path, account) {
            line.credits += credits;
            line.calls += 1;
        }
    }

    pub(crate) fn refused(&mut self, path: &str, account: &str) {
        self.refused += 1;
        for line in self.lines(path, account) {
            line.refused += 1;
        }
    }

    fn lines(&mut self, path: &str, account: &str) -> [&mut Line; 2] {
        [line(&mut self.operations, path), line(&mut self.keys, account)]
    }
}

fn line<'a>(lines: &'a mut IndexMap<String, Line>, name: &str) -> &'a mut Line {
    if !lines.contains_key(name) {
        lines.insert(name.to_owned(), Line::default());
    }
    lines.get_mut(name).expect("inserted above if it was missing")
}
