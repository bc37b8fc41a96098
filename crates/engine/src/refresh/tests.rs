use super::*;

const START: Timestamp = Timestamp::from_millis(1_000_000_000);

fn meta() -> Meta {
    Meta {
        fetched_at: START,
        fresh_until: START.after(Duration::from_secs(60)),
        load: Duration::from_millis(200),
        ..Meta::default()
    }
}

fn policy(eagerness: Eagerness) -> Refresh {
    Refresh { eagerness, ..Refresh::default() }
}

fn after(millis: u64) -> Timestamp {
    START.after(Duration::from_millis(millis))
}

#[test]
fn for_the_fewest_credits_nothing_is_refreshed_before_its_end() {
    // Breaks if the default pays for freshness that nobody asked for.
    let fewest = policy(Eagerness::Fewest);
    assert!((0..60_000).step_by(100).all(|at| !fewest.is_due(&meta(), after(at), 1e-9)));
}

#[test]
fn for_the_freshest_answers_the_second_half_of_a_life_is_too_old() {
    // Breaks if the knob does nothing, or pays for what is young.
    let freshest = policy(Eagerness::Freshest);
    assert!(!freshest.is_due(&meta(), after(29_999), 0.0));
    assert!(freshest.is_due(&meta(), after(30_000), 0.999));
    assert!(!freshest.is_due(&meta(), after(60_000), 0.0), "what is old is a miss");
}

#[test]
fn ahead_of_the_end_ever_more_askers_send_and_hardly_any_before() {
    // Breaks if a crowd refreshes at once, or if everybody waits for the end all the same.
    let ahead = policy(Eagerness::Ahead);
    let sends = |at: u64| {
        let draws = (1..=10_000).map(|draw| f64::from(draw) / 10_000.0);
        draws.filter(|chance| ahead.is_due(&meta(), after(at), *chance)).count()
    };
    // One in exp(left / load): at 1 s left one in 148, at 0.2 s one in e, at the end everybody.
    assert_eq!(sends(57_000), 0);
    assert!((60..75).contains(&sends(59_000)), "{}", sends(59_000));
    assert!((3_600..3_750).contains(&sends(59_800)), "{}", sends(59_800));
    assert!(sends(59_999) > 9_900);
}

#[test]
fn chance_is_even() {
    // Breaks if chance is no chance: all would send, or none.
    let refresher = Refresher::new();
    let draws: Vec<f64> = (0..10_000).map(|_| refresher.chance()).collect();
    assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
    let mean = draws.iter().sum::<f64>() / 10_000.0;
    assert!((0.47..0.53).contains(&mean), "{mean}");
}
