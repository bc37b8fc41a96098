//! One loader per key, in every dialect.

use std::time::Duration;

use cache_tiers::{Clock, Key, Lease, Leases, SystemClock, Version};
use futures_util::future::join_all;
use store_sql::SqlLeases;

use crate::place::{Place, on_each_dialect};

on_each_dialect! {
    a_lease_has_one_holder_and_the_next_token_is_greater
    a_lease_ends_by_its_length
    tokens_are_not_below_the_clock_of_the_database
    a_key_asked_for_twice_is_taken_once
    of_many_who_ask_at_once_one_has_each_key
    what_ended_long_ago_is_pruned_and_what_ended_lately_is_not
}

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(300);

async fn take(leases: &SqlLeases, key: &Key, proposed: Version, length: Duration) -> Lease {
    leases.take_many(std::slice::from_ref(key), proposed, length).await.unwrap().remove(0)
}

fn token(lease: Lease) -> (Version, bool) {
    match lease {
        Lease::Taken { token, after_another } => (token, after_another),
        Lease::Held { left } => panic!("held for {left:?}"),
    }
}

async fn a_lease_has_one_holder_and_the_next_token_is_greater(place: Place) {
    // Breaks: two instances load one key, or a late one overwrites what a later one brought.
    let (leases, other) = (place.open().await.leases(), place.open().await.leases());
    let key = Key::new("{odd}:\n key\0 ");
    let ahead = Version::at(SystemClock.now().after(LONG), 65_535);
    let (first, after_another) = token(take(&leases, &key, ahead, LONG).await);
    assert_eq!((first, after_another), (ahead, false), "its clock runs ahead, and that counts");
    assert!(matches!(take(&other, &key, ahead, LONG).await, Lease::Held { left } if left <= LONG));
    assert_eq!(leases.renew_many(&[(key.clone(), first)], LONG * 2).await.unwrap(), [true]);
    assert!(matches!(take(&other, &key, ahead, LONG).await, Lease::Held { left } if left > LONG));
    leases.release_many(&[(key.clone(), first)]).await.unwrap();
    assert_eq!(leases.renew_many(&[(key.clone(), first)], LONG).await.unwrap(), [false]);
    let (second, after_another) = token(take(&other, &key, Version::ZERO, LONG).await);
    assert!(after_another && second > first, "{second:?} {first:?}");
    // What is late changes nothing.
    assert_eq!(leases.renew_many(&[(key.clone(), first)], LONG).await.unwrap(), [false]);
    leases.release_many(&[(key.clone(), first)]).await.unwrap();
    assert!(matches!(take(&leases, &key, ahead, SHORT).await, Lease::Held { .. }));
}

async fn a_lease_ends_by_its_length(place: Place) {
    // Breaks: a killed instance would keep its keys for good.
    let (leases, key) = (place.open().await.leases(), Key::new("k"));
    token(take(&leases, &key, Version::ZERO, SHORT).await);
    let mut lease = take(&leases, &key, Version::ZERO, SHORT).await;
    for _ in 0..100 {
        let Lease::Held { left } = lease else { break };
        tokio::time::sleep(left + Duration::from_millis(2)).await;
        lease = take(&leases, &key, Version::ZERO, SHORT).await;
    }
    assert!(token(lease).1);
}

async fn tokens_are_not_below_the_clock_of_the_database(place: Place) {
    // Breaks: an instance whose clock runs behind would load what looks older than what is there.
    let leases = place.open().await.leases();
    let (token, _) = token(take(&leases, &Key::new("k"), Version::ZERO, SHORT).await);
    let (now, slack) = (SystemClock.now(), Duration::from_secs(5));
    assert!(token >= Version::at(now.before(slack), 0), "{token:?}");
    assert!(token <= Version::at(now.after(slack), 0), "{token:?}");
}

async fn a_key_asked_for_twice_is_taken_once(place: Place) {
    // Breaks: one batch pays twice for a coin named twice; an empty one asks in vain.
    let leases = place.open().await.leases();
    let keys = [Key::new("b"), Key::new("a"), Key::new("b")];
    let taken = leases.take_many(&keys, Version::ZERO, LONG).await.unwrap();
    assert!(matches!(
        taken[..],
        [Lease::Taken { .. }, Lease::Taken { .. }, Lease::Held { left }] if left == LONG
    ));
    assert!(leases.take_many(&[], Version::ZERO, LONG).await.unwrap().is_empty());
    assert!(leases.renew_many(&[], LONG).await.unwrap().is_empty());
}

async fn of_many_who_ask_at_once_one_has_each_key(place: Place) {
    // Breaks: a coin that expires everywhere at once is paid for once per instance.
    let stores = [place.open().await, place.open().await, place.open().await, place.open().await];
    let keys: Vec<Key> = (0..150).map(|n| Key::new(&format!("k{n}"))).collect();
    let takers = (0..64).map(|taker: usize| {
        let (leases, mut keys) = (stores[taker % 4].leases(), keys.clone());
        async move {
            if taker.is_multiple_of(2) {
                keys.reverse();
            }
            let mut taken = leases.take_many(&keys, Version::ZERO, LONG).await.unwrap();
            if taker.is_multiple_of(2) {
                taken.reverse();
            }
            taken
        }
    });
    let taken: Vec<Vec<Lease>> = join_all(takers).await;
    for at in 0..keys.len() {
        let is_taken = |leases: &&Vec<Lease>| matches!(leases[at], Lease::Taken { .. });
        assert_eq!(taken.iter().filter(is_taken).count(), 1, "{at}");
    }
}

async fn what_ended_long_ago_is_pruned_and_what_ended_lately_is_not(place: Place) {
    // Breaks: the table grows with every key there ever was, or forgets a token too early.
    let leases = place.open().await.leases();
    let keys = |what: &str| -> Vec<Key> {
        (0..300).map(|number| Key::new(&format!("{what}{number}"))).collect()
    };
    leases.take_many(&keys("old"), Version::ZERO, LONG).await.unwrap();
    place.run("UPDATE lease SET until_ms = until_ms - 700000").await;
    leases.take_many(&keys("new"), Version::ZERO, LONG).await.unwrap();
    place.run("UPDATE lease SET until_ms = until_ms - 100000").await;
    leases.take_many(&keys("newest"), Version::ZERO, LONG).await.unwrap();
    let left = place.ask("SELECT CAST(COUNT(*) AS CHAR(9)) FROM lease");
    assert_eq!(left.await[0].trim(), "600");
}
