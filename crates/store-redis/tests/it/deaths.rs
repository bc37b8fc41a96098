//! Servers that die, hang, fail over or refuse.

use std::time::Duration;

use cache_tiers::{Key, Tier, TierErrorKind, TierExt};
use store_redis::{RedisConfig, RedisTier};

use crate::{config, entry, open, server::Server};

/// Asks until it works again: what recovers does so without a restart of ours.
async fn until_it_works(tier: &RedisTier, key: &Key) {
    for _ in 0..500 {
        if tier.put(key, entry(9, "again")).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never came back");
}

#[tokio::test]
async fn a_server_that_was_never_there_is_told_at_once_and_used_when_it_comes() {
    // Breaks: a gateway would not start, or never notice that its store is up.
    let mut server = Server::start(&[]);
    server.kill();
    let tier = open(config(&server.url(), "late")).tier();
    let key = Key::new("k");
    let error = tier.get(&key).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::Unavailable, "{error:?}");
    server.restart();
    until_it_works(&tier, &key).await;
}

#[tokio::test]
async fn a_server_that_dies_and_comes_back_needs_no_restart_of_ours() {
    // Breaks: one crash of the store, and every instance goes without it for good.
    let mut server = Server::start(&[]);
    let tier = open(config(&server.url(), "dies")).tier();
    let key = Key::new("k");
    tier.put(&key, entry(1, "before")).await.unwrap();
    server.kill();
    for _ in 0..10 {
        let error = tier.get(&key).await.unwrap_err();
        assert_eq!(error.kind, TierErrorKind::Unavailable, "{error:?}");
    }
    server.restart();
    until_it_works(&tier, &key).await;
    // One connection is open, and others still rest.
    for _ in 0..8 {
        assert_eq!(tier.get(&key).await.unwrap().unwrap().body, "again");
    }
}

#[tokio::test]
async fn a_server_that_hangs_costs_its_deadline_and_is_used_again_when_it_wakes() {
    // Breaks: askers wait for a store, or a storm of connections hits one that was only slow.
    let server = Server::start(&[]);
    let set = config(&server.url(), "hangs");
    let tier = open(RedisConfig { deadline_ms: 400, connections_max: 1, ..set }).tier();
    let key = Key::new("k");
    until_it_works(&tier, &key).await;
    server.signal("STOP");
    let error = tier.get(&key).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::TimedOut, "{error:?}");
    server.signal("CONT");
    until_it_works(&tier, &key).await;
    let n_connections =
        crate::server::Plain::to(&server.url()).stat("stats", "total_connections_received");
    assert!(n_connections <= 4, "{n_connections} connections for one tier and the test itself");
}

#[tokio::test]
async fn a_wrong_password_is_a_clear_refusal_that_does_not_show_it() {
    // Breaks: "cannot be reached" sends people to look at cables, or a secret reaches the log.
    let server = Server::start(&["--requirepass", "right-secret"]);
    let place = server.address.clone();
    let set = config(&format!("redis://:wrong-secret@{place}"), "password");
    let error = open(set.clone()).tier().get(&Key::new("k")).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::Rejected, "{error:?}");
    let seen = format!("{error:?} {error} {set:?}");
    assert!(!seen.contains("secret"), "{seen}");
    let tier = open(config(&format!("redis://:right-secret@{place}"), "password")).tier();
    tier.put(&Key::new("k"), entry(1, "body")).await.unwrap();
}

#[tokio::test]
async fn a_server_without_the_right_certificate_is_refused() {
    // Breaks: whoever sits between reads and writes the prices.
    let set = config(&crate::named("CMCACHE_TEST_REDIS_TLS"), "tls");
    let error = open(set.clone()).tier().get(&Key::new("k")).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::Unavailable, "{error:?}");
    assert!(!format!("{error:?}").contains("pw@"), "{error:?}");
}

#[tokio::test]
async fn after_a_failover_the_new_master_is_found() {
    // Breaks: the sentinels do their work, and the instances go on asking a dead master.
    let (mut master, _replica, sentinel) = Server::with_sentinel();
    let set = config(&sentinel.url(), "failover");
    let tier = open(RedisConfig { sentinel_master: Some("own".to_owned()), ..set }).tier();
    let key = Key::new("k");
    until_it_works(&tier, &key).await;
    master.kill();
    assert!(tier.get_many(std::slice::from_ref(&key)).await.is_err());
    until_it_works(&tier, &key).await;
}

#[tokio::test]
async fn what_is_closed_while_it_connects_stays_closed() {
    // Breaks: a gateway that has stopped goes on dialling a store that does not answer.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    silent.set_nonblocking(true).unwrap();
    let set = config(&format!("redis://{}", silent.local_addr().unwrap()), "closed");
    let store = open(RedisConfig { connect_timeout_ms: 100, connections_max: 1, ..set });
    let (tier, key) = (store.tier(), Key::new("k"));
    let closing = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        store.close();
    };
    let (got, ()) = tokio::join!(tier.get(&key), closing);
    assert!(got.is_err(), "{got:?}");
    // Longer than the pause after a first attempt.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let error = tier.get(&key).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::Unavailable, "{error:?}");
    let n_dialled = std::iter::from_fn(|| silent.accept().ok()).count();
    assert_eq!(n_dialled, 1);
}
