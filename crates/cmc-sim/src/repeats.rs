//! What a key has paid for lately, where a repeat of the same is free.

use std::sync::Mutex;

use indexmap::IndexMap;

use crate::time::{self, Millis};

/// Purchases remembered over all keys; beyond that the oldest are forgotten.
const N_KEPT: usize = 20_000;
/// How long a repeat is free.
const CADENCE: Millis = time::MINUTE;

/// A fingerprint of key and content → when it was paid for.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    paid: Mutex<IndexMap<(String, u64), Millis>>,
}

impl Repeats {
    /// Whether `account` has paid for exactly this content within the cadence.
    pub(crate) fn is_free(&self, account: &str, content: u64, now: Millis) -> bool {
        let paid = self.lock();
        let at = paid.get(&(account.to_owned(), content));
        at.is_some_and(|at| (0..CADENCE).contains(&(now - at)))
    }

    /// Remembers what was paid for.
    pub(crate) fn note(&self, account: &str, contents: &[u64], now: Millis) {
        let mut paid = self.lock();
        for content in contents {
            paid.insert((account.to_owned(), *content), now);
        }
        if paid.len() > N_KEPT {
            let n_over = paid.len() - N_KEPT / 2;
            paid.drain(..n_over);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, IndexMap<(String, u64), Millis>> {
        self.paid.lock().expect("no holder of the purchases panics")
    }
}
