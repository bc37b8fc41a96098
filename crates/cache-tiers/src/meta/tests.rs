use super::*;

#[test]
fn flags_are_a_set() {
    // A negative entry that loses its flag would be served as a value.
    let mut flags = Flags::NONE;
    assert!(!flags.contains(Flags::NEGATIVE));
    flags.insert(Flags::NEGATIVE);
    assert!(flags.contains(Flags::NEGATIVE) && !flags.contains(Flags::FILLER));
    assert!(Flags::NEGATIVE.union(Flags::FILLER).contains(flags));
    assert_eq!(Flags::from_bits(0xff).to_bits(), 0xff);
}

#[test]
fn a_cut_only_shortens() {
    // The law of age rests on it.
    let at = Timestamp::from_millis;
    let meta = Meta { fresh_until: at(10), usable_until: at(20), ..Meta::default() };
    assert_eq!(meta.cut(at(30)), meta);
    assert_eq!(meta.cut(at(15)).usable_until, at(15));
    assert_eq!(meta.cut(at(15)).fresh_until, at(10));
    assert_eq!(meta.cut(at(5)).fresh_until, at(5));
}

#[test]
fn the_age_counts_from_the_start_of_the_load() {
    // A slow answer is not younger for it, and a clock that went back gives no negative age.
    let meta = Meta { fetched_at: Timestamp::from_millis(1_000), ..Meta::default() };
    assert_eq!(meta.age(Timestamp::from_millis(4_000)), Duration::from_secs(3));
    assert_eq!(meta.age(Timestamp::from_millis(0)), Duration::ZERO);
}
