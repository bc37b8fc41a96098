use std::time::Duration;

use clock::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{Flags, Version};

/// What format 1 looked like when it was released. Never change this file.
const FIXTURE_V1: &str = include_str!("fixtures/v1.hex");

/// The same with a compressed body, by the same release.
const FIXTURE_V1_ZSTD: &str = include_str!("fixtures/v1-zstd.hex");

/// A removal of the same instant, by the same release.
const FIXTURE_V1_TOMBSTONE: &str = include_str!("fixtures/v1-tombstone.hex");

/// A body that is worth compressing.
fn large() -> Entry {
    Entry { body: "{\"price\":64000.5},".repeat(40).into(), ..fixture() }
}

/// With a checksum that is right for what is there.
fn sealed(mut bytes: Vec<u8>) -> Bytes {
    let n_body = u32::try_from(bytes.len() - HEADER_BYTES).unwrap();
    bytes[64..68].copy_from_slice(&n_body.to_le_bytes());
    let (header, body) = (bytes[..68].to_vec(), bytes[76..].to_vec());
    let sum = xxhash_rust::xxh3::xxh3_64(&[header, body].concat());
    bytes[68..76].copy_from_slice(&sum.to_le_bytes());
    bytes.into()
}

fn fixture() -> Entry {
    let at = Timestamp::from_millis;
    let meta = Meta {
        version: Version::at(at(1_790_000_000_123), 7),
        data_at: at(1_789_999_990_000),
        fetched_at: at(1_790_000_000_123),
        fresh_until: at(1_790_000_060_123),
        usable_until: at(1_790_000_660_123),
        load: Duration::from_nanos(123_456_789),
        cost_milli: 10,
        class: 0x0203,
        flags: Flags::FILLER,
    };
    Entry { body: Bytes::from_static(b"{\"price\":64000.5}"), meta }
}

fn unhex(text: &str) -> Bytes {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

fn entries() -> impl Strategy<Value = Entry> {
    let body = proptest::collection::vec(any::<u8>(), 0..500);
    let numbers = (any::<[i64; 4]>(), any::<u64>(), any::<u64>(), any::<u32>(), any::<u16>());
    (body, numbers, any::<u8>()).prop_map(|(body, (times, bits, load, cost, class), flags)| {
        let [data_at, fetched_at, fresh_until, usable_until] = times.map(Timestamp::from_millis);
        let meta = Meta {
            version: Version::from_bits(bits),
            data_at,
            fetched_at,
            fresh_until,
            usable_until,
            load: Duration::from_nanos(load),
            cost_milli: cost,
            class,
            flags: Flags::from_bits(flags),
        };
        Entry { body: body.into(), meta }
    })
}

#[test]
fn the_first_format_is_still_read() {
    // A deploy must not throw the shared tiers away, much less misread them.
    assert_eq!(Entry::decode(unhex(FIXTURE_V1)), Ok(fixture()));
}

#[test]
fn the_first_format_is_still_written() {
    // An older instance next door reads what this one writes; a change needs a new format number.
    assert_eq!(fixture().encode(), unhex(FIXTURE_V1));
}

#[test]
fn a_removal_of_the_first_format_is_still_a_removal() {
    // Read as anything else, it would be served as an empty price, or bring back what it killed.
    let mut removal = Entry { body: Bytes::new(), ..fixture() };
    removal.meta.flags = Flags::TOMBSTONE;
    assert_eq!(removal.encode(), unhex(FIXTURE_V1_TOMBSTONE));
    let read = Entry::decode(unhex(FIXTURE_V1_TOMBSTONE)).unwrap();
    assert!(read == removal && read.meta.is_tombstone() && !read.meta.is_negative());
}

#[test]
fn a_later_format_or_schema_is_told_apart_from_noise() {
    // They are misses, too, but nobody should go looking for broken memory.
    let mut bytes = fixture().encode().to_vec();
    bytes[3] = 2;
    assert_eq!(Entry::decode(bytes.into()), Err(DecodeError::Format(2)));
    assert_eq!(Entry::decode(Bytes::from_static(b"s:5:\"hello\";")), Err(DecodeError::Foreign));
    assert_eq!(Entry::decode(Bytes::from_static(b"cmE\x01")), Err(DecodeError::Length));
}

#[test]
fn a_body_of_another_schema_is_not_read() {
    // Its checksum is right; only the number says that the body means something else.
    let mut bytes = fixture().encode().to_vec();
    bytes[8..12].copy_from_slice(&9_u32.to_le_bytes());
    assert_eq!(Entry::decode(sealed(bytes)), Err(DecodeError::Schema(9)));
}

#[test]
fn a_body_that_an_earlier_release_compressed_is_still_read() {
    // A deploy must not throw the shared tiers away, compressed or not.
    assert_eq!(Entry::decode(unhex(FIXTURE_V1_ZSTD)), Ok(large()));
    let bytes = large().encode_with(1);
    assert!(bytes.len() < large().encoded_len() / 4, "{} bytes", bytes.len());
    assert_eq!(Entry::decode(bytes), Ok(large()));
}

#[test]
fn a_body_is_compressed_only_where_that_saves_something() {
    // Breaks: small quotes would cost time in both directions, and grow.
    assert_eq!(fixture().encode_with(1), fixture().encode());
    assert_eq!(large().encode_with(0), large().encode());
    assert_eq!(large().encode_with(large().body.len() + 1), large().encode());
}

#[test]
fn a_body_in_an_unknown_or_dishonest_form_is_not_read() {
    // The checksum is right: only the form is not what this release knows, or a bomb.
    let changed = |change: fn(&mut Vec<u8>)| {
        let mut bytes = large().encode_with(1).to_vec();
        change(&mut bytes);
        Entry::decode(sealed(bytes))
    };
    assert_eq!(changed(|bytes| bytes[5] = 7), Err(DecodeError::Codec(7)));
    assert_eq!(changed(|bytes| bytes.truncate(78)), Err(DecodeError::Compressed));
    for length in [0_u32, 1, 719, 721, u32::MAX] {
        let mut bytes = large().encode_with(1).to_vec();
        bytes[76..80].copy_from_slice(&length.to_le_bytes());
        assert_eq!(Entry::decode(sealed(bytes)), Err(DecodeError::Compressed), "{length}");
    }
}

#[test]
fn the_body_is_not_copied() {
    // Values of a megabyte come from remote tiers.
    let bytes = fixture().encode();
    let body = Entry::decode(bytes.clone()).unwrap().body;
    assert_eq!(body.as_ptr(), bytes[HEADER_BYTES..].as_ptr());
}

proptest! {
    #[test]
    fn every_entry_survives_the_way_through_bytes(entry in entries()) {
        // Any field that comes back changed changes an age or a value.
        let bytes = entry.encode();
        prop_assert_eq!(bytes.len(), entry.encoded_len());
        prop_assert_eq!(Entry::decode(bytes), Ok(entry));
    }

    #[test]
    fn every_entry_survives_compression(entry in entries(), n in 0_usize..200) {
        // The same, with bodies of every sort.
        let repeated = Entry { body: entry.body.repeat(n).into(), ..entry };
        prop_assert_eq!(Entry::decode(repeated.encode_with(1)), Ok(repeated));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        // A shared store holds what others put there.
        prop_assert!(Entry::decode(bytes.into()).is_err());
    }

    #[test]
    fn noise_behind_a_good_beginning_is_no_entry(
        noise in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        // The same, past the first checks.
        let bytes = [b"cmE\x01".as_slice(), &noise].concat();
        prop_assert!(Entry::decode(bytes.into()).is_err());
    }

    #[test]
    fn no_changed_bit_goes_unseen(
        entry in entries(), place in any::<prop::sample::Index>(), bit in 0..8,
    ) {
        // A flipped bit in a time is a price that lives for years.
        let mut bytes = entry.encode().to_vec();
        let index = place.index(bytes.len());
        bytes[index] ^= 1_u8 << bit;
        prop_assert!(Entry::decode(bytes.into()).is_err());
    }

    #[test]
    fn no_cut_goes_unseen(entry in entries(), place in any::<prop::sample::Index>()) {
        // Connections break in the middle of values.
        let bytes = entry.encode();
        prop_assert!(Entry::decode(bytes.slice(..place.index(bytes.len()))).is_err());
    }
}
