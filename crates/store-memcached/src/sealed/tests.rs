use super::*;
use crate::names;

/// The hash of the name of a long key, as this release makes it.
const NAME_ENDS: &str = "#7c838a311c996c424e4b3067324999fe";

fn long(end: &str) -> (Name, Key) {
    let key = Key::new(&("k".repeat(248) + end));
    (names::entry("cmc:", &key), key)
}

#[test]
fn a_value_under_a_hash_is_given_to_its_own_key_only() {
    // Two keys with one hash would serve each other's price.
    let ((name, a), (_, b)) = (long("a"), long("b"));
    let sealed = Bytes::from(seal(&name, &a, b"price"));
    assert_eq!(open(&name, &a, sealed.clone()), Opened::Ours(Bytes::from_static(b"price")));
    assert_eq!(open(&name, &b, sealed), Opened::AnotherKey);
}

#[test]
fn the_first_format_is_still_written_and_still_read() {
    // A deploy must not throw away what lies under hashes. Never change what stands here.
    let (name, key) = long("a");
    let fixture = [b"cmK\x01\xf9\x00".as_slice(), "k".repeat(248).as_bytes(), b"aprice"].concat();
    assert_eq!(seal(&name, &key, b"price"), fixture);
    assert_eq!(open(&name, &key, fixture.into()), Opened::Ours(Bytes::from_static(b"price")));
    assert!(name.as_str().starts_with("cmc:v1:kkk"), "and under the same name: {name}");
    assert!(name.as_str().ends_with(NAME_ENDS), "{name}");
}

#[test]
fn a_whole_name_needs_no_key_beside_it() {
    // Six bytes and the key per entry, for nothing.
    let key = Key::new("coin:1");
    let name = names::entry("cmc:", &key);
    assert_eq!(seal(&name, &key, b"price"), b"price");
    assert_eq!(open(&name, &key, Bytes::from_static(b"x")), Opened::Ours("x".into()));
}

#[test]
fn what_is_cut_or_of_another_format_is_foreign() {
    // Breaks by a panic of a slice if lengths are believed.
    let (name, key) = long("a");
    let sealed = seal(&name, &key, b"");
    for end in 0..sealed.len() {
        let part = Bytes::copy_from_slice(&sealed[..end]);
        assert_eq!(open(&name, &key, part), Opened::Foreign, "{end}");
    }
    let mut newer = sealed;
    newer[3] = 2;
    assert_eq!(open(&name, &key, newer.into()), Opened::Foreign);
}
