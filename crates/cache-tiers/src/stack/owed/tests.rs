use clock::Timestamp;

use super::*;

fn version(n: u64) -> Version {
    Version::from_bits(n)
}

fn keys(n: std::ops::Range<usize>) -> impl Iterator<Item = Key> {
    n.map(|n| Key::new(&format!("cmc:quote:{n:06}")))
}

#[test]
fn too_many_become_one_mark_of_what_they_have_in_common() {
    // A list without an end is an outage of its own; forgetting one brings a dead key back.
    let owed = Owed::new(Gauge::noop());
    assert_eq!(owed.add(keys(0..OWED_KEYS_MAX), version(7)), None);
    let mark = owed.add(keys(900_000..900_001), version(5)).unwrap();
    assert_eq!(mark, Mark { scope: Scope::Prefix("cmc:quote:".to_owned()), fence: version(7) });
    assert!(owed.is_empty());
}

#[test]
fn a_later_removal_is_not_settled_by_an_earlier_one() {
    // The tier has heard of the first, and would be believed about what the second killed.
    let owed = Owed::new(Gauge::noop());
    assert_eq!(owed.add(keys(0..1), version(5)), None);
    let claim = owed.claim(Timestamp::EPOCH).unwrap();
    assert_eq!(owed.add(keys(0..1), version(9)), None);
    claim.settle();
    assert!(owed.cover(&keys(0..1).next().unwrap(), version(8)));
}

#[test]
fn every_key_gets_its_turn_though_the_first_are_refused() {
    // One key that a store will never take would keep all others from it.
    let owed = Owed::new(Gauge::noop());
    assert_eq!(owed.add(keys(0..OWED_BATCH_MAX + 1), version(5)), None);
    let mut now = Timestamp::from_millis(1);
    let first = owed.claim(now).unwrap();
    assert!(owed.claim(now).is_none(), "one at a time");
    assert_eq!(first.batch().len(), OWED_BATCH_MAX);
    drop(first);
    assert!(owed.claim(now).is_none(), "not at once again");
    now = now.after(OWED_PAUSE);
    assert_eq!(owed.claim(now).unwrap().batch().len(), 1);
    now = Timestamp::EPOCH;
    assert!(owed.claim(now).is_some(), "a clock that was set back puts nothing off");
}
