use proptest::prelude::*;

use super::*;

#[test]
fn a_text_of_250_bytes_stays_as_it_is_and_one_more_is_hashed() {
    // A hashed key cannot be read by people, nor found by prefix.
    let longest = "k".repeat(KEY_BYTES_MAX);
    assert_eq!(Key::new(&longest).as_str(), longest);
    let hashed = Key::new(&(longest.clone() + "k"));
    assert_eq!(hashed.as_str().len(), KEY_BYTES_MAX);
    assert!(hashed.as_str().starts_with(&longest[..217]));
    assert_eq!(&hashed.as_str()[217..218], "#");
}

#[test]
fn the_hash_is_the_same_in_every_release() {
    // Else a deploy would orphan every long key of the shared tiers.
    let key = Key::new(&"x".repeat(300));
    assert_eq!(&key.as_str()[217..], "#125237ea2ad7bc7aa5d1b4607dc83554");
}

#[test]
fn a_map_of_keys_is_asked_with_text() {
    // Borrow promises equal hashes.
    let map = std::collections::HashMap::from([(Key::new("a"), 1)]);
    assert_eq!(map.get("a"), Some(&1));
}

proptest! {
    #[test]
    fn keys_are_bounded_and_differ_when_their_texts_do(a in ".{0,400}", b in ".{0,400}") {
        // A collision serves one coin's price as another's.
        let (key_a, key_b) = (Key::new(&a), Key::new(&b));
        prop_assert!(key_a.as_str().len() <= KEY_BYTES_MAX);
        prop_assert_eq!(a == b, key_a == key_b);
    }
}
