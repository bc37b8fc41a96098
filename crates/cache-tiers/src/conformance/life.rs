//! What is held is judged by the times that it was put with, at any instant.

use std::time::Duration;

use super::Case;
use crate::{Freshness, Meta, Tier, freshness};

const MILLI: Duration = Duration::from_millis(1);

/// Neither rounded to the store's grain nor counted anew from the put: every copy dies at once.
pub async fn remaining_lives_are_what_they_were(tier: &dyn Tier) {
    let case = Case::new(tier, "remaining");
    let lives = [1_001, 59_999, 600_123, 86_400_001, 2_592_000_007];
    let items = lives.map(|millis| {
        let mut entry = case.entry(1, "body");
        entry.meta.data_at = case.now.before(Duration::from_millis(millis));
        entry.meta.fetched_at = case.now.before(Duration::from_millis(millis / 2));
        entry.meta.fresh_until = case.now.after(Duration::from_millis(millis / 3));
        entry.meta.usable_until = case.now.after(Duration::from_millis(30_000 + millis));
        (case.key(millis), entry)
    });
    case.put(&items).await;
    let keys = items.clone().map(|(key, _)| key);
    for ((key, put), got) in items.iter().zip(case.get(&keys).await) {
        assert_eq!(got.map(|entry| entry.meta), Some(put.meta), "{key}");
    }
}

/// Time is injected, not waited for: a tier that went by a clock of its own in judging would give
/// another answer than the entry does.
pub async fn what_is_held_expires_by_its_own_times(tier: &dyn Tier) {
    let case = Case::new(tier, "injected");
    let (key, put) = (case.key("k"), case.entry(1, "body"));
    case.put(&[(key.clone(), put.clone())]).await;
    let held = case.one(&key).await.expect("it was put");
    for (at, expected) in instants(&put.meta) {
        assert_eq!(freshness::of(&held.meta, at), expected, "at {at}");
    }
}

fn instants(meta: &Meta) -> [(clock::Timestamp, Freshness); 6] {
    [
        (meta.fetched_at, Freshness::Fresh),
        (meta.fresh_until.before(MILLI), Freshness::Fresh),
        (meta.fresh_until, Freshness::Stale),
        (meta.usable_until.before(MILLI), Freshness::Stale),
        (meta.usable_until, Freshness::Expired),
        (meta.usable_until.after(MILLI), Freshness::Expired),
    ]
}
