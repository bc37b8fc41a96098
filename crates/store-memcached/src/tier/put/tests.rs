use cache_tiers::{Meta, Timestamp};
use proptest::prelude::*;

use super::*;

fn entry(version: u64) -> Entry {
    let meta = Meta { version: Version::from_bits(version), ..Meta::default() };
    Entry { body: Bytes::from_static(b"body"), meta }
}

#[test]
fn of_one_batch_the_newest_of_a_key_is_put() {
    // In one exchange both would look before either writes.
    let items = [("a", 1), ("b", 9), ("a", 3), ("a", 2), ("b", 9)];
    let items = items.map(|(key, version)| (Key::new(key), entry(version)));
    let newest: Vec<_> = newest(items.iter()).into_iter().map(std::ptr::from_ref).collect();
    assert_eq!(newest, [&raw const items[2], &raw const items[4]]);
}

#[test]
fn the_version_of_a_newer_release_s_frame_counts() {
    // During a deploy the old release would put back what the new one has replaced.
    let mut frame = entry(77).encode().to_vec();
    frame[3] = 200;
    assert_eq!(version(&frame.into()), Some(Version::from_bits(77)));
    assert_eq!(version(&Bytes::from_static(b"null")), None);
}

#[test]
fn the_stamp_lasts_for_this_century() {
    // Stuck at its end it would decide nothing, and each put would read what it replaces.
    let end = Timestamp::parse("2100-01-01T00:00:00Z").unwrap();
    assert!(stamp(Version::at(end, u16::MAX)) < u32::MAX);
}

proptest! {
    #[test]
    fn a_stamp_never_contradicts_its_version(a: u64, b: u64) {
        // A contradiction is an older entry over a newer.
        let (a, b) = (Version::from_bits(a), Version::from_bits(b));
        prop_assert!(stamp(a) == stamp(b) || (stamp(a) < stamp(b)) == (a < b));
    }
}
