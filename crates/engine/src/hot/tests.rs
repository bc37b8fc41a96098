use std::{sync::Barrier, time::Duration};

use bytes::Bytes;
use cache_tiers::{Entry, Meta};
use cmc_api::CoinId;

use super::*;

fn info(coin: u32) -> Entity {
    Entity::Info { coin: CoinId::new(coin) }
}

fn version(number: u64) -> Version {
    Version::from_bits(number)
}

fn held(number: u64, n_bytes: usize) -> Arc<Held> {
    let meta = Meta { version: version(number), ..Meta::default() };
    let entry = Entry { body: Bytes::from(vec![b'x'; n_bytes]), meta };
    Arc::new(Held::decode(&info(1), &entry, None).unwrap())
}

#[test]
fn what_was_put_is_held_until_something_newer_comes() {
    // Breaks if a late, older value replaces a newer one.
    let hot = Hot::new();
    assert!(hot.put(&info(1), held(2, 1)));
    assert!(!hot.put(&info(1), held(1, 1)));
    assert_eq!(hot.hold(&info(1)).unwrap().meta.version, version(2));
    assert!(hot.put(&info(1), held(2, 1)), "the same version may come again, from a tier");
    assert!(hot.put(&info(1), held(3, 1)));
    assert_eq!(hot.hold(&info(1)).unwrap().meta.version, version(3));
    assert!(hot.hold(&info(2)).is_none());
}

#[test]
fn the_generation_moves_with_every_change_and_only_then() {
    // Breaks if a composed answer outlives one of its parts, or none is ever ready.
    let hot = Hot::new();
    let start = hot.generation();
    assert!(hot.put(&info(1), held(2, 1)));
    let put = hot.generation();
    assert_ne!(put, start);
    assert!(!hot.put(&info(1), held(1, 1)));
    assert!(hot.hold(&info(1)).is_some());
    assert_eq!(hot.generation(), put);
    hot.invalidate(&info(1), version(3), Timestamp::EPOCH);
    assert_ne!(hot.generation(), put);
}

#[test]
fn what_was_loaded_before_an_invalidation_stays_out() {
    // Breaks if a reply that was under way brings back what was declared wrong.
    let hot = Hot::new();
    assert!(hot.put(&info(1), held(4, 1)));
    hot.invalidate(&info(1), version(5), Timestamp::EPOCH);
    assert!(hot.hold(&info(1)).is_none());
    assert!(hot.is_fenced(&info(1), version(4)));
    assert!(!hot.put(&info(1), held(4, 1)));
    assert!(hot.put(&info(2), held(4, 1)), "others are not concerned");
    assert!(hot.put(&info(1), held(5, 1)));
}

#[test]
fn putting_and_invalidating_at_once_never_leaves_the_old_value() {
    // Breaks if the fence is looked at before the shard is locked.
    for _ in 0..200 {
        let hot = Hot::new();
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                barrier.wait();
                hot.put(&info(1), held(1, 1));
            });
            barrier.wait();
            hot.invalidate(&info(1), version(2), Timestamp::EPOCH);
        });
        assert!(hot.hold(&info(1)).is_none());
    }
}

#[test]
fn invalidations_are_bounded_and_forgetting_them_errs_on_the_safe_side() {
    // Breaks if a flood of invalidations grows without end, or lets dead values in.
    let hot = Hot::new();
    let now = Timestamp::from_millis(1_000_000_000);
    let fence = |number: u16| Version::at(now, number);
    for number in 0..=u32::try_from(limits::TOMBSTONES_MAX).unwrap() {
        hot.invalidate(&info(number), fence(9), now);
    }
    assert!(hot.tombstones.lock().unwrap().fences.len() <= limits::TOMBSTONES_MAX);
    let loaded = |version| {
        let meta = Meta { version, ..Meta::default() };
        let entry = Entry { body: Bytes::new(), meta };
        Arc::new(Held::decode(&info(1), &entry, None).unwrap())
    };
    assert!(!hot.put(&info(3), loaded(fence(8))), "may have been invalidated under way");
    assert!(hot.put(&info(3), loaded(fence(9))));
    let long_ago = Version::at(now.before(Duration::from_secs(3_600)), 0);
    assert!(hot.put(&info(4), loaded(long_ago)), "from a tier: not under way");
}

#[test]
fn old_invalidations_make_room_for_new_ones() {
    // Breaks if the safe side is taken when there is no need: every value would be refused.
    let hot = Hot::new();
    let late = Timestamp::from_millis(1_000_000_000);
    for number in 0..u32::try_from(limits::TOMBSTONES_MAX).unwrap() {
        hot.invalidate(&info(number), version(5), Timestamp::EPOCH);
    }
    hot.invalidate(&info(7), Version::at(late, 0), late);
    assert_eq!(hot.tombstones.lock().unwrap().fences.len(), 1);
    assert!(hot.put(&info(8), held(1, 1)));
}

#[test]
fn the_number_of_values_is_bounded_and_what_was_asked_for_stays() {
    // Breaks if distinct keys fill the memory, or a sweep takes what is in use.
    let hot = Hot::new();
    let max = u32::try_from(limits::SLOTS_MAX).unwrap();
    for number in 0..2 * max {
        assert!(hot.put(&info(number), held(1, 8)));
        assert!(hot.hold(&info(0)).is_some(), "in use, after {number}");
    }
    let (count, bytes) = hot.size();
    assert!(count <= limits::SLOTS_MAX, "{count}");
    assert_eq!(bytes, count * held(1, 8).weight());
}

#[test]
fn bytes_are_bounded_wherever_the_large_values_lie_and_counted_exactly() {
    // Breaks if only the newcomer's shard is swept, or replaced, removed and swept values leave
    // their weight behind.
    let body = Bytes::from(vec![b'x'; 16 << 20]);
    let big = |number: u32| {
        let entry = Entry { body: body.clone(), meta: Meta::default() };
        Arc::new(Held::decode(&info(number), &entry, None).unwrap())
    };
    let hot = Hot::new();
    for number in 0..200 {
        assert!(hot.put(&info(number), big(number)));
        assert!(hot.hold(&info(number)).is_some(), "the newcomer stays");
        let (count, bytes) = hot.size();
        assert!(bytes <= limits::SLOTS_BYTES_MAX, "{bytes} after {number}");
        assert!(count >= 2 || number < 2, "and not it alone");
        assert_eq!(bytes, count * big(0).weight());
    }
    for number in 0..200 {
        hot.invalidate(&info(number), version(9), Timestamp::EPOCH);
    }
    assert_eq!(hot.size(), (0, 0));
}
