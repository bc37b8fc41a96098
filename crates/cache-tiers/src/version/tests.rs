use super::*;

#[test]
fn versions_order_by_time_then_by_counter() {
    // Put-if-newer compares nothing else.
    let at = |millis, counter| Version::at(Timestamp::from_millis(millis), counter);
    assert!(at(1, 0) < at(1, 1));
    assert!(at(1, u16::MAX) < at(2, 0));
    assert_eq!(at(-5, 0), Version::ZERO);
    assert_eq!(Version::from_bits(at(7, 9).to_bits()), at(7, 9));
}

#[test]
fn versions_grow_though_the_clock_jumps_back() {
    // Else, after a jump, new loads would lose against the old entries for as long as it was.
    let versions = Versions::default();
    let first = versions.next(Timestamp::from_millis(1_000_000));
    let second = versions.next(Timestamp::from_millis(1_000));
    let third = versions.next(Timestamp::from_millis(2_000_000));
    assert!(first < second && second < third);
    assert_eq!(third, Version::at(Timestamp::from_millis(2_000_000), 0));
}

#[test]
fn what_another_instance_gave_out_is_older_than_what_comes_next() {
    // Breaks: an instance whose clock runs behind could never replace what another has loaded.
    let versions = Versions::default();
    let ahead = Version::at(Timestamp::from_millis(9_000), 7);
    versions.observe(ahead);
    versions.observe(Version::ZERO);
    assert!(versions.next(Timestamp::from_millis(1_000)) > ahead);
}
