use super::*;

const START: Timestamp = Timestamp::from_millis(1_000_000_000);

fn pair(coin: u32) -> Pair {
    (CoinId::new(coin), CoinId::USD)
}

fn at(seconds: u64) -> Timestamp {
    START.after(Duration::from_secs(seconds))
}

#[test]
fn a_steady_demand_is_counted_at_its_rate_from_the_first_seconds_on() {
    // Breaks if the tally must be old before its rates can be believed.
    let mut tally = Tally::new(START);
    for second in 0..2_000 {
        (0..5).for_each(|_| tally.add(pair(1), 1.0, at(second)));
        if [10, 100, 1_999].contains(&second) {
            let rate = tally.count(pair(1), at(second)) / tally.window(at(second + 1));
            assert!((4.5..5.6).contains(&rate), "{rate} after {second} s");
        }
    }
}

#[test]
fn what_nobody_asks_for_any_more_fades() {
    // Breaks if yesterday's favourites fill today's blocks.
    let mut tally = Tally::new(START);
    tally.add(pair(1), 1_000.0, START);
    let memory = limits::TALLY_MEMORY.as_secs();
    let left = tally.count(pair(1), at(memory));
    assert!((367.0..369.0).contains(&left), "{left}");
    // A day later even the weights have been scaled, and the memory of it is given back.
    tally.add(pair(2), 1.0, at(86_400));
    assert_eq!(tally.count(pair(1), at(86_400)).floor(), 0.0);
    assert_eq!(tally.len(), 1);
}

#[test]
fn the_memory_is_bounded_and_keeps_the_popular_ones() {
    // Breaks if a scan of all coins drives out what is asked for, or takes memory without end.
    let mut tally = Tally::new(START);
    let n = u32::try_from(limits::TALLY_PAIRS_MAX).unwrap();
    for coin in 1..=3 * n {
        tally.add(pair(coin), 1.0, START);
        tally.add(pair(7), 1.0, START);
        assert!(tally.len() <= limits::TALLY_PAIRS_MAX);
    }
    let count = tally.count(pair(7), START);
    assert!((count - f64::from(3 * n) - 1.0).abs() < 1.0, "{count}");
}

#[test]
fn who_becomes_popular_later_is_taken_over_with_what_was_counted() {
    // Breaks if a newcomer can never enter a full tally.
    let mut tally = Tally::new(START);
    let n = u32::try_from(limits::TALLY_PAIRS_MAX).unwrap();
    (1..=n + 1).for_each(|coin| tally.add(pair(coin), 2.0, START));
    let late = pair(3 * n);
    (0..50).for_each(|_| tally.add(late, 1.0, START));
    let counted = tally.counts(START).find(|(pair, _)| *pair == late).map(|(_, count)| count);
    assert!(counted.is_some_and(|count| count >= 50.0), "{counted:?}");
}

#[test]
fn a_demand_that_stops_is_told_within_a_minute() {
    // Breaks if sweeps go on for as long as the demand is remembered.
    let mut tally = Tally::new(START);
    for second in 0..600 {
        tally.add(pair(1), 100.0, at(second));
    }
    assert!(tally.ebb(at(600)) > 0.9);
    assert!(tally.ebb(at(690)) < 0.1);
}

#[test]
fn the_kinds_of_questions_are_bounded() {
    // Breaks if an endless choice of currencies fills the memory.
    let mut tally = Tally::new(START);
    for currency in 0..3 * u32::try_from(limits::QUESTIONS_MAX).unwrap() {
        tally.add_question(0, CoinId::new(currency), 1.0, START);
    }
    assert!(tally.questions.len() <= limits::QUESTIONS_MAX);
    tally.add_question(7, CoinId::USD, 4.0, START);
    let left = tally.questions(7, CoinId::USD, START.after(limits::TALLY_MEMORY));
    assert!((1.4..1.5).contains(&left), "{left}");
}
