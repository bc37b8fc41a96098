use clock::ManualClock;

use super::*;

const LENGTH: Duration = Duration::from_secs(3);

fn at(millis: i64) -> Version {
    Version::at(Timestamp::from_millis(millis), 0)
}

async fn take(leases: &MemoryLeases, key: &str, proposed: Version) -> Lease {
    leases.take_many(&[Key::new(key)], proposed, LENGTH).await.unwrap()[0]
}

#[tokio::test]
async fn a_late_holder_is_older_than_who_came_after() {
    // Breaks: a stalled instance would overwrite what its successor has loaded.
    let clock = ManualClock::at(Timestamp::from_millis(10_000));
    let leases = MemoryLeases::new(Arc::new(clock.clone()));
    // Its clock runs far ahead.
    let Lease::Taken { token: first, after_another } = take(&leases, "k", at(90_000)).await else {
        panic!("nobody had it");
    };
    assert!(!after_another && first == at(90_000));
    assert_eq!(take(&leases, "k", at(10_000)).await, Lease::Held { left: LENGTH });
    clock.advance(LENGTH);
    let Lease::Taken { token: second, after_another } = take(&leases, "k", at(13_000)).await else {
        panic!("it has ended");
    };
    assert!(after_another && second > first);
    let key = Key::new("k");
    assert_eq!(leases.renew_many(&[(key.clone(), first)], LENGTH).await.unwrap(), [false]);
    leases.release_many(&[(key.clone(), first)]).await.unwrap();
    assert_eq!(take(&leases, "k", at(13_000)).await, Lease::Held { left: LENGTH });
    leases.release_many(&[(key, second)]).await.unwrap();
    assert!(matches!(take(&leases, "k", at(13_000)).await, Lease::Taken { .. }));
}

#[tokio::test]
async fn leases_that_have_ended_make_room() {
    // Breaks: a crawl over distinct keys would fill the memory.
    let clock = ManualClock::at(Timestamp::from_millis(10_000));
    let leases = MemoryLeases::new(Arc::new(clock.clone()));
    let keys: Vec<Key> = (0..LEASES_MAX).map(|n| Key::new(&format!("k{n}"))).collect();
    leases.take_many(&keys, at(1), LENGTH).await.unwrap();
    clock.advance(LENGTH);
    assert!(matches!(take(&leases, "one more", at(1)).await, Lease::Taken { .. }));
    assert_eq!(leases.records().len(), 1);
}
