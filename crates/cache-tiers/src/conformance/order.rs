//! Reading: which outcome belongs to which key.

use super::Case;
use crate::{Key, Tier};

/// Nothing asked, nothing put, nothing removed: no error, whatever the wire thinks of it.
pub async fn an_empty_batch_is_fine(tier: &dyn Tier) {
    let case = Case::new(tier, "empty");
    case.put(&[]).await;
    assert_eq!(case.get(&[]).await, []);
    tier.remove_many(&[]).await.expect("an empty remove works");
}

/// Outcomes stand where their keys stood, not as the store happens to give them.
pub async fn the_order_of_the_keys_is_kept(tier: &dyn Tier) {
    let case = Case::new(tier, "order");
    let items: Vec<_> =
        (0..20).map(|n| (case.key(n), case.entry(0, format!("body {n}")))).collect();
    case.put(&items).await;
    let backwards: Vec<Key> = items.iter().rev().map(|(key, _)| key.clone()).collect();
    let held = case.get(&backwards).await;
    for ((_, put), got) in items.iter().rev().zip(held) {
        assert_eq!(got.as_ref(), Some(put), "in the order of the keys");
    }
}

/// A miss leaves its place empty and moves nobody else.
pub async fn hits_and_misses_mix(tier: &dyn Tier) {
    let case = Case::new(tier, "mix");
    let keys: Vec<Key> = (0..9).map(|n| case.key(n)).collect();
    let odd: Vec<_> =
        keys.iter().skip(1).step_by(2).map(|key| (key.clone(), case.entry(0, "odd"))).collect();
    case.put(&odd).await;
    let held = case.get(&keys).await;
    let hits: Vec<bool> = held.iter().map(Option::is_some).collect();
    assert_eq!(hits, [false, true, false, true, false, true, false, true, false]);
}

/// A repeated key gets its outcome at each of its places.
pub async fn a_key_asked_twice_is_answered_twice(tier: &dyn Tier) {
    let case = Case::new(tier, "twice");
    let (key, other) = (case.key("held"), case.key("other"));
    case.put(&[(key.clone(), case.entry(0, "body"))]).await;
    let held = case.get(&[key.clone(), other, key]).await;
    assert!(held[0].is_some() && held[1].is_none());
    assert_eq!(held[0], held[2]);
}

/// Stores have limits on one command; the tier cuts the batch, not the caller.
pub async fn a_batch_of_a_thousand_comes_back(tier: &dyn Tier) {
    let case = Case::new(tier, "thousand");
    let items: Vec<_> =
        (0..1_000).map(|n| (case.key(n), case.entry(0, format!("body {n}")))).collect();
    case.put(&items).await;
    let keys: Vec<Key> = items.iter().map(|(key, _)| key.clone()).collect();
    for ((key, put), got) in items.iter().zip(case.get(&keys).await) {
        assert_eq!(got.as_ref(), Some(put), "{key}");
    }
    tier.remove_many(&keys).await.expect("a remove works");
    assert!(case.get(&keys).await.iter().all(Option::is_none), "all of them removed");
}
