//! One loader per key, across instances.

use std::time::Duration;

use cache_tiers::{Key, Lease, Leases, TierErrorKind, Version};
use futures_util::future::join_all;
use store_memcached::{MemcachedLeases, names};

use crate::{Server, config, keys, open, server::Plain, shared};

const LONG: Duration = Duration::from_secs(60);

fn leases(prefix: &str) -> MemcachedLeases {
    open(&shared(), prefix).leases()
}

fn version(bits: u64) -> Version {
    Version::from_bits(bits)
}

async fn take(leases: &MemcachedLeases, key: &Key, proposed: u64, length: Duration) -> Lease {
    let keys = std::slice::from_ref(key);
    leases.take_many(keys, version(proposed), length).await.unwrap().remove(0)
}

fn taken(token: u64, after_another: bool) -> Lease {
    Lease::Taken { token: version(token), after_another }
}

#[tokio::test]
async fn a_lease_has_one_holder_and_the_next_token_is_greater() {
    let (leases, key) = (leases("next"), &keys(1)[0]);
    assert_eq!(take(&leases, key, 100, LONG).await, taken(100, false));
    let Lease::Held { left } = take(&leases, key, 200, LONG).await else { panic!("held") };
    assert!(left > Duration::from_secs(55) && left <= LONG + Duration::from_secs(2), "{left:?}");
    leases.release_many(&[(key.clone(), version(100))]).await.unwrap();
    // The next one's clock is behind: its token is greater all the same.
    assert_eq!(take(&leases, key, 50, LONG).await, taken(101, true));
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_has_each_key() {
    let leases = leases("race");
    let keys = keys(40);
    let takers = (0..64).map(|n| leases.take_many(&keys, version(n), LONG));
    let taken: Vec<Vec<Lease>> = join_all(takers).await.into_iter().map(Result::unwrap).collect();
    for at in 0..keys.len() {
        let n_taken =
            taken.iter().filter(|leases| matches!(leases[at], Lease::Taken { .. })).count();
        assert_eq!(n_taken, 1, "{at}");
    }
}

#[tokio::test]
async fn a_key_that_is_wanted_twice_in_a_call_is_taken_once() {
    let leases = leases("twice");
    let key = keys(1).remove(0);
    let taken = leases.take_many(&[key.clone(), key], version(1), LONG).await.unwrap();
    let n_taken = taken.iter().filter(|lease| matches!(lease, Lease::Taken { .. })).count();
    assert_eq!((taken.len(), n_taken), (2, 1));
}

#[tokio::test]
async fn a_lease_that_is_not_renewed_ends_and_its_token_is_out_of_force() {
    let leases = leases("ends");
    let [late, renewed] = [0, 1].map(|at| keys(2).remove(at));
    let short = Duration::from_secs(1);
    for key in [&late, &renewed] {
        assert_eq!(take(&leases, key, 10, short).await, taken(10, false));
    }
    let is_renewed = leases.renew_many(&[(renewed.clone(), version(10))], LONG).await.unwrap();
    assert_eq!(is_renewed, [true]);
    tokio::time::sleep(Duration::from_millis(3_200)).await;
    assert!(matches!(take(&leases, &renewed, 20, LONG).await, Lease::Held { .. }));
    let held = [(late.clone(), version(10))];
    assert_eq!(leases.renew_many(&held, LONG).await.unwrap(), [false], "too late");
    assert_eq!(take(&leases, &late, 5, LONG).await, taken(11, true));
    // The late holder ends nothing that is not its own.
    leases.release_many(&held).await.unwrap();
    assert_eq!(leases.renew_many(&held, LONG).await.unwrap(), [false]);
    assert!(matches!(take(&leases, &late, 30, LONG).await, Lease::Held { .. }));
}

#[tokio::test]
async fn a_taker_who_died_between_its_two_commands_blocks_nobody_for_ever() {
    // It has made the empty item and never wrote its token.
    let servers = shared();
    let config = config(&servers[..1], "half");
    let leases = open(&servers[..1], "half").leases();
    let key = &keys(1)[0];
    let name = names::lease(&config.prefix, key);
    let mut plain = Plain::to(&servers[0]);
    assert!(plain.ask(&format!("mg {name} N700")).contains('W'));
    assert!(matches!(take(&leases, key, 1, LONG).await, Lease::Held { .. }));
    plain.ask(&format!("mg {name} T600"));
    assert_eq!(take(&leases, key, 1, LONG).await, taken(1, false));
}

#[tokio::test]
async fn odd_and_foreign_records_are_taken_over() {
    let servers = shared();
    let config = config(&servers[..1], "foreign");
    let leases = open(&servers[..1], "foreign").leases();
    let mut plain = Plain::to(&servers[0]);
    for key in [Key::new("a b\r\n"), Key::new(&"k".repeat(250))] {
        plain.put(&names::lease(&config.prefix, &key), b"something else");
        assert_eq!(take(&leases, &key, 7, LONG).await, taken(7, false));
        assert_eq!(leases.renew_many(&[(key, version(7))], LONG).await.unwrap(), [true]);
    }
}

#[tokio::test]
async fn where_nobody_can_be_asked_each_loads_for_itself() {
    let (mut dead, living) = (Server::start(64), Server::start(64));
    dead.kill();
    let addresses = [dead.address.clone(), living.address.clone()];
    let (leases, keys) = (open(&addresses, "nobody").leases(), keys(40));
    for n_alone in 0..2 {
        let taken = leases.take_many(&keys, version(1), LONG).await.unwrap();
        let is_taken = |lease: &&Lease| matches!(lease, Lease::Taken { .. });
        let n_taken = taken.iter().filter(is_taken).count();
        assert!(if n_alone == 0 { n_taken == 40 } else { (5..35).contains(&n_taken) }, "{n_taken}");
    }
    let all_dead = open(&addresses[..1], "nobody").leases();
    let error = all_dead.take_many(&keys, version(1), LONG).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::Unavailable);
}
