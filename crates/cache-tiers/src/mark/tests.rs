use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn what_is_written_is_read_again(bits: u64, class: Option<u16>, prefix in "[ -~\n]{0,40}") {
        // Breaks: an invalidation would die on its way to the other instances.
        let scope = match class {
            Some(class) => Scope::Class(class, prefix),
            None => Scope::Prefix(prefix),
        };
        let mark = Mark { scope, fence: Version::from_bits(bits) };
        prop_assert_eq!(Mark::read(&mark.write()), Some(mark));
    }

    #[test]
    fn nonsense_is_no_mark_and_no_panic(text in "\\PC{0,60}") {
        // Breaks: a note of another program would end the listener.
        if let Some(mark) = Mark::read(&text) {
            prop_assert_eq!(Mark::read(&mark.write()), Some(mark));
        }
    }
}

#[test]
fn the_first_form_is_still_written_and_still_read() {
    // Marks lie in shared stores, and travel between releases. Never change what stands here.
    let fence = Version::from_bits(0x01a0_c450_6c7b_0007);
    for (scope, text) in [
        (Scope::Prefix("q:1:".to_owned()), "01a0c4506c7b0007 * q:1:"),
        (Scope::Class(515, String::new()), "01a0c4506c7b0007 515 "),
        (Scope::Class(3, "a b".to_owned()), "01a0c4506c7b0007 3 a b"),
    ] {
        let mark = Mark { scope, fence };
        assert_eq!(mark.write(), text);
        assert_eq!(Mark::read(text), Some(mark));
    }
}

#[test]
fn only_what_is_older_and_within_is_dead() {
    // Breaks: invalidating one class would pay for all of them again, or spare what it should not.
    let meta = |bits, class| Meta { version: Version::from_bits(bits), class, ..Meta::default() };
    let mark = |scope| Mark { scope, fence: Version::from_bits(10) };
    let key = Key::new("api/q:1:2781");
    let all = mark(Scope::Prefix("api/q:1:".to_owned()));
    assert!(all.covers(&key, &meta(9, 1)) && !all.covers(&key, &meta(10, 1)));
    assert!(!all.covers(&Key::new("api/q:10:2781"), &meta(9, 1)));
    let class = mark(Scope::Class(3, "api/".to_owned()));
    assert!(class.covers(&key, &meta(9, 3)) && !class.covers(&key, &meta(9, 4)));
    assert!(!class.covers(&Key::new("other/q:1:1"), &meta(9, 3)));
}

#[test]
fn a_mark_includes_what_it_covers_anyway() {
    // Breaks: a mark that is needed would be dropped for one that does less.
    let mark = |scope, bits| Mark { scope, fence: Version::from_bits(bits) };
    let prefix = |text: &str| Scope::Prefix(text.to_owned());
    let class = |class, text: &str| Scope::Class(class, text.to_owned());
    for (one, other, expected) in [
        (prefix("a"), prefix("ab"), true),
        (prefix("ab"), prefix("a"), false),
        (prefix(""), class(3, "a"), true),
        (class(3, ""), prefix("a"), false),
        (class(3, "a"), class(3, "ab"), true),
        (class(3, "a"), class(4, "ab"), false),
    ] {
        let (one, other) = (mark(one, 7), mark(other, 7));
        assert_eq!(one.includes(&other), expected, "{one:?} {other:?}");
        assert!(!one.includes(&Mark { fence: Version::from_bits(8), ..other }));
    }
}
