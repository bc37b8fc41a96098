use proptest::prelude::*;

use super::*;

#[test]
fn slots_are_those_of_the_servers() {
    // A wrong slot is a redirect per key; these are the values that servers give.
    assert_eq!(crc16(b"123456789"), 0x31c3);
    for (name, expected) in [("foo", 12_182), ("bar", 5_061), ("{foo}bar", 12_182), ("", 0)] {
        assert_eq!(slot(name), expected, "{name}");
    }
    assert_eq!(slot("{}foo"), crc16(b"{}foo") % SLOTS, "an empty tag is none");
    assert_eq!(slot("a{foo"), crc16(b"a{foo") % SLOTS, "an open tag is none");
}

#[test]
fn an_asker_cannot_choose_the_slot_of_an_entry() {
    // A million keys with one tag would be one server's load and memory.
    let slots: std::collections::BTreeSet<u16> =
        (0..100).map(|n| slot(&entry("cmc:", &Key::new(&format!("a:{{x}}:{n}"))))).collect();
    assert!(slots.len() > 90);
}

#[test]
fn the_parts_of_an_account_are_in_one_slot_and_those_of_its_neighbours_are_not_its_own() {
    // A script over two slots is refused, and a shared count is spent by two.
    for account in ["key-1", "a}b", "{}", "", "a:b"] {
        let names = METER_PARTS.map(|part| meter("cmc:", account, part));
        assert!(names.iter().all(|name| slot(name) == slot(&names[0])), "{names:?}");
        assert!(names[0] != names[1] && names[1] != names[2]);
    }
    assert_ne!(meter("", "a}b", "open"), meter("", "a%7Db", "open"));
}

proptest! {
    #[test]
    fn every_key_has_a_name_of_its_own(a in "[a-z{}:%]{0,12}", b in "[a-z{}:%]{0,12}") {
        // A shared name serves one coin's price as another's.
        let (key_a, key_b) = (Key::new(&a), Key::new(&b));
        prop_assert_eq!(entry("p:", &key_a) == entry("p:", &key_b), key_a == key_b);
        let (open_a, open_b) = (meter("p:", &a, "open"), meter("p:", &b, "open"));
        prop_assert_eq!(open_a == open_b, a == b);
        prop_assert!(entry("p:", &key_a) != open_b);
    }
}

proptest! {
    #[test]
    fn a_name_leads_back_to_its_key(text in "\\PC{0,40}") {
        // Breaks: the server tells of a change, and another copy is dropped.
        let key = Key::new(&text);
        prop_assert_eq!(key_of("cmc:", &entry("cmc:", &key)), Some(key));
    }
}
