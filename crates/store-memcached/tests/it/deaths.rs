//! Servers that die, freeze, come back, or were never there.

use std::{
    ops::Deref,
    time::{Duration, Instant},
};

use cache_tiers::{Tier, TierErrorKind, TierExt, metrics::KEYS_FAILED_TOTAL};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use store_memcached::{MemcachedConfig, MemcachedStore, metrics::SERVER_RESTING};

use crate::{Server, config, entry, items, keys, open};

/// How long a server may take to be found again.
const PATIENCE: Duration = Duration::from_secs(10);

/// A store whose counts can be read.
pub(crate) struct Counted {
    store: MemcachedStore,
    counts: Snapshotter,
}

impl Counted {
    pub(crate) fn open(config: MemcachedConfig) -> Self {
        let recorder = DebuggingRecorder::new();
        let store = metrics::with_local_recorder(&recorder, || MemcachedStore::open(config));
        Self { store: store.unwrap(), counts: recorder.snapshotter() }
    }

    /// Since it was read last; of all labels together.
    pub(crate) fn count(&self, name: &str) -> u64 {
        let seen = self.counts.snapshot().into_vec().into_iter();
        let values = seen.filter(|(key, ..)| key.key().name() == name).map(|(.., value)| value);
        values.map(|value| if let DebugValue::Counter(n) = value { n } else { 0 }).sum()
    }

    pub(crate) fn is_any_set(&self, name: &str) -> bool {
        let mut seen = self.counts.snapshot().into_vec().into_iter();
        seen.any(|(key, .., value)| {
            key.key().name() == name && matches!(value, DebugValue::Gauge(n) if n.0 > 0.0)
        })
    }
}

impl Deref for Counted {
    type Target = MemcachedStore;

    fn deref(&self) -> &MemcachedStore {
        &self.store
    }
}

fn start(n: usize) -> (Vec<Server>, Vec<String>) {
    let servers: Vec<Server> = (0..n).map(|_| Server::start(64)).collect();
    let addresses = servers.iter().map(|server| server.address.clone()).collect();
    (servers, addresses)
}

/// The clock of the test itself.
#[expect(clippy::disallowed_methods, reason = "measures what real servers do")]
fn started() -> Instant {
    Instant::now()
}

async fn eventually<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let start = started();
    while !is_so().await {
        assert!(start.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_dead_server_costs_its_own_keys_only_and_comes_back_without_a_restart() {
    let (mut servers, addresses) = start(3);
    let store = Counted::open(config(&addresses, "death"));
    let (tier, keys) = (store.tier(), keys(300));
    let items = items(&keys);
    tier.put_many(&items).await.unwrap();
    servers[1].kill();
    let held = tier.get_many(&keys).await.unwrap();
    let n_lost = held.iter().filter(|entry| entry.is_none()).count();
    assert!((40..180).contains(&n_lost), "its share is about a third: {n_lost}");
    assert_eq!(store.count(KEYS_FAILED_TOTAL), n_lost as u64);
    for (item, held) in items.iter().zip(held) {
        assert!(held.is_none_or(|held| held == item.1), "the others are as they were");
    }
    tier.put_many(&items).await.unwrap();
    tier.remove_many(&keys[..10]).await.unwrap();
    servers[1].restart();
    eventually("all keys are held again", || async {
        tier.put_many(&items).await.unwrap();
        tier.get_many(&keys).await.unwrap().iter().all(Option::is_some)
    })
    .await;
}

#[tokio::test]
async fn a_call_about_a_dead_server_alone_is_a_miss_while_others_live() {
    // A breaker around the tier would otherwise be opened by one server of many.
    let (mut servers, addresses) = start(3);
    let store = open(&addresses, "alone");
    let (tier, keys) = (store.tier(), keys(60));
    tier.put_many(&items(&keys)).await.unwrap();
    servers[0].kill();
    let mut n_lost = 0;
    for key in &keys {
        n_lost += usize::from(tier.get(key).await.unwrap().is_none());
    }
    assert!(n_lost > 5, "{n_lost}");
}

#[tokio::test]
async fn when_all_are_dead_the_call_fails_and_later_works_again() {
    let (mut servers, addresses) = start(2);
    let store = open(&addresses, "all-dead");
    let (tier, keys) = (store.tier(), keys(20));
    tier.put_many(&items(&keys)).await.unwrap();
    servers.iter_mut().for_each(Server::kill);
    for _ in 0..5 {
        let error = tier.get_many(&keys).await.unwrap_err();
        assert_eq!(error.kind, TierErrorKind::Unavailable);
    }
    assert!(tier.put_many(&items(&keys)).await.is_err());
    assert!(tier.remove_many(&keys).await.is_err());
    servers.iter_mut().for_each(Server::restart);
    eventually("it works again", || async { tier.get_many(&keys).await.is_ok() }).await;
}

#[tokio::test]
async fn it_opens_without_servers_and_finds_them_when_they_come() {
    let (mut servers, addresses) = start(1);
    servers[0].kill();
    let tier = open(&addresses, "late").tier();
    let key = &keys(1)[0];
    assert!(tier.get(key).await.is_err());
    servers[0].restart();
    eventually("it is found", || async { tier.put(key, entry(1, "body")).await.is_ok() }).await;
    assert_eq!(tier.get(key).await.unwrap(), Some(entry(1, "body")));
}

#[tokio::test]
async fn a_name_that_nobody_knows_costs_its_own_keys_only() {
    let (_servers, mut addresses) = start(1);
    addresses.push("nowhere.invalid:11211".to_owned());
    let tier = open(&addresses, "nowhere").tier();
    let keys = keys(100);
    tier.put_many(&items(&keys)).await.unwrap();
    let held = tier.get_many(&keys).await.unwrap();
    let n_held = held.iter().flatten().count();
    assert!((20..80).contains(&n_held), "about the half: {n_held}");
}

#[tokio::test]
async fn a_frozen_server_holds_nobody_longer_than_the_deadline() {
    let (servers, addresses) = start(2);
    let mut config = config(&addresses, "frozen");
    config.deadline_ms = 500;
    let store = Counted::open(config);
    let (tier, keys) = (store.tier(), keys(60));
    tier.put_many(&items(&keys)).await.unwrap();
    servers[0].signal("STOP");
    let mut lengths = Vec::new();
    for _ in 0..8 {
        let start = started();
        let held = tier.get_many(&keys).await.unwrap();
        lengths.push(start.elapsed());
        assert!(held.iter().any(Option::is_some) && held.iter().any(Option::is_none));
    }
    assert!(lengths.iter().all(|length| *length < Duration::from_millis(1_500)), "{lengths:?}");
    let n_waited = lengths.iter().filter(|length| **length > Duration::from_millis(400)).count();
    assert!(n_waited <= 5, "then it is left alone: {lengths:?}");
    assert!(store.is_any_set(SERVER_RESTING));
    servers[0].signal("CONT");
    eventually("it is asked again", || async {
        tier.get_many(&keys).await.unwrap().iter().all(Option::is_some)
    })
    .await;
    assert!(!store.is_any_set(SERVER_RESTING));
}

#[tokio::test]
async fn a_frozen_pool_times_out_with_its_deadline() {
    let (servers, addresses) = start(1);
    let mut config = config(&addresses, "stuck");
    config.deadline_ms = 200;
    let tier = MemcachedStore::open(config).unwrap().tier();
    let key = &keys(1)[0];
    tier.put(key, entry(1, "body")).await.unwrap();
    servers[0].signal("STOP");
    let start = started();
    let error = tier.get(key).await.unwrap_err();
    assert_eq!(error.kind, TierErrorKind::TimedOut);
    assert!(start.elapsed() < Duration::from_millis(1_500), "{:?}", start.elapsed());
    servers[0].signal("CONT");
}

#[tokio::test]
async fn a_closed_store_hangs_up() {
    let (servers, addresses) = start(1);
    let store = open(&addresses, "closed");
    let tier = store.tier();
    tier.get_many(&keys(3)).await.unwrap();
    store.close().await;
    assert_eq!(tier.get(&keys(1)[0]).await.unwrap_err().kind, TierErrorKind::Unavailable);
    let mut plain = crate::server::Plain::to(&servers[0].address);
    let own = 1;
    for _ in 0..100 {
        if plain.stat("curr_connections") <= own + 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("connections are still open: {}", plain.stat("curr_connections"));
}
