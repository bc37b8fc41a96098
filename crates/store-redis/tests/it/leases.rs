//! One loader per key, in every mode.

use std::time::Duration;

use cache_tiers::{Clock, Key, Lease, Leases, SystemClock, TierErrorKind, Version};
use futures_util::future::join_all;
use store_redis::{RedisLeases, RedisStore};

use crate::{cluster, config, open, server::Server, single, valkey};

const LONG: Duration = Duration::from_secs(60);
/// Longer than a busy machine stands still between two questions.
const MIDDLE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

async fn take(leases: &RedisLeases, key: &Key, proposed: Version, length: Duration) -> Lease {
    leases.take_many(std::slice::from_ref(key), proposed, length).await.unwrap().remove(0)
}

fn token(lease: Lease) -> (Version, bool) {
    match lease {
        Lease::Taken { token, after_another } => (token, after_another),
        Lease::Held { left } => panic!("held for {left:?}"),
    }
}

/// In another mode or by another instance the same must hold.
async fn check(store: &RedisStore) {
    let (leases, other) = (store.leases(), store.leases());
    let key = Key::new("{odd}:\n key");
    let ahead = Version::at(SystemClock.now().after(Duration::from_secs(5)), 65_535);
    let (first, after_another) = token(take(&leases, &key, ahead, MIDDLE).await);
    assert_eq!((first, after_another), (ahead, false), "its clock runs ahead, and that counts");
    let Lease::Held { left } = take(&other, &key, ahead, SHORT).await else { panic!("held") };
    assert!(left <= MIDDLE, "{left:?}");
    assert_eq!(leases.renew_many(&[(key.clone(), first)], LONG).await.unwrap(), [true]);
    let Lease::Held { left } = take(&other, &key, ahead, SHORT).await else { panic!("held") };
    assert!(left > MIDDLE, "{left:?}");
    leases.release_many(&[(key.clone(), first)]).await.unwrap();
    let (second, after_another) = token(take(&other, &key, Version::ZERO, LONG).await);
    assert!(after_another && second > first, "{second:?} {first:?}");
    // What is late changes nothing.
    assert_eq!(leases.renew_many(&[(key.clone(), first)], LONG).await.unwrap(), [false]);
    leases.release_many(&[(key.clone(), first)]).await.unwrap();
    assert!(matches!(take(&leases, &key, ahead, SHORT).await, Lease::Held { .. }));
}

#[tokio::test]
async fn a_lease_has_one_holder_and_the_next_token_is_greater() {
    // Breaks: two instances load one key, or a late one overwrites what a later one brought.
    check(&single("leases")).await;
    check(&cluster("leases")).await;
}

#[tokio::test]
async fn valkey_grants_leases_as_redis_does() {
    // Breaks: instances that share a Valkey pay for the same coin each.
    check(&valkey("leases")).await;
}

#[tokio::test]
async fn a_lease_ends_by_its_length() {
    // Breaks: a killed instance would keep its keys for good.
    let leases = single("ends").leases();
    let key = Key::new("k");
    token(take(&leases, &key, Version::ZERO, SHORT).await);
    let mut lease = take(&leases, &key, Version::ZERO, SHORT).await;
    for _ in 0..100 {
        let Lease::Held { left } = lease else { break };
        tokio::time::sleep(left + Duration::from_millis(2)).await;
        lease = take(&leases, &key, Version::ZERO, SHORT).await;
    }
    assert!(token(lease).1);
}

#[tokio::test]
async fn tokens_are_not_below_the_servers_clock() {
    // Breaks: an instance whose clock runs behind would load what looks older than what is there.
    let (token, _) =
        token(take(&single("clock").leases(), &Key::new("k"), Version::ZERO, SHORT).await);
    let now = SystemClock.now();
    let slack = Duration::from_secs(5);
    assert!(
        token >= Version::at(now.before(slack), 0) && token <= Version::at(now.after(slack), 0)
    );
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_has_each_key() {
    // Breaks: a coin that expires everywhere at once is paid for once per instance.
    let store = single("race");
    let keys: Vec<Key> = (0..1_000).map(|n| Key::new(&format!("k{n}"))).collect();
    let leases: Vec<RedisLeases> = (0..16).map(|_| store.leases()).collect();
    let takers = leases.iter().map(|leases| leases.take_many(&keys, Version::ZERO, LONG));
    let taken: Vec<Vec<Lease>> = join_all(takers).await.into_iter().map(Result::unwrap).collect();
    for at in 0..keys.len() {
        let is_taken = |leases: &&Vec<Lease>| matches!(leases[at], Lease::Taken { .. });
        assert_eq!(taken.iter().filter(is_taken).count(), 1, "{at}");
    }
}

#[tokio::test]
async fn nobody_to_ask_is_an_error_and_nothing_asked_is_none() {
    // Breaks: followers would wait for leases that nobody gives out.
    let mut server = Server::start(&[]);
    server.kill();
    let leases = open(config(&server.url(), "dead")).leases();
    let error = leases.take_many(&[Key::new("k")], Version::ZERO, LONG).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::Unavailable);
    assert!(leases.take_many(&[], Version::ZERO, LONG).await.unwrap().is_empty());
}
