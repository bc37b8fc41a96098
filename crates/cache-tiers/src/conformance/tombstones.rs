//! A removal that other instances share is an entry: it goes by its version as all do.

use super::Case;
use crate::{Entry, Flags, Tier};

/// The fence of a removal that began with the `counter`th version.
fn tombstone(case: &Case<'_>, counter: u16) -> Entry {
    let mut entry = case.entry(counter, "");
    entry.meta.flags = Flags::TOMBSTONE;
    entry
}

/// What was removed is dead for whoever asks this tier next.
pub async fn a_tombstone_replaces_an_older_entry(tier: &dyn Tier) {
    let case = Case::new(tier, "buried");
    let (key, put) = (case.key("k"), tombstone(&case, 2));
    case.put(&[(key.clone(), case.entry(1, "body"))]).await;
    case.put(&[(key.clone(), put.clone())]).await;
    let held = case.one(&key).await;
    assert_eq!(held.as_ref(), Some(&put), "as it was put");
    assert!(held.is_some_and(|held| held.meta.is_tombstone()));
}

/// What was loaded after the removal lives, however late the removal arrives.
pub async fn a_tombstone_never_replaces_a_newer_entry(tier: &dyn Tier) {
    let case = Case::new(tier, "late-removal");
    let key = case.key("k");
    case.put(&[(key.clone(), case.entry(2, "body"))]).await;
    case.put(&[(key.clone(), tombstone(&case, 1))]).await;
    assert_eq!(case.one(&key).await, Some(case.entry(2, "body")));
}

/// A load that began before the removal must not bring back what was removed; one after may.
pub async fn a_tombstone_gives_way_to_newer_entries_only(tier: &dyn Tier) {
    let case = Case::new(tier, "risen");
    let key = case.key("k");
    case.put(&[(key.clone(), tombstone(&case, 2))]).await;
    case.put(&[(key.clone(), case.entry(1, "dead"))]).await;
    assert_eq!(case.one(&key).await, Some(tombstone(&case, 2)));
    case.put(&[(key.clone(), case.entry(3, "alive"))]).await;
    assert_eq!(case.one(&key).await, Some(case.entry(3, "alive")));
}
