use super::*;
use crate::{MemoryTier, Meta, TierExt};

crate::tier_conformance!(Faulty::new(MemoryTier::new("memory", 64 << 20), Faults::default(), 1));

fn entry() -> Entry {
    Entry { body: "body".into(), meta: Meta::default() }
}

async fn check(faults: Faults, is_told: bool, is_held: bool) {
    let tier = Faulty::new(MemoryTier::new("memory", 1 << 20), faults, 7);
    let key = Key::new("k");
    assert_eq!(tier.put(&key, entry()).await.is_err(), is_told);
    assert_eq!(tier.inner().peek(&key).is_some(), is_held);
    assert_eq!(tier.n_calls(), 1);
}

#[tokio::test]
async fn a_put_happens_or_not_and_is_told_or_not() {
    // All four are what networks do; a test that knows two of them proves half.
    check(Faults::default(), false, true).await;
    check(Faults::DEAD, true, false).await;
    check(Faults { done_but_refused: 1_000, ..Faults::default() }, true, true).await;
    check(Faults { lost: 1_000, ..Faults::default() }, false, false).await;
}

#[tokio::test]
async fn one_seed_is_one_run() {
    // A failure that cannot be run again cannot be mended.
    let run = async |seed| {
        let faults = Faults { refused: 500, ..Faults::default() };
        let tier = Faulty::new(MemoryTier::new("memory", 1 << 20), faults, seed);
        let mut outcomes = Vec::new();
        for _ in 0..64 {
            outcomes.push(tier.get(&Key::new("k")).await.is_ok());
        }
        outcomes
    };
    assert_eq!(run(1).await, run(1).await);
    assert_ne!(run(1).await, run(2).await);
}
