//! Several instances on the same tables.

use std::time::Duration;

use cache_tiers::{Entry, Key, Meta, Tier, TierExt, Timestamp, Version};
use credits::{Credits, ErrorKind, Filter, GroupBy, Ledger, Posting, PostingId};
use futures_util::future::{join, join_all};
use store_sql::SqlStore;

use crate::{
    NOON,
    place::{Dialect, Place, on_each_dialect},
};

on_each_dialect! {
    the_newest_wins_whoever_comes_last_and_whoever_prunes
    a_batch_holds_each_key_once_the_newest_and_of_equals_the_last
    damaged_bytes_are_a_miss_among_hits
    large_batches_and_large_frames_come_back
    several_post_at_once_and_nothing_is_lost
    ; servers:
    its_entries_are_said_to_be_shared
    a_posting_with_a_word_too_long_is_refused_with_its_whole_batch
}

const N_KEYS: u16 = 60;

fn entry(counter: u16, body: &[u8]) -> Entry {
    let meta = Meta {
        version: Version::at(NOON, counter),
        usable_until: Timestamp::MAX,
        ..Meta::default()
    };
    Entry { body: body.to_vec().into(), meta }
}

fn key(number: u16) -> Key {
    Key::new(&format!("k{number:03}"))
}

async fn the_newest_wins_whoever_comes_last_and_whoever_prunes(place: Place) {
    // Instances refresh the same coins; a lost race must not bring back an old price, and locks
    // taken crosswise must not fail a batch.
    let stores = [place.open().await, place.open().await, place.open().await];
    let writers = stores.iter().enumerate().map(|(writer, store)| async move {
        for round in 0..20_u16 {
            let counter = (round * 7 + u16::try_from(writer).unwrap() * 5) % 20;
            let mut items: Vec<_> =
                (0..N_KEYS).map(|number| (key(number), entry(counter, b"body"))).collect();
            if writer == 1 {
                items.reverse();
            }
            store.tier().put_many(&items).await.unwrap();
        }
    });
    let prunes = async {
        for number in 0..30_u16 {
            stores[0].tier().remove(&key(1_000 + number)).await.unwrap();
            stores[2].tier().prune(NOON, 500).await.unwrap();
        }
    };
    join(join_all(writers), prunes).await;
    let keys: Vec<_> = (0..N_KEYS).map(key).collect();
    for held in stores[0].tier().get_many(&keys).await.unwrap() {
        assert_eq!(held, Some(entry(19, b"body")));
    }
}

async fn a_batch_holds_each_key_once_the_newest_and_of_equals_the_last(place: Place) {
    // Some databases refuse a statement that meets a row twice.
    let tier = place.open().await.tier();
    let items = [(2, "a"), (3, "b"), (1, "c"), (3, "d"), (2, "e")]
        .map(|(counter, body)| (key(0), entry(counter, body.as_bytes())));
    tier.put_many(&items).await.unwrap();
    assert_eq!(tier.get(&key(0)).await.unwrap(), Some(entry(3, b"d")));
    tier.put(&key(0), entry(3, b"f")).await.unwrap();
    tier.put(&key(0), entry(2, b"g")).await.unwrap();
    assert_eq!(tier.get(&key(0)).await.unwrap(), Some(entry(3, b"f")), "equal replaces");
}

async fn damaged_bytes_are_a_miss_among_hits(place: Place) {
    // Half a disk error must not cost the whole batch.
    let tier = place.open().await.tier();
    let keys = [key(0), key(1)];
    tier.put_many(&keys.clone().map(|key| (key, entry(1, b"body")))).await.unwrap();
    let column = if place.dialect == Dialect::Sqlite { "key" } else { "cache_key" };
    for bytes in cache_tiers::conformance::corrupt_bytes() {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = match place.dialect {
            Dialect::Postgres => format!("'\\x{hex}'::bytea"),
            _ => format!("x'{hex}'"),
        };
        let sql = format!("UPDATE cache_entry SET frame = {bytes} WHERE {column} = 'k000'");
        place.run(&sql).await;
        let held = tier.get_many(&keys).await.unwrap();
        assert_eq!(held, [None, Some(entry(1, b"body"))]);
    }
    tier.put(&keys[0], entry(2, b"new")).await.unwrap();
    assert_eq!(tier.get(&keys[0]).await.unwrap(), Some(entry(2, b"new")));
}

async fn large_batches_and_large_frames_come_back(place: Place) {
    // A statement that is too long for the server's packets fails as a whole.
    let tier = place.open().await.tier();
    let max_bytes = tier.capability().max_value_bytes;
    let largest = entry(1, &vec![7; max_bytes - entry(1, b"").encoded_len()]);
    assert_eq!(largest.encoded_len(), max_bytes);
    let mut items: Vec<_> =
        (0..40).map(|number| (key(number), entry(1, &vec![1; 512 * 1024]))).collect();
    items.push((key(100), largest.clone()));
    items.push((key(101), entry(1, &vec![7; max_bytes])));
    items.extend((200..1_400).map(|number| (key(number), entry(1, b"small"))));
    tier.put_many(&items).await.unwrap();
    let keys: Vec<_> = items.iter().map(|(key, _)| key.clone()).collect();
    for ((key, put), got) in items.iter().zip(tier.get_many(&keys).await.unwrap()) {
        let is_too_large = put.encoded_len() > max_bytes;
        assert!(got.as_ref() == Some(put).filter(|_| !is_too_large), "{key}");
    }
    tier.remove_many(&keys).await.unwrap();
    assert!(tier.get_many(&keys).await.unwrap().iter().all(Option::is_none));
}

async fn several_post_at_once_and_nothing_is_lost(place: Place) {
    // After a crash two instances may bring the same postings.
    let stores = [place.open().await, place.open().await];
    let batch: Vec<_> = (0..600).map(|number| posting(number % 7)).collect();
    let posts = stores.iter().flat_map(|store: &SqlStore| {
        [&batch[..400], &batch[200..]].map(|part| async move {
            store.ledger().post(part).await.unwrap();
        })
    });
    join_all(posts).await;
    let totals = stores[0].ledger().totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(totals[0].calls, 600);
    let charged: u64 = batch.iter().map(|posting| posting.charged.get()).sum();
    assert_eq!(totals[0].credits, Credits::new(charged));
}

async fn its_entries_are_said_to_be_shared(place: Place) {
    // Leases and tombstones are only worth their price where others see them.
    let (server, file) = (place.open().await, Place::fresh(Dialect::Sqlite).await);
    assert!(server.tier().capability().shared && server.tier().capability().persistent);
    assert!(!file.open().await.tier().capability().shared);
}

async fn a_posting_with_a_word_too_long_is_refused_with_its_whole_batch(place: Place) {
    // Cut, it would be booked under another name.
    let ledger = place.open().await.ledger();
    let noise: String = (0..4_000).map(|_| fastrand::alphanumeric()).collect();
    let long = Posting { operation: noise.into(), ..posting(1) };
    let error = ledger.post(&[posting(1), long]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
    let totals = ledger.totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(totals[0].calls, 0);
}

fn posting(charged: u64) -> Posting {
    Posting {
        id: PostingId::new(NOON),
        at: NOON.after(Duration::from_secs(charged)),
        account: "upstream".into(),
        operation: "quotes".into(),
        n_keys: 1,
        reserved: Credits::new(charged),
        charged: Credits::new(charged),
        assumed: false,
        elapsed_ms: 1,
        outcome: "ok".into(),
    }
}
