use proptest::prelude::*;

use super::*;
use crate::limits::PREFIX_BYTES_MAX;

#[test]
fn what_would_end_the_command_is_escaped() {
    // A line end in a symbol would be a command of the asker's choice.
    let name = entry("cmc:", &Key::new("a\r\nflush_all\r\n"));
    assert_eq!(name.as_str(), "cmc:v1:a%0D%0Aflush_all%0D%0A");
}

#[test]
fn an_escaped_text_and_its_look_alike_stay_apart() {
    // Without escaping the escape, `%20` and a space would be one entry.
    assert_ne!(entry("", &Key::new("a b")), entry("", &Key::new("a%20b")));
}

#[test]
fn a_long_key_is_cut_after_the_prefix_is_added() {
    // A key that fits by itself does not with its prefix, and the server would refuse it.
    let name = entry("cmc:", &Key::new(&"k".repeat(250)));
    assert_eq!(name.as_str().len(), NAME_BYTES_MAX);
    assert!(name.as_str().starts_with("cmc:v1:kkk") && name.is_cut());
    assert!(!entry("cmc:", &Key::new(&"k".repeat(243))).is_cut(), "that one just fits");
}

#[test]
fn an_entry_and_its_lease_lie_apart() {
    // A lease over an entry would be a price lost.
    let key = Key::new("coin:1");
    assert_ne!(entry("cmc:", &key), lease("cmc:", &key));
}

proptest! {
    #[test]
    fn every_key_has_a_name_of_its_own_that_memcached_takes(
        a in ".{0,300}", b in ".{0,300}", prefix_bytes in 0..PREFIX_BYTES_MAX,
    ) {
        // One refused name fails a batch; one shared name serves a wrong price.
        let prefix = "p".repeat(prefix_bytes);
        let (key_a, key_b) = (Key::new(&a), Key::new(&b));
        let (name_a, name_b) = (entry(&prefix, &key_a), entry(&prefix, &key_b));
        prop_assert!(name_a.as_str().len() <= NAME_BYTES_MAX);
        prop_assert!(name_a.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert_eq!(name_a == name_b, key_a == key_b);
    }
}
