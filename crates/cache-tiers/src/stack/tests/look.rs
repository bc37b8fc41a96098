use super::*;

#[tokio::test]
async fn a_fresh_entry_ends_the_descent() {
    // Lower tiers cost round trips.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.stack.fill(&[(key.clone(), entry(1, start(), 60, 60))]).await;
    let calls = bench.parts[1].n_calls();
    let found = bench.look(&key).await.unwrap();
    assert_eq!((found.tier, found.freshness), (0, Freshness::Fresh));
    assert_eq!(bench.parts[1].n_calls(), calls);
}

#[tokio::test]
async fn a_stale_entry_goes_on_looking_for_a_newer() {
    // Another instance may have paid for it already.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.plant(0, &key, entry(1, start(), 10, 600)).await;
    bench.advance(30);
    bench.plant(1, &key, entry(2, bench.clock.now(), 60, 600)).await;
    let found = bench.look(&key).await.unwrap();
    assert_eq!((found.tier, found.freshness), (1, Freshness::Fresh));
    assert_eq!(bench.held(0, &key), Some(found.entry));
}

#[tokio::test]
async fn of_two_stale_entries_the_newer_is_served() {
    // Nobody who has seen a price is shown the one before.
    let bench = bench(&[NEAR, FAR, FAR]);
    let key = Key::new("k");
    for (tier, version) in [(0, 2), (1, 3), (2, 1)] {
        bench.plant(tier, &key, entry(version, start(), 10, 600)).await;
    }
    bench.advance(30);
    let found = bench.look(&key).await.unwrap();
    assert_eq!((found.tier, found.freshness), (1, Freshness::Stale));
    assert_eq!(found.entry.body, "3");
    assert_eq!(bench.held(0, &key).unwrap().body, "3");
}

#[tokio::test]
async fn an_older_entry_is_not_served_for_being_fresh() {
    // A class with a longer TTL before a change of settings would turn time back.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.plant(0, &key, entry(2, start(), 10, 600)).await;
    bench.plant(1, &key, entry(1, start(), 300, 600)).await;
    bench.advance(30);
    let found = bench.look(&key).await.unwrap();
    assert_eq!((found.entry.body.as_ref(), found.freshness), (b"2".as_slice(), Freshness::Stale));
}

#[tokio::test]
async fn an_expired_entry_is_a_miss_in_every_tier() {
    // A store that forgets late must not serve late.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.stack.fill(&[(key.clone(), entry(1, start(), 10, 10))]).await;
    bench.advance(20);
    assert_eq!(bench.look(&key).await, None);
    assert_eq!(bench.stack.peek(&key, bench.clock.now()), None);
    assert!(bench.held(0, &key).is_some(), "the tier holds it still, and the stack decides");
}

#[tokio::test]
async fn outcomes_stand_where_their_keys_stood() {
    // Keys that are settled above are left out below, which shifts places.
    let bench = bench(&[NEAR, FAR, FAR]);
    let keys: Vec<Key> = (0..30).map(|n| Key::new(&format!("k{n}"))).collect();
    for (index, key) in keys.iter().enumerate().filter(|(index, _)| index % 4 != 3) {
        let version = u16::try_from(index).unwrap();
        bench.plant(index % 4, key, entry(version, start(), 60, 60)).await;
    }
    let found = bench.stack.look(&keys, start()).await;
    for (index, found) in found.iter().enumerate() {
        let expected = (index % 4 != 3).then(|| (index % 4, index.to_string()));
        let got = found
            .as_ref()
            .map(|found| (found.tier, str::from_utf8(&found.entry.body).unwrap().to_owned()));
        assert_eq!(got, expected);
    }
}

#[tokio::test]
async fn a_backfill_is_one_batch_per_tier() {
    // A hundred symbols were three hundred round trips once.
    let bench = bench(&[NEAR, FAR, FAR]);
    let keys: Vec<Key> = (0..100).map(|n| Key::new(&format!("k{n}"))).collect();
    for key in &keys {
        bench.plant(2, key, entry(1, start(), 60, 60)).await;
    }
    assert!(bench.stack.look(&keys, start()).await.iter().all(Option::is_some));
    let calls: Vec<u64> = bench.parts.iter().map(|part| part.n_calls()).collect();
    assert_eq!(calls, [2, 2, 1], "one get each, and one put into each tier above");
}

#[tokio::test]
async fn a_stale_entry_is_copied_up_once_and_not_at_every_look() {
    // While the upstream is down, every look would write.
    let bench = bench(&[NEAR, FAR]);
    let key = Key::new("k");
    bench.plant(1, &key, entry(1, start(), 10, 600)).await;
    bench.advance(30);
    bench.look(&key).await.unwrap();
    bench.look(&key).await.unwrap();
    assert_eq!(bench.parts[0].n_calls(), 3, "get, put, get");
}

#[tokio::test]
async fn peek_sees_local_tiers_alone_and_what_they_hold_of_the_best() {
    // It is on the path of every hit, and must not wait.
    let bench = bench(&[NEAR, NEAR, FAR]);
    let [local, far] = [Key::new("local"), Key::new("far")];
    bench.plant(0, &local, entry(1, start(), 10, 600)).await;
    bench.plant(1, &local, entry(2, start(), 60, 600)).await;
    bench.plant(2, &far, entry(1, start(), 60, 600)).await;
    bench.advance(30);
    let found = bench.stack.peek(&local, bench.clock.now()).unwrap();
    assert_eq!((found.tier, found.freshness), (1, Freshness::Fresh));
    assert_eq!(bench.stack.peek(&far, bench.clock.now()), None);
}

#[tokio::test]
async fn what_a_tier_cannot_take_goes_into_those_that_can() {
    // A large listing must not fail the fill of small quotes.
    let clock = Arc::new(ManualClock::at(start()));
    let (small, large) = (MemoryTier::new("small", 1_000), MemoryTier::new("large", 1 << 20));
    let (small, large) = (Arc::new(small), Arc::new(large));
    let stack = StackBuilder::new(clock)
        .tier(Arc::<MemoryTier>::clone(&small), TierPolicy::default())
        .tier(Arc::<MemoryTier>::clone(&large), TierPolicy::default())
        .build();
    let key = Key::new("k");
    let entry = Entry { body: vec![0; 2_000].into(), ..entry(1, start(), 60, 60) };
    stack.fill(&[(key.clone(), entry)]).await;
    assert!(small.peek(&key).is_none() && large.peek(&key).is_some());
    let found = stack.look(&[key], start()).await;
    assert_eq!(found[0].as_ref().map(|found| found.tier), Some(1));
}

#[tokio::test]
async fn a_stack_without_tiers_misses() {
    // Caching can be switched off.
    let bench = bench(&[]);
    assert_eq!(bench.look(&Key::new("k")).await, None);
    bench.stack.fill(&[(Key::new("k"), entry(1, start(), 60, 60))]).await;
    bench.remove(&Key::new("k"), 2).await;
}

#[tokio::test]
async fn explain_tells_what_each_tier_says() {
    // The question behind every complaint about a wrong price.
    let bench = bench(&[NEAR, FAR, Plan { faults: Faults::DEAD, ..FAR }]);
    let key = Key::new("k");
    bench.plant(1, &key, entry(1, start(), 60, 60)).await;
    let told = bench.stack.explain(&key).await;
    assert!(matches!(told[0], Ok(None)));
    assert_eq!(*told[1].as_ref().unwrap(), Some(entry(1, start(), 60, 60).meta));
    assert!(told[2].is_err());
    assert_eq!(bench.stack.names(), ["tier-0", "tier-1", "tier-2"]);
}
