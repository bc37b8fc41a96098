//! What is only seen from outside a tier: what outlives it, and what others left in its store.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

use super::{Case, corrupt_bytes};
use crate::{Entry, Flags, Key, Tier, metrics::UNDECODABLE_TOTAL};

/// A store that can be opened again and tampered with. One is one store, under names of its own.
#[async_trait]
pub trait Examinee: Send + Sync {
    /// A tier in it that counts from its making: build its
    /// [`TierCounters`](crate::TierCounters) in here, with what else it needs for that.
    fn tier(&self) -> Arc<dyn Tier>;

    /// The same store through connections of its own, as after a restart of the program. `None`:
    /// nothing outlives the tier, and that is not asked for.
    async fn reopened(&self) -> Option<Arc<dyn Tier>>;

    /// Lays bytes where the entry of that key would be, and says whether it could.
    async fn plant(&self, key: &Key, bytes: Bytes) -> bool;
}

/// Warming up anew after each deploy would be paid for.
pub async fn what_was_put_is_there_after_reopening(store: &dyn Examinee) {
    let tier = store.tier();
    let case = Case::new(&*tier, "reopened");
    let keys = ["entry", "tombstone", "removed", "absent"].map(|name| case.key(name));
    let [first, second, third, _] = keys.clone();
    let (entry, mut tombstone) = (case.entry(9, "body"), case.entry(8, ""));
    tombstone.meta.flags = Flags::TOMBSTONE;
    let removed = case.entry(7, "body");
    case.put(&[(first, entry.clone()), (second, tombstone.clone()), (third.clone(), removed)])
        .await;
    tier.remove_many(&[third]).await.expect("a remove works");
    let Some(reopened) = store.reopened().await else { return };
    let held = reopened.get_many(&keys).await.expect("a get works");
    assert_eq!(held, [Some(entry), Some(tombstone), None, None]);
}

/// What is older is older for the next process, too.
pub async fn a_newer_entry_refuses_an_older_after_reopening(store: &dyn Examinee) {
    let tier = store.tier();
    let case = Case::new(&*tier, "reopened-newer");
    let key = case.key("k");
    case.put(&[(key.clone(), case.entry(2, "two"))]).await;
    let Some(reopened) = store.reopened().await else { return };
    let case = Case { tier: &*reopened, ..case };
    for (counter, expected) in [(1, case.entry(2, "two")), (3, case.entry(3, "three"))] {
        case.put(&[(key.clone(), case.entry(counter, "three"))]).await;
        assert_eq!(case.one(&key).await, Some(expected), "after version {counter}");
    }
}

/// A bit that flipped is a price that is wrong.
pub async fn corrupt_bytes_are_misses_that_are_counted(store: &dyn Examinee) {
    planted_bytes_are_misses(store, "corrupt", corrupt_bytes()).await;
}

/// Who shares a store shares its names at times.
pub async fn foreign_bytes_are_misses_that_are_counted(store: &dyn Examinee) {
    let mut frame = Entry { body: "body".into(), meta: crate::Meta::default() }.encode().to_vec();
    frame.extend_from_slice(b"and more");
    let foreign: [&[u8]; 7] = [
        b" ",
        b"{\"price\":42}",
        b"a:1:{s:5:\"price\";i:42;}",
        b"\x80\x04\x95\x0b\x00\x00\x00",
        &[0; 300],
        &[0xff; 300],
        &frame,
    ];
    planted_bytes_are_misses(store, "foreign", foreign.map(Bytes::copy_from_slice).into()).await;
}

async fn planted_bytes_are_misses(store: &dyn Examinee, name: &'static str, planted: Vec<Bytes>) {
    let (tier, counts) = counted(store);
    let case = Case::new(&*tier, name);
    let items: Vec<(Key, Entry)> =
        (0..planted.len()).map(|n| (case.key(n), case.entry(1, format!("body {n}")))).collect();
    let keys: Vec<Key> = items.iter().map(|(key, _)| key.clone()).collect();
    for (key, bytes) in keys.iter().zip(&planted) {
        if !store.plant(key, bytes.clone()).await {
            return;
        }
    }
    for (held, bytes) in case.get(&keys).await.into_iter().zip(&planted) {
        assert_eq!(held, None, "of {bytes:?}");
    }
    assert_eq!(n_undecodable(&counts), planted.len() as u64, "each is counted once");
    case.put(&items).await;
    for ((_, put), got) in items.iter().zip(case.get(&keys).await) {
        assert_eq!(got.as_ref(), Some(put), "what was there gives way");
    }
}

fn counted(store: &dyn Examinee) -> (Arc<dyn Tier>, Snapshotter) {
    let recorder = DebuggingRecorder::new();
    let counts = recorder.snapshotter();
    (metrics::with_local_recorder(&recorder, || store.tier()), counts)
}

fn n_undecodable(counts: &Snapshotter) -> u64 {
    let seen = counts.snapshot().into_vec().into_iter();
    let values = seen.filter(|(key, ..)| key.key().name() == UNDECODABLE_TOTAL);
    values.map(|(.., value)| if let DebugValue::Counter(n) = value { n } else { 0 }).sum()
}

/// One named `#[tokio::test]` per property that needs more than a tier, on a new
/// [`Examinee`] each: `store_conformance!(expression)`, which may await.
#[macro_export]
macro_rules! store_conformance {
    ($make:expr $(,)?) => {
        $crate::store_conformance! { @each $make;
            what_was_put_is_there_after_reopening
            a_newer_entry_refuses_an_older_after_reopening
            corrupt_bytes_are_misses_that_are_counted
            foreign_bytes_are_misses_that_are_counted
        }
    };
    (@each $make:expr; $($property:ident)+) => {
        mod store_conformance {
            use super::*;
            $(
                #[tokio::test]
                async fn $property() {
                    let store = $make;
                    $crate::conformance::$property(&store).await;
                }
            )+
        }
    };
}
