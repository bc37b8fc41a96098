//! Foreign bytes, shared hashes, long lives, large values, little memory.

use std::time::Duration;

use cache_tiers::{
    Entry, Key, Tier, TierExt, Timestamp, Version, conformance,
    metrics::{KEYS_FAILED_TOTAL, UNDECODABLE_TOTAL},
};
use store_memcached::{MemcachedConfig, MemcachedStore, metrics::COLLISIONS_TOTAL, names};

use crate::{Server, config, deaths::Counted, entry, items, keys, server::Plain, shared};

fn on_one(prefix: &str) -> (MemcachedConfig, Counted, Plain) {
    let servers = shared();
    let config = config(&servers[..1], prefix);
    (config.clone(), Counted::open(config), Plain::to(&servers[0]))
}

#[tokio::test]
async fn foreign_and_corrupt_bytes_are_misses_that_are_counted_and_replaced() {
    let (config, store, mut plain) = on_one("corrupt");
    let tier = store.tier();
    for (index, bytes) in conformance::corrupt_bytes().into_iter().enumerate() {
        for key in [Key::new(&format!("k{index}")), Key::new(&format!("{index:0250}"))] {
            plain.put(&names::entry(&config.prefix, &key), &bytes);
            assert_eq!(tier.get(&key).await.unwrap(), None, "{index}");
            assert_eq!(store.count(UNDECODABLE_TOTAL), 1, "{index}");
            tier.put(&key, entry(0, "body")).await.unwrap();
            assert_eq!(tier.get(&key).await.unwrap(), Some(entry(0, "body")), "{index}");
        }
    }
}

#[tokio::test]
async fn two_keys_with_one_hash_do_not_serve_each_other() {
    let (config, store, mut plain) = on_one("collision");
    let tier = store.tier();
    let [a, b] = ["a", "b"].map(|end| Key::new(&("k".repeat(249) + end)));
    let [name_a, name_b] = [&a, &b].map(|key| names::entry(&config.prefix, key));
    tier.put(&a, entry(7, "of a")).await.unwrap();
    let of_a = plain.get(&name_a);
    plain.put(&name_b, &of_a);
    assert_eq!(tier.get(&b).await.unwrap(), None);
    assert_eq!(store.count(COLLISIONS_TOTAL), 1);
    tier.put(&b, entry(3, "of b")).await.unwrap();
    let held = tier.get_many(&[a, b]).await.unwrap();
    assert_eq!(held, [Some(entry(7, "of a")), Some(entry(3, "of b"))]);
}

#[tokio::test]
async fn lives_reach_the_server_as_lengths_as_dates_or_without_end() {
    let (config, store, mut plain) = on_one("lives");
    let tier = store.tier();
    let now = Timestamp::EPOCH.after(Duration::from_secs(plain.stat("time")));
    let day = 86_400;
    for (n_secs, expected) in [
        (1, 1..=3),
        (60, 58..=62),
        (29 * day, 29 * day - 2..=29 * day + 2),
        (31 * day, 31 * day - 2..=31 * day + 3),
        (80 * 366 * day, -1..=-1),
        (i64::MAX / 2_000, -1..=-1),
    ] {
        let key = Key::new(&format!("life {n_secs}"));
        let mut entry = entry(1, "body");
        entry.meta.usable_until = now.after(Duration::from_secs(n_secs.unsigned_abs()));
        tier.put(&key, entry.clone()).await.unwrap();
        let told = plain.ask(&format!("mg {} t", names::entry(&config.prefix, &key)));
        let told: i64 = told.strip_prefix("HD t").unwrap().parse().unwrap();
        assert!(expected.contains(&told), "{n_secs}: {told}");
        assert_eq!(tier.get(&key).await.unwrap(), Some(entry));
    }
}

#[tokio::test]
async fn large_bodies_travel_compressed_and_are_read_whatever_the_settings() {
    // Instances of one fleet may be set differently, for a deploy at least.
    let (config, packing, mut plain) = on_one("packed");
    let plainly = MemcachedStore::open(MemcachedConfig { compress_min_bytes: 0, ..config.clone() });
    let plainly = plainly.unwrap().tier();
    let [large, small] = [0, 1].map(|at| keys(2).remove(at));
    let n_stored = |plain: &mut Plain, key| plain.get(&names::entry(&config.prefix, key)).len();
    let items = [(large.clone(), entry(1, &"price".repeat(2_000))), (small, entry(1, "price"))];
    packing.tier().put_many(&items).await.unwrap();
    assert!(n_stored(&mut plain, &large) < 1_000);
    assert_eq!(n_stored(&mut plain, &items[1].0), items[1].1.encoded_len());
    assert_eq!(plainly.get(&large).await.unwrap().as_ref(), Some(&items[0].1));
    // Of the same second, so that what is compressed is read for its version.
    plainly.put(&large, entry(0, "older")).await.unwrap();
    assert_eq!(packing.tier().get(&large).await.unwrap().as_ref(), Some(&items[0].1));
    plainly.put_many(&items).await.unwrap();
    assert_eq!(n_stored(&mut plain, &large), items[0].1.encoded_len());
}

#[tokio::test]
async fn an_entry_that_the_server_refuses_costs_no_other() {
    // The settings say more than the server takes.
    let (mut config, ..) = on_one("refused");
    config.max_value_bytes = 4 << 20;
    config.compress_min_bytes = 0;
    let store = Counted::open(config);
    let (tier, keys) = (store.tier(), keys(20));
    let mut items = items(&keys);
    items[3].1.body = vec![b'x'; 3 << 19].into();
    tier.put_many(&items).await.unwrap();
    assert_eq!(store.count(KEYS_FAILED_TOTAL), 1);
    for (at, held) in tier.get_many(&keys).await.unwrap().into_iter().enumerate() {
        assert_eq!(held, (at != 3).then(|| items[at].1.clone()), "{at}");
    }
}

#[tokio::test]
async fn a_server_without_room_only_forgets() {
    let server = Server::start(2);
    let store = Counted::open(config(std::slice::from_ref(&server.address), "evicted"));
    let (tier, keys) = (store.tier(), keys(6_000));
    let mut items = items(&keys);
    for (_, entry) in &mut items {
        entry.body = entry.body.repeat(200).into();
    }
    let mut n_held = 0;
    for items in items.chunks(500) {
        tier.put_many(items).await.unwrap();
        let keys: Vec<Key> = items.iter().map(|(key, _)| key.clone()).collect();
        for ((_, put), held) in items.iter().zip(tier.get_many(&keys).await.unwrap()) {
            n_held += usize::from(held.is_some());
            assert!(held.is_none_or(|held| held == *put));
        }
    }
    let held = tier.get_many(&keys).await.unwrap();
    assert!(n_held > 0 && held.iter().any(Option::is_none), "{n_held}");
}

#[tokio::test]
async fn a_newer_entry_stays_within_one_second_and_across_seconds() {
    // Stamps tell versions of different seconds apart, bodies those of one.
    let (_, store, _) = on_one("stamps");
    let tier = store.tier();
    let second = 1 << 26;
    let base = Version::at(Timestamp::from_millis(1_791_201_600_000), 0).to_bits();
    let key = &keys(1)[0];
    let held = async |put: Entry| {
        tier.put(key, put).await.unwrap();
        tier.get(key).await.unwrap().unwrap().meta.version.to_bits() - base
    };
    assert_eq!(held(entry(base + 5, "a")).await, 5);
    assert_eq!(held(entry(base + 4, "b")).await, 5);
    assert_eq!(held(entry(base + 6, "c")).await, 6);
    assert_eq!(held(entry(base + 9 * second, "d")).await, 9 * second);
    assert_eq!(held(entry(base + 7, "e")).await, 9 * second);
}
