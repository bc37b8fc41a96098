//! The pure pieces, then whole months of them.

use std::time::Duration;

use clock::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{Credits, Window};

mod ladder;
mod month;
mod pacer;

const START: Timestamp = Timestamp::from_millis(1_790_812_800_000);

fn lot(rate: f64, price: f64) -> Lot {
    Lot { rate, price, least: 0.0, most: 1e9 }
}

/// Request-weighted age and credits, a second, of a lot that is served up to `age`.
fn rates(lot: &Lot, age: f64) -> (f64, f64) {
    let n = 1.0 + lot.rate * age;
    (lot.rate * lot.rate * age * age / 2.0 / n, lot.price * lot.rate / n)
}

proptest! {
    #[test]
    fn no_credit_could_be_moved_to_where_it_does_more(
        a in (1e-4..10.0_f64, 0.1..20.0_f64),
        b in (1e-4..10.0_f64, 0.1..20.0_f64),
        worth in 1.0..1e5_f64,
        shift in -0.2..0.2_f64,
    ) {
        // The derivation: if this breaks, another split of the same budget makes answers younger.
        let (a, b) = (lot(a.0, a.1), lot(b.0, b.1));
        let (age_a, age_b) = (a.age(worth), b.age(worth));
        let (staleness_a, spent_a) = rates(&a, age_a);
        let (staleness_b, spent_b) = rates(&b, age_b);
        // Another age of the first, and whatever age of the second spends the rest.
        let (other_a, other_spent) = rates(&a, age_a * (1.0 + shift));
        let rest = spent_a + spent_b - other_spent;
        prop_assume!(rest > 0.0 && rest < b.price * b.rate);
        let (other_b, _) = rates(&b, (b.price * b.rate / rest - 1.0) / b.rate);
        prop_assert!(staleness_a + staleness_b <= (other_a + other_b) * (1.0 + 1e-9));
    }

    #[test]
    fn an_age_and_its_worth_belong_together(
        rate in 1e-6..100.0_f64, price in 0.02..100.0_f64, age in 1.0..1e6_f64,
    ) {
        // Breaks if the range in which the worth is looked for does not hold it.
        let lot = lot(rate, price);
        prop_assert!((lot.age(lot.worth_of(age)) / age - 1.0).abs() < 1e-6);
    }

    #[test]
    fn ages_stay_between_their_bounds(
        rate in 0.0..10.0_f64, price in 0.02..100.0_f64, worth in 0.0..1e12_f64,
    ) {
        // Never below the cadence, never above the operator's maximum.
        let age = Lot { rate, price, least: 60.0, most: 900.0 }.age(worth);
        prop_assert!((60.0..=900.0).contains(&age));
    }
}

#[test]
fn what_is_asked_for_often_is_young_as_the_square_root_says() {
    // Four times the demand: half the age. Four times the price: twice the age.
    let worth = 1e6;
    let base = lot(1.0, 1.0).age(worth);
    assert!((lot(4.0, 1.0).age(worth) / base - 0.5).abs() < 0.01);
    assert!((lot(1.0, 4.0).age(worth) / base - 2.0).abs() < 0.01);
}

#[test]
fn the_profile_learns_nights_and_weekends() {
    // Breaks if the plan believes that the night will ask as much as the day.
    let mut profile = Profile::default();
    let minute = Duration::from_secs(60);
    let mut at = START;
    for _ in 0..4 * 7 * 24 * 60 {
        let hour = Profile::hour_of(at) % 24;
        profile.learn(at, 60.0, if (8..20).contains(&hour) { 30.0 } else { 3.0 });
        at = at.after(minute);
    }
    let shares: Vec<f64> = (0..168).map(|hour| profile.share(hour)).collect();
    assert!((shares.iter().sum::<f64>() / 168.0 - 1.0).abs() < 1e-9);
    assert!(shares[12] / shares[3] > 8.0, "{} {}", shares[12], shares[3]);
}

#[test]
fn all_seconds_until_the_reset_are_counted_once() {
    // Breaks if an hour is lost or counted twice where it begins in the middle.
    let from = START.after(Duration::from_millis(1_234_567));
    let to = from.after(Duration::from_millis(29 * 86_400_000 + 777));
    let seconds: f64 = Profile::seconds_by_hour(from, to).iter().sum();
    assert!((seconds - 29.0 * 86_400.0 - 0.777).abs() < 1e-3, "{seconds}");
    assert!(Profile::seconds_by_hour(to, from).iter().all(|seconds| *seconds == 0.0));
}

#[test]
fn a_plan_is_spent_by_one_worth_of_a_credit() {
    // The solver against its own definition, from plenty to nothing.
    let lots = [
        Lot { rate: 0.5, price: 1.0, least: 60.0, most: 3_600.0 },
        Lot { rate: 0.01, price: 2.0, least: 60.0, most: 3_600.0 },
    ];
    let ahead = vec![(0.2, 40_000.0), (1.8, 46_400.0)];
    let plenty = Outlook::of(&lots, &ahead, 1e6);
    assert_eq!((plenty.worth, plenty.expected), (0.0, plenty.at_least));
    for planned in [plenty.at_most * 1.01, 200.0, 500.0, plenty.at_least * 0.99] {
        let outlook = Outlook::of(&lots, &ahead, planned);
        assert!((outlook.expected / planned - 1.0).abs() < 1e-3, "{outlook:?}");
    }
    let nothing = Outlook::of(&lots, &ahead, 0.0);
    assert_eq!(nothing.expected, nothing.at_most);
    assert_eq!(Outlook::of(&[], &ahead, 100.0).expected, 0.0);
}
