use super::*;

const MOST: Duration = Duration::from_millis(10);

fn window_after(gaps_ms: &[u64]) -> Duration {
    let mut boarding = Boarding::new(MOST);
    gaps_ms.iter().for_each(|gap| boarding.boards(Duration::from_millis(*gap)));
    boarding.window()
}

#[test]
fn who_comes_alone_does_not_wait() {
    // Breaks if every miss of a quiet night takes ten milliseconds longer than it must.
    assert_eq!(window_after(&[]), Duration::ZERO);
    assert_eq!(window_after(&[60_000, 300, 5_000, 90]), Duration::ZERO);
}

#[test]
fn a_crowd_is_waited_for_and_never_longer_than_the_bound() {
    // Breaks if a stampede is bought one by one.
    assert_eq!(window_after(&[60_000, 1, 1, 1]), MOST);
    assert_eq!(window_after(&[5, 5, 5, 5, 5, 5]), MOST);
}

#[test]
fn a_pause_ends_the_crowd() {
    // Breaks if the first one after a pause waits for people who have left.
    assert_eq!(window_after(&[1, 1, 1, 1, 1, 2_000]), Duration::ZERO);
}

#[test]
fn a_window_of_nothing_stays_nothing() {
    // Breaks if an operator who wants no waiting gets some.
    let mut boarding = Boarding::new(Duration::ZERO);
    (0..9).for_each(|_| boarding.boards(Duration::ZERO));
    assert_eq!(boarding.window(), Duration::ZERO);
}
