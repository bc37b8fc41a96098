//! How old the answers were.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The upper bounds of the buckets, in seconds; what is older has a bucket of its own.
pub const AGE_BOUNDS_S: [u64; 9] = [1, 5, 15, 30, 60, 120, 300, 900, 3_600];

/// How many answers were how old: one number per bound, and one for everything beyond.
pub type AgeCounts = [u64; AGE_BOUNDS_S.len() + 1];

/// Counts answers by the age of their oldest part.
#[derive(Debug, Default)]
pub(crate) struct Ages([AtomicU64; AGE_BOUNDS_S.len() + 1]);

impl Ages {
    pub(crate) fn count(&self, age: Duration) {
        self.0[bucket(age)].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> AgeCounts {
        std::array::from_fn(|bucket| self.0[bucket].load(Ordering::Relaxed))
    }
}

/// The first bucket whose bound the age does not exceed.
fn bucket(age: Duration) -> usize {
    let is_below = |bound: &u64| age > Duration::from_secs(*bound);
    AGE_BOUNDS_S.iter().take_while(|bound| is_below(bound)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_counts_in_the_first_bucket_that_holds_it() {
        // Breaks: the page shows answers older, or younger, than they were.
        let ages = Ages::default();
        for seconds in [0, 1, 2, 60, 61, 3_600, 3_601, 1_000_000] {
            ages.count(Duration::from_secs(seconds));
        }
        assert_eq!(ages.read(), [2, 1, 0, 0, 1, 1, 0, 0, 1, 2]);
    }
}
