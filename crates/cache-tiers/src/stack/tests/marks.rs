//! What a mark covers is a miss everywhere, at once, and for good.

use super::*;
use crate::{Scope, limits::MARKS_MAX};

fn prefix(text: &str, version: u16) -> Mark {
    Mark { scope: Scope::Prefix(text.to_owned()), fence: fence(version) }
}

#[tokio::test]
async fn what_a_mark_covers_is_a_miss_in_every_tier() {
    // An invalidation of thousands of keys must not look for them.
    let bench = bench(&[NEAR, FAR]);
    let [dead, alive, later] = ["quote:1", "map:1", "quote:2"].map(Key::new);
    for (key, version) in [(&dead, 1), (&alive, 1), (&later, 5)] {
        bench.stack.fill(&[(key.clone(), entry(version, start(), 60, 60))]).await;
    }
    assert!(bench.stack.mark(prefix("quote:", 5)));
    assert!(!bench.stack.mark(prefix("quote:1", 4)), "covered by a stronger one");
    assert_eq!(bench.stack.peek(&dead, start()), None);
    let keys = [dead.clone(), alive, later];
    let refreshed = bench.stack.refresh(&keys, start()).await;
    let refreshed = refreshed.into_iter().map(|seen| seen.found).collect();
    for found in [bench.stack.look(&keys, start()).await, refreshed] {
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true]);
    }
    let told = bench.stack.explain(&dead).await;
    assert!(told.iter().all(|told| matches!(told, Ok(None))), "{told:?}");
    bench.stack.fill(&[(dead.clone(), entry(2, start(), 60, 60))]).await;
    assert_eq!(bench.look(&dead).await, None, "a load that began before it arrives nowhere");
    bench.stack.fill(&[(dead.clone(), entry(6, start(), 60, 60))]).await;
    assert_eq!(bench.look(&dead).await.unwrap().entry.body, "6");
}

#[tokio::test]
async fn marks_are_bounded_and_never_forget() {
    // Who sends many must not fill the memory, nor bring the dead back.
    let bench = bench(&[NEAR]);
    for n in 0..2 * u16::try_from(MARKS_MAX).unwrap() {
        assert!(bench.stack.mark(prefix(&format!("p{n}:"), n + 1)));
        assert!(bench.stack.marks().len() <= MARKS_MAX);
    }
    let marks = bench.stack.marks();
    let meta = entry(0, start(), 60, 60).meta;
    assert!(marks.iter().any(|mark| mark.covers(&Key::new("p0:x"), &meta)));
    let last = entry(500, start(), 60, 60).meta;
    assert!(!marks.iter().any(|mark| mark.covers(&Key::new("p0:x"), &last)));
    assert!(marks.is_sorted_by_key(|mark| mark.fence));
}

#[tokio::test]
async fn a_weaker_mark_goes_when_a_stronger_one_comes() {
    // The same invalidation every minute would push out all others.
    let bench = bench(&[NEAR]);
    for version in 1..50 {
        assert!(bench.stack.mark(prefix("quote:", version)));
        let class = Scope::Class(3, "quote:1".to_owned());
        assert!(!bench.stack.mark(Mark { scope: class, fence: fence(version) }));
    }
    assert_eq!(bench.stack.marks(), [prefix("quote:", 49)]);
}
