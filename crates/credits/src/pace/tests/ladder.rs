use super::*;

fn signal(at_natural: f64, at_longest: f64, left: f64) -> Signal {
    Signal { at_natural, at_longest, left }
}

fn later(minutes: u64) -> Timestamp {
    START.after(Duration::from_secs(60 * minutes))
}

#[test]
fn tighter_steps_are_taken_at_once() {
    // Breaks if the budget has to bleed while a timer runs.
    let mut ladder = Ladder::default();
    for (signal, step) in [
        (signal(0.99, 0.1, 100.0), Step::Fresh),
        (signal(1.01, 0.1, 100.0), Step::Paced),
        (signal(9.0, 1.01, 100.0), Step::Stale),
        (signal(9.0, 1.01, 0.5), Step::CacheOnly),
    ] {
        ladder = ladder.next(&signal, START);
        assert_eq!(ladder.step(), step);
    }
    let fallen = Ladder::default().next(&signal(9.0, 9.0, 0.0), START);
    assert_eq!(fallen.step(), Step::CacheOnly, "more than one rung at a time, if need be");
}

#[test]
fn looser_steps_need_something_to_spare_and_some_time() {
    // Breaks if a demand at the edge makes the ladder rattle, and an event of each rattle.
    let ladder = Ladder::default().next(&signal(1.1, 0.1, 100.0), START);
    assert_eq!(ladder.next(&signal(0.95, 0.1, 100.0), later(60)).step(), Step::Paced);
    assert_eq!(ladder.next(&signal(0.5, 0.1, 100.0), later(4)).step(), Step::Paced);
    assert_eq!(ladder.next(&signal(0.5, 0.1, 100.0), later(5)).step(), Step::Fresh);
    let empty = Ladder::default().next(&signal(1.1, 0.1, 0.0), START);
    assert_eq!(empty.next(&signal(1.1, 0.1, 1.0), later(60)).step(), Step::CacheOnly);
    assert_eq!(empty.next(&signal(1.1, 0.1, 3.0), later(60)).step(), Step::Paced);
}

#[test]
fn a_demand_that_swings_around_the_edge_does_not_rattle() {
    // A thousand ticks between 98 and 102 percent of what is planned: one step, not hundreds.
    let mut ladder = Ladder::default();
    let mut n_steps = 0;
    for tick in 0..1_000_u64 {
        let at_natural = if tick % 2 == 0 { 0.98 } else { 1.02 };
        let next = ladder.next(&signal(at_natural, 0.2, 100.0), later(tick));
        n_steps += u32::from(next.step() != ladder.step());
        ladder = next;
    }
    assert_eq!(n_steps, 1);
}

#[test]
fn a_clock_that_was_set_back_does_not_hold_a_step_for_ever() {
    // The step was taken tomorrow, as it seems now.
    let ladder = Ladder::default().next(&signal(1.1, 0.1, 100.0), later(24 * 60));
    assert_eq!(ladder.next(&signal(0.5, 0.1, 100.0), START).step(), Step::Fresh);
}
