//! What has to be there after a restart, and what may go.

use std::time::Duration;

use cache_tiers::{Entry, Key, Meta, TierExt, Timestamp, Version};
use credits::{
    Account, AccountParts, Budget, Credits, FileJournal, MemoryMeter, Policy, Purpose, Settled,
};

use crate::{
    NOON,
    place::{Place, on_each_dialect},
};

on_each_dialect! {
    entries_survive_a_restart
    pruning_takes_the_unusable_in_steps_and_nothing_else
    a_restart_hands_out_no_second_budget
}

fn entry(counter: u16, usable_until: Timestamp) -> Entry {
    let version = Version::at(NOON, counter);
    Entry { body: "body".into(), meta: Meta { version, usable_until, ..Meta::default() } }
}

async fn entries_survive_a_restart(place: Place) {
    // Warming up again after each deploy would be paid for.
    let key = Key::new("coin:1:usd");
    let store = place.open().await;
    store.tier().put(&key, entry(1, Timestamp::MAX)).await.unwrap();
    store.close().await;
    let held = place.open().await.tier().get(&key).await.unwrap();
    assert_eq!(held, Some(entry(1, Timestamp::MAX)));
}

async fn pruning_takes_the_unusable_in_steps_and_nothing_else(place: Place) {
    // A table that only grows fills the disk; one that loses usable entries costs credits.
    let tier = place.open().await.tier();
    let items: Vec<_> = (0..1_300_u64)
        .map(|number| {
            let until = NOON.after(Duration::from_millis(number));
            (Key::new(&format!("k{number}")), entry(1, until))
        })
        .collect();
    cache_tiers::Tier::put_many(&tier, &items).await.unwrap();
    let now = NOON.after(Duration::from_millis(1_199));
    assert_eq!(tier.prune(now, 700).await.unwrap(), 700);
    assert_eq!(tier.get(&items[699].0).await.unwrap(), None, "the longest unusable go first");
    assert!(tier.get(&items[700].0).await.unwrap().is_some());
    assert_eq!(tier.prune(now, 10_000).await.unwrap(), 500);
    assert_eq!(tier.prune(now, 10_000).await.unwrap(), 0);
    assert!(tier.get(&items[1_200].0).await.unwrap().is_some());
}

async fn a_restart_hands_out_no_second_budget(place: Place) {
    // The ledger is what the meter learns from.
    for expected_left in [7, 4, 1] {
        let store = place.open().await;
        let parts = AccountParts {
            name: "upstream".into(),
            meter: std::sync::Arc::new(MemoryMeter::new()),
            journal: std::sync::Arc::new(FileJournal::open(place.folder()).unwrap()),
            budget: Budget { month: Some(Credits::new(10)), ..Budget::UNLIMITED },
            policy: Policy::default(),
            clock: std::sync::Arc::new(clock_at_noon()),
        };
        let account = Account::open(parts, &store.ledger()).await.unwrap();
        let purpose = Purpose { operation: "quotes".into(), n_keys: 1 };
        let reservation = account.reserve(Credits::new(4), purpose).await.unwrap();
        let how = Settled { elapsed: Duration::from_millis(40), outcome: "ok" };
        reservation.settle(Credits::new(3), how).await;
        let left = account.budget().available(&account.usage().await.unwrap());
        assert_eq!(left, Some(Credits::new(expected_left)));
        // Not flushed: the journal brings it to the ledger at the next start.
    }
}

/// A clock that stands still, without another dependency.
fn clock_at_noon() -> impl cache_tiers::Clock {
    #[derive(Debug)]
    struct Noon;
    impl cache_tiers::Clock for Noon {
        fn now(&self) -> Timestamp {
            NOON
        }
    }
    Noon
}
