//! What instances tell each other, and what the server tells them.

use std::time::Duration;

use cache_tiers::{Backplane, Key, Listener, Note, TierExt, Version};
use store_redis::{Invalidation, RedisConfig, RedisStore, names};

use crate::{
    cluster, config, entry, named, open, sentinel,
    server::{Plain, Server},
    single, tls, valkey,
};

const PATIENCE: Duration = Duration::from_secs(20);

fn released(n: usize) -> Note {
    Note::Released(Key::new(&n.to_string()))
}

/// What is heard next, but for the notes of [`connected`], which may come late.
async fn hear(listener: &mut Box<dyn Listener>) -> Vec<Note> {
    loop {
        let heard = tokio::time::timeout(PATIENCE, listener.hear()).await;
        let mut notes = heard.expect("something is told");
        notes.retain(|note| *note != ready());
        if !notes.is_empty() {
            return notes;
        }
    }
}

fn ready() -> Note {
    Note::Released(Key::new("ready"))
}

/// Tells until it is heard: whoever listens connects in its own time.
async fn connected(from: &impl Backplane, listener: &mut Box<dyn Listener>) {
    let telling = async {
        loop {
            drop(from.tell(&[ready()]).await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // Not dropped meanwhile: on a busy machine connecting takes longer than a telling.
    let hearing = async { while !listener.hear().await.contains(&ready()) {} };
    let heard = async {
        tokio::select! {
            () = telling => unreachable!("it goes on for ever"),
            () = hearing => {}
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("somebody is heard");
}

async fn check(store: &RedisStore) {
    let (one, other) = (store.backplane().unwrap(), store.backplane().unwrap());
    let (mut own, mut others) = (one.listen(), other.listen());
    connected(&one, &mut others).await;
    connected(&other, &mut own).await;
    let told: Vec<Note> = (0..2_000).map(released).collect();
    one.tell(&told).await.unwrap();
    let mut heard = Vec::new();
    while heard.len() < told.len() {
        heard.extend(hear(&mut others).await);
    }
    assert!(heard == told, "in their order, and no others");
    other.tell(&[Note::Removed(Key::new("k"), Version::from_bits(7))]).await.unwrap();
    assert_eq!(hear(&mut own).await, [Note::Removed(Key::new("k"), Version::from_bits(7))]);
}

#[tokio::test]
async fn others_hear_everything_in_order_and_oneself_does_not() {
    // Breaks: an invalidation reaches one instance of three, or an instance drops its own loads.
    check(&single("notes")).await;
    check(&cluster("notes")).await;
    check(&sentinel("notes")).await;
    check(&tls("notes")).await;
}

#[tokio::test]
async fn valkey_carries_notes_as_redis_does() {
    // Breaks: instances that share a Valkey serve what another one has removed.
    check(&valkey("notes")).await;
}

#[tokio::test]
async fn who_lost_the_connection_hears_that_something_is_missing() {
    // Breaks: what was told while the store was away is missed for good.
    let mut server = Server::start(&[]);
    let store = open(config(&server.url(), "gap"));
    let (one, other) = (store.backplane().unwrap(), store.backplane().unwrap());
    let mut listener = other.listen();
    connected(&one, &mut listener).await;
    server.kill();
    assert!(one.tell(&[released(1)]).await.is_err());
    server.restart();
    assert_eq!(hear(&mut listener).await, [Note::Gap]);
    connected(&one, &mut listener).await;
}

#[tokio::test]
async fn a_connection_that_leads_nowhere_is_noticed() {
    // Breaks: an instance listens to a frozen server for good, and believes that all is well.
    let server = Server::start(&[]);
    let store = open(config(&server.url(), "frozen"));
    let one = store.backplane().unwrap();
    let mut listener = store.backplane().unwrap().listen();
    connected(&one, &mut listener).await;
    server.signal("STOP");
    // Longer than the listener's patience with a silent server.
    let heard = tokio::time::timeout(Duration::from_secs(9), hear(&mut listener)).await;
    assert!(heard.is_err(), "{heard:?}");
    server.signal("CONT");
    assert_eq!(hear(&mut listener).await, [Note::Gap]);
}

#[tokio::test]
async fn changes_by_anybody_are_told_where_redis_tracks() {
    check_tracking(&named("CMCACHE_TEST_REDIS")).await;
}

#[tokio::test]
async fn changes_by_anybody_are_told_where_valkey_tracks() {
    check_tracking(&named("CMCACHE_TEST_VALKEY")).await;
}

async fn check_tracking(url: &str) {
    // Breaks: what others write or remove is not seen before a copy ends.
    let set = config(url, "tracking");
    let set = RedisConfig { invalidation: Invalidation::Tracking, ..set };
    let (store, key) = (open(set.clone()), Key::new("q:1:2781"));
    let mut listener = store.backplane().unwrap().listen();
    connected(&store.backplane().unwrap(), &mut listener).await;
    store.tier().put(&key, entry(1, "body")).await.unwrap();
    assert_eq!(hear(&mut listener).await, [Note::Changed(key.clone())]);
    let name = names::entry(&set.prefix, &key);
    assert_eq!(Plain::to(url).ask(&[b"DEL", name.as_bytes()]), ":1");
    assert_eq!(hear(&mut listener).await, [Note::Changed(key.clone())]);
    assert_eq!(store.tier().get(&key).await.unwrap(), None);
}

#[tokio::test]
async fn it_can_be_turned_off() {
    let set = RedisConfig { invalidation: Invalidation::Off, ..config("redis://h", "off") };
    assert!(open(set).backplane().is_none());
}
