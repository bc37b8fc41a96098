//! A shadow gives no answer and learns everything; a race is won by who is first and fresh.

use std::collections::BTreeMap;

use async_trait::async_trait;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use super::*;
use crate::{Capability, TierError, metrics::SHADOW_TOTAL};

struct Shaded {
    stack: Stack,
    far: Part,
    shadow: Part,
    recorder: DebuggingRecorder,
}

fn shaded() -> Shaded {
    let (far, shadow) = (part("far", NO_FAULTS), part("shadow", NO_FAULTS));
    let recorder = DebuggingRecorder::new();
    let stack = metrics::with_local_recorder(&recorder, || {
        StackBuilder::new(Arc::new(ManualClock::at(start())))
            .tier(
                Arc::new(crate::Far(Arc::clone(&shadow))),
                TierPolicy { shadow: true, ..TierPolicy::default() },
            )
            .tier(Arc::new(crate::Far(Arc::clone(&far))), TierPolicy::default())
            .build()
    });
    Shaded { stack, far, shadow, recorder }
}

impl Shaded {
    /// How often the shadow compared how. Reading resets the counts.
    fn counts(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for (key, .., value) in self.recorder.snapshotter().snapshot().into_vec() {
            let label = |name| key.key().labels().find(|label| label.key() == name);
            if let (SHADOW_TOTAL, DebugValue::Counter(count)) = (key.key().name(), value)
                && label("tier").unwrap().value() == "shadow"
            {
                counts.insert(label("outcome").unwrap().value().to_owned(), count);
            }
        }
        counts
    }
}

#[tokio::test]
async fn a_shadow_gives_no_answer_and_gets_every_write() {
    // A store that is being tried out must not be able to hurt.
    let Shaded { stack, far, shadow, .. } = shaded();
    let [only_there, both] = ["only there", "both"].map(Key::new);
    shadow.inner().put_many(&[(only_there.clone(), entry(9, start(), 60, 60))]).await.unwrap();
    stack.fill(&[(both.clone(), entry(1, start(), 60, 60))]).await;
    assert!(shadow.inner().peek(&both).is_some() && far.inner().peek(&both).is_some());
    let found = stack.look(&[only_there, both.clone()], start()).await;
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
    assert_eq!(found[1].as_ref().unwrap().tier, 1);
    stack.remove(std::slice::from_ref(&both), fence(2)).await;
    assert!(shadow.inner().peek(&both).unwrap().meta.is_tombstone());
}

#[tokio::test]
async fn looks_are_compared_with_the_shadow_and_it_gets_what_it_lacks() {
    // One swaps when it holds what the other does, and has to see when that is.
    let shaded = shaded();
    let keys = ["same", "older", "newer", "missing"].map(Key::new);
    for (key, version) in keys.iter().zip([2, 1, 3]) {
        let item = (key.clone(), entry(version, start(), 60, 60));
        shaded.shadow.inner().put_many(&[item]).await.unwrap();
    }
    for key in &keys {
        let item = (key.clone(), entry(2, start(), 60, 60));
        shaded.far.inner().put_many(&[item]).await.unwrap();
    }
    let behind = shaded.stack.write_behind().unwrap();
    shaded.stack.look(&keys, start()).await;
    assert_eq!(shaded.shadow.n_calls(), 0, "nobody waits for it");
    shaded.stack.close();
    behind.run().await;
    let expected = [("failed", 0), ("missing", 1), ("newer", 1), ("older", 1), ("same", 1)];
    assert_eq!(shaded.counts(), expected.map(|(outcome, n)| (outcome.to_owned(), n)).into());
    let versions = keys.map(|key| shaded.shadow.inner().peek(&key).unwrap().body);
    assert_eq!(versions, ["2", "2", "3", "2"]);
}

#[derive(Debug)]
struct Slow(Part);

#[async_trait]
impl Tier for Slow {
    fn name(&self) -> &str {
        self.0.name()
    }
    fn capability(&self) -> Capability {
        Capability { local: false, ..self.0.capability() }
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        tokio::time::sleep(Duration::from_millis(30)).await;
        self.0.get_many(keys).await
    }
    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.0.put_many(items).await
    }
    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.0.remove_many(keys).await
    }
}

#[tokio::test(start_paused = true)]
async fn in_a_race_nobody_waits_for_the_slow_one_unless_it_alone_knows() {
    // The deadline of a sick tier is paid by every miss above it.
    let (slow, quick) = (part("slow", NO_FAULTS), part("quick", NO_FAULTS));
    let [both, stale, alone] = ["both", "stale", "alone"].map(Key::new);
    slow.put_many(&[(both.clone(), entry(1, start(), 60, 60))]).await.unwrap();
    slow.put_many(&[(alone.clone(), entry(1, start(), 60, 60))]).await.unwrap();
    slow.put_many(&[(stale.clone(), entry(2, start(), 60, 60))]).await.unwrap();
    quick.put_many(&[(both.clone(), entry(1, start(), 60, 60))]).await.unwrap();
    quick.put_many(&[(stale.clone(), entry(1, start(), 0, 60))]).await.unwrap();
    let stack = StackBuilder::new(Arc::new(ManualClock::at(start())))
        .tier(Arc::new(Slow(slow)), TierPolicy::default())
        .tier(Arc::new(crate::Far(quick)), TierPolicy::default())
        .race(true)
        .build();
    let begun = tokio::time::Instant::now();
    let found = stack.look(&[both], start()).await;
    assert_eq!((found[0].as_ref().unwrap().tier, begun.elapsed()), (1, Duration::ZERO));
    let found = stack.look(&[stale, alone], start()).await;
    assert_eq!(found[0].as_ref().unwrap().entry.body, "2");
    assert_eq!(found[1].as_ref().unwrap().tier, 0);
    assert_eq!(begun.elapsed().as_millis(), 30);
}
