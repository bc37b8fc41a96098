use super::*;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Reserved, called, settled.
fn flown() -> Flown {
    let mut flown = Flown::default();
    flown.push(Phase::Store, ms(5));
    flown.push(Phase::Queue, ms(20));
    flown.push(Phase::Connect, ms(60));
    flown.push(Phase::Wait, ms(300));
    flown.push(Phase::Body, ms(40));
    flown.push(Phase::Store, ms(2));
    flown.push(Phase::Decode, ms(3));
    flown
}

#[test]
fn who_boarded_early_waited_for_the_departure_first() {
    let seen = flown().seen_within(ms(460));
    let (connect, store) = (ms(60), ms(7));
    let (queue, tier) = (ms(20 + 30), Duration::ZERO);
    let expected =
        Spent { queue, connect, wait: ms(300), body: ms(40), decode: ms(3), tier, store };
    assert_eq!(seen, expected);
}

#[test]
fn who_joined_in_the_air_saw_only_the_end() {
    // Else somebody who waited 50 ms would be told that upstream took 300 of them.
    let seen = flown().seen_within(ms(50));
    let expected =
        Spent { wait: ms(5), body: ms(40), decode: ms(3), store: ms(2), ..Spent::default() };
    assert_eq!(seen, expected);
}

#[test]
fn the_parts_never_exceed_what_was_waited() {
    for waited in [0, 1, 2, 44, 45, 345, 405, 429, 430, 431, 5_000] {
        let seen = flown().seen_within(ms(waited));
        let called = [seen.queue, seen.connect, seen.wait, seen.body, seen.decode];
        let parts = called.iter().chain([&seen.tier, &seen.store]);
        assert_eq!(parts.sum::<Duration>(), ms(waited));
    }
}

#[test]
fn a_clone_of_a_course_is_the_same_page() {
    // Terms are cloned on the way; what is noted on a clone must not get lost.
    let course = Course::default();
    let copy = course.clone();
    copy.note(Phase::Tier, ms(3));
    course.absorb(&Spent { tier: ms(4), ..Spent::default() });
    assert_eq!(course.spent().tier, ms(7));
    assert_eq!(course, copy);
    assert_ne!(course, Course::default());
}
