//! What others may have left there, and how a batch travels.

use std::time::Duration;

use bytes::Bytes;
use cache_tiers::{Clock, Entry, Key, SystemClock, Tier, TierExt, conformance::corrupt_bytes};
use store_redis::names;

use crate::{config, entry, named, open, server::Plain, server::Server, single};

fn keys(n: usize) -> Vec<Key> {
    (0..n).map(|n| Key::new(&format!("key {n}"))).collect()
}

#[tokio::test]
async fn what_is_no_entry_is_a_miss_and_gives_way_to_one() {
    // Breaks: foreign or corrupt bytes poison a key until they expire.
    let (store, mut plain) = (single("odd"), Plain::to(&named("CMCACHE_TEST_REDIS")));
    let (tier, prefix) = (store.tier(), config("redis://h", "odd").prefix);
    for (index, bytes) in corrupt_bytes().into_iter().enumerate() {
        let key = Key::new(&format!("corrupt {index}"));
        let name = names::entry(&prefix, &key);
        assert_eq!(plain.ask(&[b"SET", name.as_bytes(), &bytes]), "+OK");
        assert_eq!(tier.get(&key).await.unwrap(), None, "{index}");
        assert_eq!(plain.ask(&[b"EXISTS", name.as_bytes()]), ":0", "{index}: it is gone");
        tier.put(&key, entry(1, "good")).await.unwrap();
        assert_eq!(tier.get(&key).await.unwrap().unwrap().body, "good", "{index}");
    }
    // Not even a text.
    let key = Key::new("list");
    let name = names::entry(&prefix, &key);
    plain.ask(&[b"LPUSH", name.as_bytes(), b"x"]);
    assert_eq!(tier.get(&key).await.unwrap(), None);
    tier.put(&key, entry(1, "good")).await.unwrap();
    assert_eq!(tier.get(&key).await.unwrap().unwrap().body, "good");
}

#[tokio::test]
async fn the_store_forgets_when_the_entry_is_of_no_more_use() {
    // Breaks: memory fills with what nobody may serve.
    let (store, mut plain) = (single("life"), Plain::to(&named("CMCACHE_TEST_REDIS")));
    let key = Key::new("k");
    let mut short = entry(1, "body");
    short.meta = short.meta.cut(SystemClock.now().after(Duration::from_secs(30)));
    store.tier().put(&key, short).await.unwrap();
    let name = names::entry(&config("redis://h", "life").prefix, &key);
    let left: i64 = plain.ask(&[b"PTTL", name.as_bytes()])[1..].parse().unwrap();
    assert!((25_000..=30_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_hundred_keys_are_one_command() {
    // Breaks: a page of coins costs a hundred round trips.
    let server = Server::start(&[]);
    let tier = open(config(&server.url(), "pace")).tier();
    let keys = keys(100);
    let items: Vec<(Key, Entry)> = keys.iter().map(|key| (key.clone(), entry(1, "body"))).collect();
    tier.put_many(&items).await.unwrap();
    let mut plain = Plain::to(&server.url());
    let before = plain.stat("stats", "total_commands_processed");
    tier.get_many(&keys).await.unwrap();
    let spent = plain.stat("stats", "total_commands_processed") - before;
    // The second look at the number is a command as well.
    assert!(spent <= 3, "{spent} commands, at most one of which opens another connection");
}

#[tokio::test]
async fn an_eviction_is_only_a_miss() {
    // Breaks: a full store refuses writes, and that is an error of ours.
    let server = Server::start(&["--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru"]);
    let tier = open(config(&server.url(), "full")).tier();
    let keys = keys(400);
    for some in keys.chunks(20) {
        let items: Vec<(Key, Entry)> = some
            .iter()
            .map(|key| {
                let body = Bytes::from((0..20_000).map(|_| fastrand::u8(..)).collect::<Vec<u8>>());
                (key.clone(), Entry { body, ..entry(1, "") })
            })
            .collect();
        tier.put_many(&items).await.unwrap();
    }
    let n_held = tier.get_many(&keys).await.unwrap().iter().flatten().count();
    assert!(n_held > 0 && n_held < keys.len(), "{n_held}");
}
