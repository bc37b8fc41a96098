//! Writing: never a newer by an older, never by half.

use std::{future::Future, pin::pin, task::Context};

use futures_util::{future::join_all, task::noop_waker};

use super::Case;
use crate::Tier;

/// A load that started later has the say.
pub async fn a_newer_entry_replaces_an_older(tier: &dyn Tier) {
    let case = Case::new(tier, "newer");
    let key = case.key("k");
    case.put(&[(key.clone(), case.entry(1, "old"))]).await;
    case.put(&[(key.clone(), case.entry(2, "new"))]).await;
    assert_eq!(case.one(&key).await, Some(case.entry(2, "new")));
}

/// A slow writer must not put back what a quick one has replaced.
pub async fn an_older_entry_never_replaces_a_newer(tier: &dyn Tier) {
    let case = Case::new(tier, "older");
    let key = case.key("k");
    case.put(&[(key.clone(), case.entry(2, "new"))]).await;
    case.put(&[(key.clone(), case.entry(1, "old"))]).await;
    assert_eq!(case.one(&key).await, Some(case.entry(2, "new")));
}

/// Else a copy that was cut short could never be made whole again.
pub async fn the_same_version_replaces_itself(tier: &dyn Tier) {
    let case = Case::new(tier, "same");
    let key = case.key("k");
    let mut cut = case.entry(1, "body");
    cut.meta = cut.meta.cut(cut.meta.fresh_until);
    case.put(&[(key.clone(), cut)]).await;
    case.put(&[(key.clone(), case.entry(1, "body"))]).await;
    assert_eq!(case.one(&key).await, Some(case.entry(1, "body")));
}

/// A batch may name a key twice, in any order.
pub async fn the_newest_of_one_batch_stays(tier: &dyn Tier) {
    let case = Case::new(tier, "batch");
    let key = case.key("k");
    let items = [1, 3, 2].map(|n| (key.clone(), case.entry(n, format!("body {n}"))));
    case.put(&items).await;
    assert_eq!(case.one(&key).await, Some(case.entry(3, "body 3")));
}

/// Compare and put are one step, or two writers both find theirs the newer.
pub async fn of_concurrent_writers_the_newest_stays(tier: &dyn Tier) {
    let case = Case::new(tier, "writers");
    let keys: Vec<_> = (0..8).map(|n| case.key(n)).collect();
    let writers = (0..32_u16).map(|writer| {
        let version = (writer * 7) % 32;
        let entry = case.entry(version, format!("body {version}"));
        let items: Vec<_> = keys.iter().map(|key| (key.clone(), entry.clone())).collect();
        async move { tier.put_many(&items).await.expect("a put works") }
    });
    join_all(writers).await;
    for held in case.get(&keys).await {
        assert_eq!(held, Some(case.entry(31, "body 31")));
    }
}

/// Gone at once, and alone.
pub async fn a_removed_key_is_gone(tier: &dyn Tier) {
    let case = Case::new(tier, "removed");
    let (gone, stays) = (case.key("gone"), case.key("stays"));
    let entry = case.entry(1, "body");
    case.put(&[(gone.clone(), entry.clone()), (stays.clone(), entry)]).await;
    tier.remove_many(std::slice::from_ref(&gone)).await.expect("a remove works");
    let held = case.get(&[gone, stays]).await;
    assert!(held[0].is_none() && held[1].is_some());
}

/// Invalidating is repeatable.
pub async fn removing_what_is_not_there_is_fine(tier: &dyn Tier) {
    let case = Case::new(tier, "absent");
    let key = case.key("k");
    tier.remove_many(&[key.clone(), key.clone()]).await.expect("a remove works");
    assert_eq!(case.one(&key).await, None);
}

/// Deadlines drop futures at any await; what is left behind is a whole entry or none.
pub async fn a_dropped_put_happens_whole_or_not(tier: &dyn Tier) {
    let case = Case::new(tier, "dropped");
    let body = vec![7_u8; 4_000.min(tier.capability().max_value_bytes / 2)];
    let items: Vec<_> = (0..50).map(|n| (case.key(n), case.entry(1, body.clone()))).collect();
    for n_polls in 0..4 {
        let mut put = pin!(tier.put_many(&items));
        let mut n_polled = 0;
        while n_polled < n_polls {
            n_polled += 1;
            let done = put.as_mut().poll(&mut Context::from_waker(&noop_waker())).is_ready();
            if done {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    let keys: Vec<_> = items.iter().map(|(key, _)| key.clone()).collect();
    for ((_, put), got) in items.iter().zip(case.get(&keys).await) {
        assert!(got.is_none_or(|got| got == *put), "whole or not at all");
    }
    case.put(&items).await;
    assert!(case.get(&keys).await.iter().all(Option::is_some), "and it still works");
}
