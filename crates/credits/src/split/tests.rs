use proptest::prelude::*;

use super::*;

fn party(number: usize) -> Party {
    (number > 0).then(|| format!("client-{number}").into())
}

fn split(splitter: &mut Splitter, charge: u64, weights: &[(usize, u64)]) -> Vec<u64> {
    let parties: Vec<_> = weights.iter().map(|(who, weight)| (party(*who), *weight)).collect();
    let shares = splitter.split(Credits::new(charge), &parties);
    shares.into_iter().map(Credits::get).collect()
}

#[test]
fn one_credit_is_paid_by_everybody_in_turn() {
    // Breaks if the first in the list always pays for all.
    let mut splitter = Splitter::default();
    let mut paid = [0; 5];
    for _ in 0..10 {
        let five = [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)];
        for (place, share) in split(&mut splitter, 1, &five).into_iter().enumerate() {
            paid[place] += share;
        }
    }
    assert_eq!(paid, [2; 5]);
}

#[test]
fn who_would_have_paid_more_alone_pays_more() {
    // Breaks if a client that wants one coin pays half of another's thousand.
    let mut splitter = Splitter::default();
    assert_eq!(split(&mut splitter, 10, &[(1, 9), (2, 1)]), [9, 1]);
    let mut paid = [0, 0];
    for _ in 0..400 {
        let shares = split(&mut splitter, 1, &[(1, 3), (2, 1)]);
        paid = [paid[0] + shares[0], paid[1] + shares[1]];
    }
    assert_eq!(paid, [300, 100]);
}

#[test]
fn what_weighs_nothing_is_split_evenly() {
    // A call that was thought free and was not must be paid by somebody.
    assert_eq!(split(&mut Splitter::default(), 4, &[(1, 0), (2, 0)]), [2, 2]);
    assert_eq!(split(&mut Splitter::default(), 0, &[(1, 3), (2, 1)]), [0, 0]);
    assert_eq!(split(&mut Splitter::default(), 3, &[(0, 0)]), [3]);
    assert!(split(&mut Splitter::default(), 3, &[]).is_empty());
}

#[test]
fn what_is_remembered_has_a_bound() {
    // Names come and go; a splitter lives as long as the process.
    let mut splitter = Splitter::default();
    for number in 1..2 * limits::PARTIES_REMEMBERED_MAX {
        split(&mut splitter, 1, &[(number, 1), (number + 1, 1)]);
        assert!(splitter.owed.len() <= limits::PARTIES_REMEMBERED_MAX);
    }
}

proptest! {
    #[test]
    fn shares_sum_up_to_the_charge_and_nobody_is_off_by_a_credit(
        charges in prop::collection::vec(
            (0_u64..1_000_000, prop::collection::btree_map(0_usize..9, 0_u64..5_000, 1..9)),
            1..40,
        ),
    ) {
        // The invariant of the books; and a share above what is due, rounded up, would break the
        // promise that nobody pays more than alone.
        let mut splitter = Splitter::default();
        for (charge, weights) in charges {
            let weights: Vec<_> = weights.into_iter().collect();
            let shares = split(&mut splitter, charge, &weights);
            prop_assert_eq!(shares.iter().sum::<u64>(), charge);
            let total: u64 = weights.iter().map(|(_, weight)| weight).sum();
            for (share, (_, weight)) in shares.iter().zip(&weights).filter(|_| total > 0) {
                let (due, rest) = (charge * weight / total, charge * weight % total);
                prop_assert!(*share == due || (rest > 0 && *share == due + 1));
            }
        }
    }

    #[test]
    fn over_many_calls_everybody_pays_what_is_due(
        calls in prop::collection::vec(
            (1_u64..4, prop::collection::btree_map(1_usize..7, 1_u64..4, 1..7)), 300..400,
        ),
    ) {
        // Breaks if odd credits always fall on the same: due and paid drift apart.
        let mut splitter = Splitter::default();
        let mut off = [0_f64; 7];
        for (charge, weights) in calls {
            let weights: Vec<_> = weights.into_iter().collect();
            let total: u64 = weights.iter().map(|(_, weight)| weight).sum();
            let shares = split(&mut splitter, charge, &weights);
            for (share, (who, weight)) in shares.iter().zip(&weights) {
                off[*who] += *share as f64 - (charge * weight) as f64 / total as f64;
            }
        }
        prop_assert!(off.iter().all(|off| off.abs() < 2.5), "{:?}", off);
    }
}
