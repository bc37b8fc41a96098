//! The law of the fence: nothing newer is overwritten, nothing removed comes back.

use std::sync::Mutex;

use async_trait::async_trait;
use proptest::prelude::*;
use tokio::sync::Notify;

use super::*;
use crate::{Capability, TierError, limits::FENCE_KEYS_MAX};

/// A far tier whose answers, or whose puts, wait until the test lets them go.
#[derive(Debug)]
struct Held {
    inner: MemoryTier,
    is_local: bool,
    holds_puts: bool,
    asked: Notify,
    go: Notify,
}

#[async_trait]
impl Tier for Held {
    fn name(&self) -> &str {
        self.inner.name()
    }
    fn capability(&self) -> Capability {
        Capability { local: self.is_local, ..self.inner.capability() }
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        let held = self.inner.get_many(keys).await;
        self.wait(!self.holds_puts).await;
        held
    }
    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.wait(self.holds_puts).await;
        self.inner.put_many(items).await
    }
    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.inner.remove_many(keys).await
    }
}

impl Held {
    /// Far and holding its answers, or local and holding its puts.
    fn new(holds_puts: bool) -> Arc<Self> {
        let inner = MemoryTier::new("held", 1 << 20);
        Arc::new(Self {
            inner,
            is_local: holds_puts,
            holds_puts,
            asked: Notify::new(),
            go: Notify::new(),
        })
    }

    async fn wait(&self, is_held: bool) {
        if is_held {
            self.asked.notify_one();
            self.go.notified().await;
        }
    }
}

fn patient() -> TierPolicy {
    TierPolicy { deadline: Duration::from_secs(60), ..TierPolicy::default() }
}

#[tokio::test]
async fn a_write_that_lands_after_the_remove_is_taken_back() {
    // It left before the remove and arrives behind it: only a second look can tell.
    let near = Held::new(true);
    let stack = StackBuilder::new(Arc::new(ManualClock::at(start())))
        .tier(Arc::<Held>::clone(&near), patient())
        .build();
    let [gone, stays] = [Key::new("gone"), Key::new("stays")];
    let items = [gone.clone(), stays.clone()].map(|key| (key, entry(1, start(), 60, 60)));
    tokio::join!(stack.fill(&items), async {
        near.asked.notified().await;
        stack.remove(std::slice::from_ref(&gone), fence(2)).await;
        near.go.notify_one();
    });
    assert_eq!(near.inner.peek(&gone), None);
    assert!(near.inner.peek(&stays).is_some());
}

#[tokio::test]
async fn a_copy_under_way_does_not_bring_a_removed_key_back() {
    // The look has read the old entry below, and writes it above after the remove.
    let near = part("near", Faults::default());
    let far = Held::new(false);
    let stack = StackBuilder::new(Arc::new(ManualClock::at(start())))
        .tier(Arc::<Faulty<MemoryTier>>::clone(&near), patient())
        .tier(Arc::<Held>::clone(&far), patient())
        .build();
    let [gone, stays] = [Key::new("gone"), Key::new("stays")];
    let items = [gone.clone(), stays.clone()].map(|key| (key, entry(1, start(), 60, 60)));
    far.put_many(&items).await.unwrap();
    let both = [gone.clone(), stays.clone()];
    let (found, ()) = tokio::join!(stack.look(&both, start()), async {
        far.asked.notified().await;
        stack.remove(std::slice::from_ref(&gone), fence(2)).await;
        far.go.notify_one();
    });
    assert_eq!(found[0], None, "what is dead is not given to who asked before, either");
    assert_eq!(near.peek(&gone), None);
    assert!(near.peek(&stays).is_some(), "the fence is for the removed key alone");
}

#[tokio::test]
async fn a_look_after_the_remove_copies_again() {
    // A fence that stays up for ever is a hole in the cache.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.remove(&key, 2).await;
    bench.plant(1, &key, entry(3, start(), 60, 60)).await;
    bench.look(&key).await.unwrap();
    assert!(bench.held(0, &key).is_some());
}

#[test]
fn a_fence_that_was_forgotten_counts_as_raised() {
    // The list is bounded; a copy less is cheap, a dead key alive is not.
    let fences = Fences::default();
    let since = fences.since();
    let many: Vec<Key> = (0..=FENCE_KEYS_MAX).map(|n| Key::new(&format!("k{n}"))).collect();
    fences.raise(&many, fence(9));
    let item = || vec![(Key::new("other"), entry(1, start(), 60, 60))];
    let mut items = item();
    fences.retain(&mut items, since);
    assert!(items.is_empty());
    let mut items = item();
    fences.retain(&mut items, fences.since());
    assert_eq!(items.len(), 1);
}

#[test]
fn removes_on_several_threads_are_all_seen() {
    // The number and the list are two things, and must not be seen apart.
    let fences = Fences::default();
    let wrong = Mutex::new(0);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (fences, wrong) = (&fences, &wrong);
            scope.spawn(move || {
                for n in 0..500 {
                    let key = Key::new(&format!("k{thread}:{n}"));
                    let since = fences.since();
                    fences.raise(std::slice::from_ref(&key), fence(9));
                    let mut items = vec![(key, entry(1, start(), 60, 60))];
                    fences.retain(&mut items, since);
                    *wrong.lock().unwrap() += items.len();
                }
            });
        }
    });
    assert_eq!(*wrong.lock().unwrap(), 0);
}

proptest! {
    #[test]
    fn puts_in_any_order_leave_the_newest_everywhere(
        versions in proptest::collection::vec(0..50_u16, 1..20), is_far in any::<[bool; 3]>(),
    ) {
        // A slow writer must not undo a quick one.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let bench = bench(&is_far.map(|is_far| Plan { is_far, ..NEAR }));
            let key = Key::new("k");
            for version in &versions {
                bench.stack.fill(&[(key.clone(), entry(*version, start(), 60, 60))]).await;
            }
            let newest = versions.iter().max().unwrap().to_string();
            for tier in 0..3 {
                assert_eq!(bench.held(tier, &key).unwrap().body, newest);
            }
        });
    }
}
